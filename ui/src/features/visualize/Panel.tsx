import { Icon } from '../../components/Icon'
import { canAggregate, type Field } from '../../lib/fields'
import { addAgg, schemasOf } from '../../lib/vis/edit'
import { isDocuments, type Schema, type Vis, type VisAgg } from '../../lib/vis/model'
import type { Table } from '../../lib/vis/table'
import { AggEditor, Drop } from './AggEditor'
import styles from './Panel.module.css'
import { StylePanel } from './StylePanel'

interface Props {
  vis: Vis
  table: Table | null
  fields: Field[]
  timeField: string | null
  onVis: (vis: Vis) => void
}

/** What is measured, along what, and how it looks. */
export function Panel({ vis, table, fields, timeField, onVis }: Props) {
  const metrics = vis.aggs.filter(a => a.schema === 'metric')
  const buckets = vis.aggs.filter(a => a.schema !== 'metric')
  const editor = (agg: VisAgg) => (
    <AggEditor key={agg.id} vis={vis} agg={agg} fields={fields} timeField={timeField} onVis={onVis} />
  )
  const found = (name: string) => fields.find(f => f.name === name)
  const measure = (name: string) => {
    const field = found(name)
    if (!field) return
    const on = field.aggregateOn ?? field.name
    onVis(addAgg(vis, field.kind === 'number' ? 'avg' : 'cardinality', 'metric', { field: on }))
  }
  const group = (field: Field | undefined) => {
    const schemas = schemasOf(vis.type)
    const free = schemas.find(s => !buckets.some(b => b.schema === s)) ?? schemas.at(-1) ?? 'segment'
    onVis(withBucket(vis, field, timeField, free))
  }
  return (
    <aside className={styles.panel} aria-label="Settings of the chart">
      {!isDocuments(vis.type) && vis.type !== 'markdown' && (
        <>
          <Drop onField={measure}>
            <header>
              <h2>Values</h2>
              <button
                type="button"
                className="button quiet small"
                onClick={() => onVis(addAgg(vis, 'formula', 'metric', { formula: 'count()' }))}
              >
                <Icon name="plus" size={12} /> formula
              </button>
              <button
                type="button"
                className="button quiet small"
                onClick={() => onVis(addAgg(vis, 'count', 'metric'))}
              >
                <Icon name="plus" size={12} /> value
              </button>
            </header>
            {metrics.map(editor)}
          </Drop>
          {schemasOf(vis.type).length > 0 && (
            <Drop onField={name => group(found(name))}>
              <header>
                <h2>Buckets</h2>
                <button
                  type="button"
                  className="button quiet small"
                  onClick={() =>
                    group(fields.find(f => f.kind === 'keyword' || (f.kind === 'text' && canAggregate(f))))
                  }
                >
                  <Icon name="plus" size={12} /> breakdown
                </button>
              </header>
              {buckets.map(editor)}
            </Drop>
          )}
        </>
      )}
      <section>
        <header>
          <h2>Look</h2>
        </header>
        <StylePanel vis={vis} table={table} onVis={onVis} />
      </section>
    </aside>
  )
}

/** A breakdown lies around the axis, so that each value has the same series all along it. */
function withBucket(vis: Vis, field: Field | undefined, timeField: string | null, schema: Schema): Vis {
  const on = field?.aggregateOn ?? field?.name ?? timeField ?? ''
  const [type, params] =
    field?.kind === 'date'
      ? ['date_histogram', { field: on, interval: 'auto', min_doc_count: 0 }]
      : field?.kind === 'geo'
        ? ['geohash_grid', { field: on, autoPrecision: true }]
        : field?.kind === 'number'
          ? ['histogram', { field: on, interval: 'auto' }]
          : ['terms', { field: on, size: 5, order: 'desc', orderBy: '_count' }]
  const added = addAgg(vis, type as string, schema, params as VisAgg['params'])
  const agg = added.aggs.at(-1)
  if (schema !== 'group' || !agg) return added
  const first = added.aggs.findIndex(a => a.schema !== 'metric')
  return { ...added, aggs: added.aggs.slice(0, -1).toSpliced(first, 0, agg) }
}
