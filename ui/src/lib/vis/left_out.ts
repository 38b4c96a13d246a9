// What Kibana's params ask for and is not drawn here: said beside the panel, so that nothing is missed in silence.

import { asJson, asList, asText } from './json'
import type { Vis } from './model'

export function leftOut({ type, params, aggs }: Pick<Vis, 'type' | 'params' | 'aggs'>): string[] {
  const on = aggs.filter(a => a.enabled)
  const scales = asList(params.valueAxes).map(a => asText(asJson(asJson(a).scale).type))
  const modes = asList(params.valueAxes).map(a => asText(asJson(asJson(a).scale).mode))
  const mode = [asText(params.mode), ...modes].find(m => m === 'wiggle' || m === 'silhouette')
  const turned = type === 'tagcloud' && ['right angled', 'multiple'].includes(asText(params.orientation))
  const formats = on.flatMap(a => (a.type.startsWith('date_') ? asText(a.params.format) : '') || [])
  return [
    ...(mode ? [`Its mode “${mode}” is drawn as a stack on nought.`] : []),
    ...(scales.includes('square root') ? ['Its axis of square roots is an even one.'] : []),
    ...(turned ? ['All of its words lie level.'] : []),
    ...(on.some(a => a.schema === 'radius') ? ['Its points are of one size, whatever they measure.'] : []),
    ...formats.map(f => `Its dates are written as everywhere here, not as “${f}”.`),
  ]
}
