import { useState } from 'react'
import { Icon } from '../../components/Icon'
import type { Field } from '../../lib/fields'
import { BUCKETS } from '../../lib/vis/buckets/table'
import { changeAgg, moveAgg, removeAgg, schemaLabel, schemasOf, setParam } from '../../lib/vis/edit'
import { asText, entryOf } from '../../lib/vis/json'
import { METRICS } from '../../lib/vis/metrics'
import type { Schema, Vis, VisAgg } from '../../lib/vis/model'
import { fits, replaceField } from '../../lib/vis/place'
import { texts } from '../../texts/visualize'
import styles from './AggEditor.module.css'
import { BucketOptions } from './BucketOptions'
import { Drop } from './Drop'
import { MetricOptions } from './MetricOptions'

export interface AggProps {
  vis: Vis
  agg: VisAgg
  fields: Field[]
  timeField: string | null
  /** A field is on its way here. */
  dragging: boolean
  onVis: (vis: Vis) => void
}

/** The kinds of metric that are offered; the rest are kept where a saved chart has them. */
const OFFERED_METRICS = [
  'count',
  'avg',
  'sum',
  'min',
  'max',
  'median',
  'percentiles',
  'percentile_ranks',
  'cardinality',
  'std_dev',
  'formula',
  'derivative',
  'cumulative_sum',
  'moving_avg',
  'serial_diff',
  'top_hits',
]

export function AggEditor(props: AggProps) {
  const { vis, agg, fields, timeField, dragging, onVis } = props
  const metric = agg.schema === 'metric'
  const kinds: Readonly<Record<string, { label: string; field: string }>> = metric ? METRICS : BUCKETS
  const names = metric
    ? [...new Set([...OFFERED_METRICS, agg.type])]
    : Object.keys(BUCKETS).filter(n => n === agg.type || n !== 'multi_terms')
  const kind = entryOf(kinds, agg.type)
  const usable = fields.filter(f => fits(f, kind?.field ?? 'any'))
  const current = asText(agg.params.field)
  const change = (name: string, value: unknown) => onVis(setParam(vis, agg.id, name, value))
  const retype = (type: string) =>
    onVis(changeAgg(vis, agg.id, { type, params: paramsFor(agg, type, fields, timeField) }))
  const label = metric ? texts.value : schemaLabel(vis.type, agg.schema)
  const take = (name: string) => {
    const field = fields.find(f => f.name === name)
    if (field) onVis(replaceField(vis, agg.id, field, timeField))
  }
  const kindSelect = (
    <Select
      label={metric ? texts.whatIsMeasured : texts.kindOfBuckets}
      value={agg.type}
      options={names.map(n => [n, entryOf(kinds, n)?.label ?? n])}
      onChange={retype}
    />
  )
  const places = schemasOf(vis.type)
  return (
    <Drop className={styles.agg} label={label} off={!agg.enabled} dragging={dragging} onField={take}>
      <div className={styles.row}>
        {metric ? (
          kindSelect
        ) : places.length > 1 || !places.includes(agg.schema) ? (
          <select
            className={styles.place}
            aria-label={texts.place}
            value={agg.schema}
            onChange={event => onVis(changeAgg(vis, agg.id, { schema: event.target.value as Schema }))}
          >
            {[...new Set([...places, agg.schema])].map(s => (
              <option key={s} value={s}>
                {schemaLabel(vis.type, s)}
              </option>
            ))}
          </select>
        ) : (
          <h3>{label}</h3>
        )}
        <span className={styles.tools}>
          <Tool icon="up" label={texts.moveUp(label)} onPress={() => onVis(moveAgg(vis, agg.id, -1))} />
          <Tool
            icon="eye"
            label={agg.enabled ? texts.switchOff(label) : texts.switchOn(label)}
            onPress={() => onVis(changeAgg(vis, agg.id, { enabled: !agg.enabled }))}
          />
          <Tool icon="close" label={texts.remove(label)} onPress={() => onVis(removeAgg(vis, agg.id))} />
        </span>
      </div>
      {!metric && kindSelect}
      {kind && kind.field !== 'none' && (
        <Select
          label={texts.field}
          value={current}
          options={[
            ...(usable.some(f => (f.aggregateOn ?? f.name) === current)
              ? []
              : [[current, current === '' ? texts.pickAField : current] as [string, string]]),
            ...usable.map((f): [string, string] => [f.aggregateOn ?? f.name, f.name]),
          ]}
          onChange={field => change('field', field)}
        />
      )}
      {metric ? <MetricOptions {...props} onParam={change} /> : <BucketOptions {...props} onParam={change} />}
    </Drop>
  )
}

function Tool({
  icon,
  label,
  onPress,
}: {
  icon: 'up' | 'eye' | 'close'
  label: string
  onPress: () => void
}) {
  return (
    <button
      type="button"
      className="button quiet small icon"
      aria-label={label}
      title={label}
      onClick={onPress}
    >
      <Icon name={icon} size={12} />
    </button>
  )
}

/** A field that fits both kinds stays; else the first that fits is taken, so that there is a chart at once. */
function paramsFor(agg: VisAgg, type: string, fields: Field[], timeField: string | null): VisAgg['params'] {
  const wanted = (entryOf(METRICS, type) ?? entryOf(BUCKETS, type))?.field ?? 'any'
  const { customLabel } = agg.params
  const kept = customLabel === undefined ? {} : { customLabel }
  if (type === 'formula') return { ...kept, formula: 'count()' }
  if (type === 'filters') return { filters: [{ input: { query: '', language: 'kuery' }, label: '' }] }
  if (type === 'range')
    return { field: firstField(agg, fields, wanted), ranges: [{ from: 0, to: 100 }, { from: 100 }] }
  if (type === 'date_histogram')
    return { field: timeField ?? firstField(agg, fields, wanted), interval: 'auto', min_doc_count: 0 }
  if (type === 'histogram') return { field: firstField(agg, fields, wanted), interval: 'auto' }
  if (type === 'terms')
    return { field: firstField(agg, fields, wanted), size: 10, order: 'desc', orderBy: '_count' }
  if (['derivative', 'cumulative_sum', 'moving_avg', 'serial_diff'].includes(type))
    return { ...kept, metricAgg: 'custom', customMetric: { type: 'count', params: {} } }
  return wanted === 'none' ? kept : { ...kept, field: firstField(agg, fields, wanted) }
}

function firstField(agg: VisAgg, fields: Field[], wanted: string): string {
  const usable = fields.filter(f => fits(f, wanted))
  const current = usable.find(f => (f.aggregateOn ?? f.name) === agg.params.field)
  const found = current ?? usable[0]
  return found?.aggregateOn ?? found?.name ?? ''
}

interface SelectProps {
  label: string
  value: string
  options: [string, string][]
  onChange: (value: string) => void
}

export function Select({ label, value, options, onChange }: SelectProps) {
  return (
    <select
      className={styles.select}
      aria-label={label}
      value={value}
      onChange={event => onChange(event.target.value)}
    >
      {options.map(([key, text]) => (
        <option key={key} value={key}>
          {text}
        </option>
      ))}
    </select>
  )
}

/** A text or number that takes effect with Enter or when it is left, so that half a number asks nothing. */
export function Entry({
  label,
  value,
  onChange,
  wide = false,
  placeholder,
}: {
  label: string
  value: string
  onChange: (text: string) => void
  wide?: boolean
  placeholder?: string
}) {
  const [draft, setDraft] = useState({ text: value, base: value })
  if (draft.base !== value) setDraft({ text: value, base: value })
  const submit = () => draft.text !== value && onChange(draft.text)
  return (
    <label className={styles.entry} data-wide={wide}>
      <span>{label}</span>
      <input
        className="input"
        value={draft.text}
        placeholder={placeholder}
        spellCheck={false}
        onChange={event => setDraft({ ...draft, text: event.target.value })}
        onBlur={submit}
        onKeyDown={event => event.key === 'Enter' && submit()}
      />
    </label>
  )
}

export function Check({
  label,
  value,
  onChange,
}: {
  label: string
  value: boolean
  onChange: (on: boolean) => void
}) {
  return (
    <label className={styles.check}>
      <input type="checkbox" checked={value} onChange={event => onChange(event.target.checked)} />
      {label}
    </label>
  )
}
