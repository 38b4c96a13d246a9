import type { Field } from '../../lib/fields'
import { addAgg, schemaLabel } from '../../lib/vis/edit'
import { isDocuments, type Schema, type Vis, type VisAgg } from '../../lib/vis/model'
import { addBucket, addMetric, freeSchemas } from '../../lib/vis/place'
import type { Table } from '../../lib/vis/table'
import { texts } from '../../texts/visualize'
import { AggEditor } from './AggEditor'
import { Slot } from './Drop'
import drop from './Drop.module.css'
import styles from './Panel.module.css'
import { StylePanel } from './StylePanel'

interface Props {
  vis: Vis
  table: Table | null
  fields: Field[]
  timeField: string | null
  /** A field is on its way here. */
  dragging: boolean
  onVis: (vis: Vis) => void
}

/** What is measured, along what, and how it looks. */
export function Panel({ vis, table, fields, timeField, dragging, onVis }: Props) {
  const metrics = vis.aggs.filter(a => a.schema === 'metric')
  const buckets = vis.aggs.filter(a => a.schema !== 'metric')
  const free = freeSchemas(vis)
  const editor = (agg: VisAgg) => (
    <AggEditor
      key={agg.id}
      vis={vis}
      agg={agg}
      fields={fields}
      timeField={timeField}
      dragging={dragging}
      onVis={onVis}
    />
  )
  /** What is done with the field of this name. */
  const taking = (put: (field: Field) => Vis) => (name: string) => {
    const field = fields.find(f => f.name === name)
    if (field) onVis(put(field))
  }
  const likely = (schema: Schema): Field | null => {
    const onTime = timeField !== null && schema === 'segment' && vis.type !== 'pie' && vis.type !== 'tagcloud'
    if (vis.type === 'tile_map') return fields.find(f => f.kind === 'geo') ?? null
    return onTime ? null : (fields.find(f => f.kind === 'keyword' || f.kind === 'text') ?? null)
  }
  return (
    <aside className={styles.panel} aria-label={texts.settingsOfTheChart}>
      {!isDocuments(vis.type) && vis.type !== 'markdown' && (
        <>
          <section aria-label={texts.values}>
            <h2>{texts.values}</h2>
            {metrics.map(editor)}
            <div className={drop.slots}>
              <Slot
                label={texts.value}
                dragging={dragging}
                onField={taking(field => addMetric(vis, field))}
                onPress={() => onVis(addAgg(vis, 'count', 'metric'))}
              />
              <Slot
                label={texts.formula}
                dragging={dragging}
                onField={null}
                onPress={() => onVis(addAgg(vis, 'formula', 'metric', { formula: 'count()' }))}
              />
            </div>
          </section>
          {buckets.length + free.length > 0 && (
            <section aria-label={texts.buckets}>
              <h2>{texts.buckets}</h2>
              {buckets.map(editor)}
              <div className={drop.slots}>
                {free.map(schema => (
                  <Slot
                    key={schema}
                    label={schemaLabel(vis.type, schema)}
                    dragging={dragging}
                    onField={taking(field => addBucket(vis, field, timeField, schema))}
                    onPress={() => onVis(addBucket(vis, likely(schema), timeField, schema))}
                  />
                ))}
              </div>
            </section>
          )}
        </>
      )}
      <section aria-label={texts.look}>
        <h2>{texts.look}</h2>
        <StylePanel vis={vis} table={table} onVis={onVis} />
      </section>
    </aside>
  )
}
