import { type DragEvent, type ReactNode, useState } from 'react'
import { Icon } from '../../components/Icon'
import { canAggregate, type Field } from '../../lib/fields'
import { BUCKETS } from '../../lib/vis/buckets/table'
import { changeAgg, moveAgg, removeAgg, schemaLabel, schemasOf, setParam } from '../../lib/vis/edit'
import { asText, entryOf } from '../../lib/vis/json'
import { METRICS } from '../../lib/vis/metrics'
import type { Schema, Vis, VisAgg } from '../../lib/vis/model'
import styles from './AggEditor.module.css'
import { BucketOptions } from './BucketOptions'
import { MetricOptions } from './MetricOptions'

export interface AggProps {
  vis: Vis
  agg: VisAgg
  fields: Field[]
  timeField: string | null
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
  const { vis, agg, fields, timeField, onVis } = props
  const metric = agg.schema === 'metric'
  const kinds = metric ? METRICS : BUCKETS
  const names = metric ? [...new Set([...OFFERED_METRICS, agg.type])] : Object.keys(BUCKETS)
  const kind = entryOf(kinds as Record<string, { label: string; field: string }>, agg.type)
  const usable = fields.filter(f => fits(f, kind?.field ?? 'any'))
  const current = asText(agg.params.field)
  const change = (name: string, value: unknown) => onVis(setParam(vis, agg.id, name, value))
  const retype = (type: string) =>
    onVis(changeAgg(vis, agg.id, { type, params: paramsFor(agg, type, fields, timeField) }))
  const label = metric ? 'Value' : schemaLabel(vis.type, agg.schema)
  return (
    <fieldset className={styles.agg} data-off={!agg.enabled}>
      <legend className="visually-hidden">{label}</legend>
      <div className={styles.row}>
        {metric ? (
          <Select
            label="What is measured"
            value={agg.type}
            options={names.map(n => [n, entryOf(METRICS, n)?.label ?? n])}
            onChange={retype}
          />
        ) : (
          <>
            <Select
              label="Place"
              value={agg.schema}
              options={schemasOf(vis.type).map(s => [s, schemaLabel(vis.type, s)])}
              onChange={schema => onVis(changeAgg(vis, agg.id, { schema: schema as Schema }))}
            />
            <Select
              label="Kind of buckets"
              value={agg.type}
              options={names.map(n => [n, entryOf(BUCKETS, n)?.label ?? n])}
              onChange={retype}
            />
          </>
        )}
        <span className={styles.tools}>
          <Tool icon="up" label={`Move ${label} up`} onPress={() => onVis(moveAgg(vis, agg.id, -1))} />
          <Tool
            icon="eye"
            label={agg.enabled ? `Switch ${label} off` : `Switch ${label} on`}
            onPress={() => onVis(changeAgg(vis, agg.id, { enabled: !agg.enabled }))}
          />
          <Tool icon="close" label={`Remove ${label}`} onPress={() => onVis(removeAgg(vis, agg.id))} />
        </span>
      </div>
      {kind && kind.field !== 'none' && (
        <Select
          label="Field"
          value={current}
          options={[
            ...(usable.some(f => (f.aggregateOn ?? f.name) === current)
              ? []
              : [[current, current === '' ? 'Pick a field' : current] as [string, string]]),
            ...usable.map((f): [string, string] => [f.aggregateOn ?? f.name, f.name]),
          ]}
          onChange={field => change('field', field)}
        />
      )}
      {metric ? <MetricOptions {...props} onParam={change} /> : <BucketOptions {...props} onParam={change} />}
    </fieldset>
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

function fits(field: Field, wanted: string): boolean {
  if (wanted === 'geo') return field.kind === 'geo'
  if (!canAggregate(field)) return false
  return wanted === 'any' || field.kind === wanted
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

/** A place that fields can be dropped on. */
export function Drop({ children, onField }: { children: ReactNode; onField: (name: string) => void }) {
  const [over, setOver] = useState(false)
  const take = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    const name = event.dataTransfer.getData('text/x-field')
    if (name !== '') onField(name)
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dragging is a second way; the buttons inside are the first
    <section
      className={styles.drop}
      data-over={over}
      onDragOver={event => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={take}
    >
      {children}
    </section>
  )
}
