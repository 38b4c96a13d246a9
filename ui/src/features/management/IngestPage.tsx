import { useState } from 'react'
import type { DataColumn } from '../../components/DataTable'
import { Outcome } from '../../shell/States'
import { texts } from '../../texts/management'
import { DefinitionsPage } from './DefinitionsPage'
import styles from './DefinitionsPage.module.css'
import {
  type Definition,
  differences,
  type ProcessorStep,
  parseDocuments,
  simulateIngest,
} from './definitions'
import { useDeed } from './queries'

const processors = (d: Definition) => (Array.isArray(d.body.processors) ? d.body.processors : [])
const names = (d: Definition) =>
  processors(d)
    .flatMap(p => Object.keys(p as object))
    .join(', ')

const COLUMNS: DataColumn<Definition>[] = [
  {
    id: 'name',
    label: texts.name,
    width: 'minmax(120px, 1fr)',
    sort: d => d.name,
    cell: d => <button type="button">{d.name}</button>,
  },
  {
    id: 'description',
    label: texts.description,
    width: 'minmax(100px, 1fr)',
    cell: d => String(d.body.description ?? ''),
  },
  {
    id: 'processors',
    label: texts.processors,
    width: 'minmax(100px, 1fr)',
    sort: d => processors(d).length,
    cell: names,
  },
]

export const IngestPage = () => (
  <DefinitionsPage
    path="/management/ingest_pipelines"
    kinds={['ingest']}
    columns={COLUMNS}
    trial={(_, text) => <Trial text={text} />}
  />
)

/** What the pipeline makes of documents, processor by processor. */
function Trial({ text }: { text: string }) {
  const [written, setWritten] = useState('{ "message": "hello" }')
  const documents = parseDocuments(written)
  const run = useDeed((docs: unknown[]) => simulateIngest(text, docs))
  return (
    <section className={styles.trial} aria-label={texts.test}>
      <div className={styles.way}>
        <textarea
          rows={2}
          aria-label={texts.documents}
          spellCheck={false}
          value={written}
          onChange={event => setWritten(event.target.value)}
        />
        <button
          type="button"
          className="button small outlined"
          disabled={documents === null || run.isPending}
          onClick={() => documents && run.mutate(documents)}
        >
          {texts.test}
        </button>
      </div>
      <Outcome error={documents === null ? new Error(texts.documentsAreJsonAnObject) : run.error} />
      {run.data?.map((steps, i) => (
        <Document
          key={JSON.stringify(run.variables?.[i])}
          steps={steps}
          before={(run.variables?.[i] ?? {}) as Record<string, unknown>}
          title={run.data.length > 1 ? texts.document(i + 1) : texts.stepByStep}
        />
      ))}
    </section>
  )
}

interface DocumentProps {
  title: string
  before: Record<string, unknown>
  steps: ProcessorStep[]
}

function Document({ title, before, steps }: DocumentProps) {
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      <ol>
        {steps.map((step, i) => {
          const earlier = steps.slice(0, i).findLast(s => s.source !== null)?.source ?? before
          return (
            <li key={`${i + 1} ${step.kind}`} className={styles.step}>
              <p>
                <b>{step.kind}</b>
                {step.tag && <span>{step.tag}</span>}
                <span className={styles.status} data-status={step.status}>
                  {step.status.replace('_', ', ')}
                  {step.error && `: ${step.error}`}
                </span>
              </p>
              {step.source &&
                differences(earlier, step.source).map(d => (
                  <p key={d.field} className={styles.diff}>
                    {d.before === '' ? '+' : d.after === '' ? '−' : '~'} <b>{d.field}</b> {d.before}
                    {d.before !== '' && d.after !== '' && ' → '}
                    {d.after}
                  </p>
                ))}
            </li>
          )
        })}
      </ol>
    </section>
  )
}
