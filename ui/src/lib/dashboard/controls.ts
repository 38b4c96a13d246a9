// The controls that Kibana 7 keeps in a panel, where they stand among the charts.

import { asJson, asList, asText } from '../vis/json'
import type { Vis } from '../vis/model'
import { type Control, emptyChoice } from './model'

/** As many as Kibana lets one panel have without becoming slow. */
const MAX_CONTROLS = 24

/** Those of one panel. Nothing is chosen in them: that is in the address of the page. */
export function panelControls(panel: string, vis: Vis): Control[] {
  if (vis.type !== 'controls') return []
  const listed = asList(vis.params.controls).slice(0, MAX_CONTROLS).map(asJson)
  return listed.flatMap((one, at): Control[] => {
    const field = asText(one.fieldName)
    if (field === '') return []
    const kind = one.type === 'range' ? 'range' : 'options'
    return [
      {
        id: `${panel}.${asText(one.id, String(at))}`,
        kind,
        field,
        title: asText(one.label) || field,
        view: asText(one.indexPattern) || null,
        chosen: emptyChoice(kind),
      },
    ]
  })
}
