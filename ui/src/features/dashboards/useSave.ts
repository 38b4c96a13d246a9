import { useState } from 'react'
import { ApiError } from '../../api/errors'
import { createObject, updateObject } from '../../api/saved'
import { settle } from '../../lib/dashboard/grid'
import { writeDashboard } from '../../lib/dashboard/write'
import { useForget } from '../../state/forget'
import { texts } from '../../texts/dashboards'
import type { SaveChoice } from './SaveDialog'
import type { DashboardPageState } from './useDashboard'

/** Saving, under the same id or as another dashboard. */
export function useSave(page: DashboardPageState, onSaved: (changed: boolean) => void) {
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<string | null>(null)
  const forget = useForget()
  const write = async (choice: SaveChoice | null) => {
    setBusy(true)
    setFault(null)
    const { dashboard, query, filters, controls } = page
    const chosen = { ...dashboard, query, filters, controls, panels: settle(dashboard.panels) }
    const named = choice
      ? {
          ...chosen,
          title: choice.title,
          description: choice.description,
          range: choice.keepTime ? page.range : null,
          refresh: choice.keepTime ? page.refreshMillis : null,
        }
      : chosen
    const body = writeDashboard(named)
    const { pathname } = location
    try {
      const key = page.saved.data?.key
      const fresh = choice?.asNew === true || !key
      const saved = fresh
        ? await createObject('dashboard', body)
        : await updateObject(
            { type: 'dashboard', id: key.id },
            { ...body, ...(page.version !== null && { version: page.version }) },
          )
      await forget('dashboards', 'dashboard')
      const changed = page.settled(named, saved)
      onSaved(changed)
      // Whoever has left while it was saved is not called back.
      if (location.pathname !== pathname) return
      // What the address narrows down is saved now.
      const range = choice?.keepTime ? null : page.url.range
      page.goOn(saved.id, { ...page.url, query: null, filters: null, choices: {}, range }, changed)
    } catch (error) {
      setFault(reasonOf(error))
    }
    setBusy(false)
  }
  return { busy, fault, now: () => void write(null), as: (choice: SaveChoice) => void write(choice) }
}

function reasonOf(error: unknown): string {
  if (error instanceof ApiError && error.status === 409) return texts.someoneElseHasSaved
  return error instanceof Error ? error.message : String(error)
}
