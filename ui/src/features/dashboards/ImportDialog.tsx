import { useState } from 'react'
import { Link } from 'wouter'
import { importDashboard, importFile } from '../../api/saved'
import { Dialog } from '../../components/Dialog'
import { dashboardUrl } from '../../lib/dashboard/url'
import type { ImportReport, ImportResult } from '../../lib/savedobjects'
import { texts } from '../../texts/dashboards'
import styles from './Dialogs.module.css'

interface Done {
  result: ImportResult
  report: ImportReport | null
}

interface Props {
  onDone: () => void
  onClose: () => void
}

const PROBLEMS: Record<string, string> = {
  conflict: texts.isThereAlready,
  missing_references: texts.needsWhatIsMissing,
  unsupported_type: texts.isOfAType,
}

/** Takes in NDJSON of Kibana 7 or 8, the dashboard export of Kibana 7, and dashboards as articles print them. */
export function ImportDialog({ onDone, onClose }: Props) {
  const [file, setFile] = useState<File | null>(null)
  const [how, setHow] = useState<'fail' | 'overwrite' | 'copies'>('fail')
  const [busy, setBusy] = useState(false)
  const [done, setDone] = useState<Done | null>(null)
  const [fault, setFault] = useState<string | null>(null)
  const take = async () => {
    if (!file) return
    setBusy(true)
    setFault(null)
    try {
      setDone(await takeIn(file, how))
      onDone()
    } catch (error) {
      setFault(error instanceof Error ? error.message : String(error))
    }
    setBusy(false)
  }
  const conflicts = done?.result.problems.some(p => p.type === 'conflict') ?? false
  return (
    <Dialog label={texts.import} onClose={onClose}>
      <div className={styles.dialog}>
        <h2>{texts.import}</h2>
        <p className={styles.note}>{texts.anExportOfKibana7}</p>
        <label className={styles.field}>
          <span>{texts.file}</span>
          <input
            type="file"
            accept=".ndjson,.json"
            onChange={event => {
              setFile(event.target.files?.[0] ?? null)
              setDone(null)
            }}
          />
        </label>
        <label className={styles.field}>
          <span>{texts.whatIsThereAlready}</span>
          <select className="input" value={how} onChange={e => setHow(e.target.value as typeof how)}>
            <option value="fail">{texts.keepItAndTellMe}</option>
            <option value="overwrite">{texts.replaceIt}</option>
            <option value="copies">{texts.keepItAndImport}</option>
          </select>
        </label>
        {fault && (
          <p className={styles.fault} role="alert">
            {fault}
          </p>
        )}
        {done && <Outcome done={done} />}
        <div className={styles.ways} data-end="true">
          <button type="button" className="button outlined" onClick={onClose}>
            {done?.result.success ? texts.close : texts.cancel}
          </button>
          {!done?.result.success && (
            <button
              type="button"
              className="button primary"
              disabled={file === null || busy || (conflicts && how === 'fail')}
              onClick={take}
            >
              {texts.import}
            </button>
          )}
        </div>
      </div>
    </Dialog>
  )
}

async function takeIn(file: File, how: 'fail' | 'overwrite' | 'copies'): Promise<Done> {
  const text = await file.text()
  if (isOneObject(text)) {
    if (how === 'copies') throw new Error(texts.aDashboardAsJsonCannot)
    return importDashboard(text, how === 'overwrite')
  }
  return { result: await importFile(file, how), report: null }
}

/** One JSON object with panels or objects, rather than an object on each line. */
function isOneObject(text: string): boolean {
  try {
    const read: unknown = JSON.parse(text)
    return (
      typeof read === 'object' &&
      read !== null &&
      ['panels', 'objects', 'visualizations'].some(n => n in read)
    )
  } catch {
    return false
  }
}

function Outcome({ done: { result, report } }: { done: Done }) {
  const dashboards = result.taken.filter(t => t.type === 'dashboard')
  const { success, count, problems } = result
  return (
    <div className={styles.report} role="status">
      <p>
        {success ? texts.objectsImported(count) : texts.objectsHaveAProblem(problems.length)}
        {!success && count > 0 && ` ${texts.othersAreInOrder(count)}`}
      </p>
      {success &&
        dashboards.map(d => (
          <p key={d.id}>
            <Link href={dashboardUrl(d.id)}>{texts.open(d.title || d.id)}</Link>
          </p>
        ))}
      {problems.slice(0, 20).map(p => (
        <p key={`${p.key.type}:${p.key.id}`} className={styles.fault}>
          <b>{p.title}</b> ({p.key.type}) {PROBLEMS[p.type] ?? p.message}
          {p.missing.length > 0 && `: ${p.missing.map(m => `${m.type} ${m.id}`).join(', ')}`}
        </p>
      ))}
      {report && (
        <>
          <p>
            {texts.dataView} <b>{report.dataView.title}</b>: {report.dataView.reason}.
          </p>
          {report.panels
            .filter(p => p.notes.length > 0 || p.missingFields.length > 0)
            .map(p => (
              <p key={p.title}>
                <b>{p.title}</b>:{' '}
                {[...p.notes, ...p.missingFields.map(f => texts.isInNoIndexYet(f))].join('; ')}
              </p>
            ))}
        </>
      )}
    </div>
  )
}
