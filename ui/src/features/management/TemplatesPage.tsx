import type { DataColumn } from '../../components/DataTable'
import { JsonView } from '../../components/JsonView'
import { Outcome } from '../../shell/States'
import { texts } from '../../texts/management'
import { DefinitionsPage } from './DefinitionsPage'
import styles from './DefinitionsPage.module.css'
import { type Definition, simulateTemplate, TEMPLATE_KINDS } from './definitions'
import { useDeed } from './queries'

const patterns = (d: Definition) =>
  Array.isArray(d.body.index_patterns) ? d.body.index_patterns.join(', ') : '–'
const parts = (d: Definition) => (Array.isArray(d.body.composed_of) ? d.body.composed_of.join(', ') : '')

const COLUMNS: DataColumn<Definition>[] = [
  {
    id: 'name',
    label: texts.name,
    width: 'minmax(120px, 1fr)',
    sort: d => d.name,
    cell: d => <button type="button">{d.name}</button>,
  },
  {
    id: 'patterns',
    label: texts.namesOfIndices,
    width: 'minmax(110px, 1fr)',
    sort: patterns,
    cell: patterns,
  },
  {
    id: 'priority',
    label: texts.priority,
    width: '64px',
    numeric: true,
    sort: d => Number(d.body.priority ?? d.body.order ?? 0),
    cell: d => String(d.body.priority ?? d.body.order ?? '–'),
  },
  { id: 'parts', label: texts.composedOf, width: 'minmax(80px, 1fr)', sort: parts, cell: parts },
]

export const TemplatesPage = () => (
  <DefinitionsPage
    path="/management/templates"
    kinds={TEMPLATE_KINDS}
    columns={COLUMNS}
    trial={(kind, text) => (kind === 'index' ? <Simulated text={text} /> : null)}
  />
)

/** What a new index gets, from this template and those it is composed of. */
function Simulated({ text }: { text: string }) {
  const run = useDeed(simulateTemplate)
  return (
    <section className={styles.trial} aria-label={texts.simulation}>
      <div className={styles.way}>
        <button
          type="button"
          className="button small outlined"
          disabled={run.isPending}
          onClick={() => run.mutate(text)}
        >
          {texts.simulate}
        </button>
        <p className={styles.note}>{texts.whatANewIndexWouldGet}</p>
      </div>
      <Outcome error={run.error} />
      {run.data && <JsonView value={run.data} />}
    </section>
  )
}
