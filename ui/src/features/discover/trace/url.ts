// What a link to a story reproduces: /trace?field=trace_id&value=5917f8

export interface TraceState {
  field: string
  value: string
  /** Where its events are looked for. */
  index: string
  view: 'time' | 'talk'
}

export function parseTraceUrl(search: string): TraceState {
  const params = new URLSearchParams(search)
  return {
    field: params.get('field') ?? '',
    value: params.get('value') ?? '',
    index: params.get('index') || '*',
    view: params.get('view') === 'talk' ? 'talk' : 'time',
  }
}

export function formatTraceUrl({ field, value, index, view }: TraceState): string {
  const params = new URLSearchParams({ field, value })
  if (index !== '*') params.set('index', index)
  if (view !== 'time') params.set('view', view)
  return `/trace?${params}`
}
