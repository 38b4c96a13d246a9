// What Kibana's params ask for and is not drawn here: said beside the panel, so that nothing is missed in silence.

import { texts } from '../../texts/vis'
import { asText } from './json'
import type { Vis } from './model'

export function leftOut({ type, params, aggs }: Pick<Vis, 'type' | 'params' | 'aggs'>): string[] {
  const on = aggs.filter(a => a.enabled)
  const turned = type === 'tagcloud' && ['right angled', 'multiple'].includes(asText(params.orientation))
  const formats = on.flatMap(a => (a.type === 'date_range' ? asText(a.params.format) : '') || [])
  return [...(turned ? [texts.allOfItsWordsLie] : []), ...formats.map(f => texts.itsDatesAreWritten(f))]
}
