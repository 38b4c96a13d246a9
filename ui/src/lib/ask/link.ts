// An answer's chart as a link to the editor of visualizations.

import type { TimeRange } from '../time/range'
import type { Answer } from './ask'

export function editorUrl(answer: Answer, index: string, otherwise: TimeRange): string {
  const { from, to } = answer.range ?? otherwise
  const params = new URLSearchParams({ index, from, to })
  if (answer.kql !== '') params.set('q', answer.kql)
  if (answer.chart !== null) params.set('vis', JSON.stringify(answer.chart))
  return `/visualize/editor?${params}`
}
