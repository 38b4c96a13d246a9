// Saving a report, under the same id or as another one.

import { useState } from 'react'
import { ApiError } from '../../api/errors'
import { createObject, updateObject } from '../../api/saved'
import { writeWorkpad } from '../../lib/canvas/write'
import { navigate } from '../../state/navigate'
import { texts } from '../../texts/reports'
import { useForgetReports, WORKPAD } from './queries'
import type { SaveChoice } from './SaveDialog'
import { reportUrl } from './url'
import { NEW, type Report } from './useReport'

export function useSave(id: string, report: Report, onSaved: (changed: boolean) => void) {
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<string | null>(null)
  const forget = useForgetReports()
  const write = async (choice: SaveChoice | null) => {
    setBusy(true)
    setFault(null)
    const { workpad, range, every, version } = report
    const named = choice
      ? {
          ...workpad,
          name: choice.name,
          range: choice.keepTime ? range : null,
          refresh: choice.keepTime ? every : null,
        }
      : workpad
    const body = writeWorkpad(named)
    const { pathname } = location
    try {
      const fresh = id === NEW || choice?.asNew === true
      const saved = fresh
        ? await createObject(WORKPAD, body)
        : await updateObject({ type: WORKPAD, id }, { ...body, ...(version !== null && { version }) })
      await forget()
      const changed = report.settled(named, saved)
      onSaved(changed)
      // Whoever has left while it was saved is not called back.
      if (location.pathname !== pathname) return
      navigate(reportUrl(saved.id, { ...report.url, range: choice?.keepTime ? null : report.url.range }), {
        replace: true,
      })
    } catch (error) {
      setFault(
        error instanceof ApiError && error.status === 409
          ? texts.someoneElseHasSaved
          : error instanceof Error
            ? error.message
            : String(error),
      )
    }
    setBusy(false)
  }
  return { busy, fault, now: () => void write(null), as: (choice: SaveChoice) => void write(choice) }
}
