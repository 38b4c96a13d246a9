import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { addSample, samples } from '../../api/saved'
import { dashboardUrl } from '../../lib/dashboard/url'
import type { SavedObject } from '../../lib/savedobjects'
import styles from '../../shell/SavedList.module.css'
import { navigate } from '../../state/navigate'
import { texts } from '../../texts/dashboards'

interface Props {
  known: readonly SavedObject[]
  onDone: () => Promise<unknown>
}

/** Dashboards that come with the program, each one press away; those that are there already are not offered. */
export function SampleList({ known, onDone }: Props) {
  const list = useQuery({
    queryKey: ['samples'],
    queryFn: ({ signal }) => samples(signal),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const [fault, setFault] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const offered = list.data?.filter(s => !known.some(k => k.id === s.id)) ?? []
  if (offered.length === 0) return null
  const add = async (name: string, id: string) => {
    setBusy(true)
    setFault(null)
    try {
      await addSample(name)
      await onDone()
      navigate(dashboardUrl(id))
    } catch (error) {
      setFault(error instanceof Error ? error.message : String(error))
      setBusy(false)
    }
  }
  return (
    <section className={styles.samples} aria-label={texts.samples}>
      <h2>{texts.samples}</h2>
      <ul>
        {offered.map(sample => (
          <li key={sample.name}>
            <button
              type="button"
              className={styles.sample}
              disabled={busy}
              onClick={() => void add(sample.name, sample.id)}
            >
              <b>{sample.title}</b>
              <span>{sample.description}</span>
              <span>{texts.panelsOver(sample.panels, sample.index)}</span>
            </button>
          </li>
        ))}
      </ul>
      {fault && (
        <p className={styles.fault} role="alert">
          {fault}
        </p>
      )}
    </section>
  )
}
