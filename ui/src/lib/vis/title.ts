// What a chart is called when nobody has named it.

import { texts } from '../../texts/vis'
import { asText } from './json'
import { metricLabel } from './metrics'
import { enabledAggs, type Vis, type VisAgg } from './model'

const plain = (field: string): string => field.replace(/\.keyword$/, '')

function measured(agg: VisAgg): string {
  const named = asText(agg.params.customLabel)
  if (named !== '') return named
  if (agg.type === 'formula') return asText(agg.params.formula)
  return [metricLabel(agg.type), plain(asText(agg.params.field))].filter(Boolean).join(' ')
}

const isTime = (agg: VisAgg): boolean => agg.type === 'date_histogram'

/** What is measured, along what, such as "Average latency by service over time". */
export function usualTitle(vis: Vis): string {
  if (vis.type === 'markdown') return texts.text
  if (vis.type === 'top_hits_table' || vis.type === 'log_stream') return texts.documents
  const metrics = enabledAggs(vis, 'metric').map(measured)
  const buckets = enabledAggs(vis, 'segment', 'group', 'split', 'bucket')
  const by = buckets
    .filter(a => !isTime(a))
    .map(a => asText(a.params.customLabel) || plain(asText(a.params.field)))
  const what =
    metrics.length > 2 ? texts.andMore(String(metrics[0]), metrics.length - 1) : metrics.join(' and ')
  return [
    what || texts.count,
    ...(by.length > 0 ? ['by', by.map(name => name || 'filters').join(' and ')] : []),
    ...(buckets.some(isTime) ? [texts.overTimeWord] : []),
  ].join(' ')
}
