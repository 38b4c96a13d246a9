// All functions of Canvas that there are here.

import { DRAWINGS } from './drawings'
import type { Func } from './func'
import { POINTS } from './points'
import { SINGLES } from './single'
import { SOURCES } from './sources'
import { STYLES } from './styles'
import { TABLES } from './tables'

export const FUNCTIONS: ReadonlyMap<string, Func> = new Map(
  Object.entries<Func>({ ...DRAWINGS, ...POINTS, ...SINGLES, ...SOURCES, ...STYLES, ...TABLES }),
)

/** Functions of Kibana that are refused, and what to do instead. */
export const REFUSED: ReadonlyMap<string, string> = new Map([
  ['demodata', 'Made-up data is not part of this program; essql or esdocs read what is stored.'],
  ['dropdownControl', 'Choices on the page are not drawn; a dashboard has controls.'],
  ['geohash', 'Points on maps are not computed here; a saved map shows them.'],
  ['location', 'The place of the reader is not asked for.'],
  [
    'replace',
    'Patterns of a foreign file could stop the page, so “replace” is not run; mapColumn with switch names values.',
  ],
  ['repeatImage', 'Repeated images are not drawn; progress shows the same share.'],
  ['revealImage', 'Images that are revealed are not drawn; progress shows the same share.'],
  [
    'savedMap',
    'Maps of several layers are not drawn here; a coordinate map of the library is, by savedVisualization.',
  ],
  ['timelion', 'Timelion is not computed here; essql with HISTOGRAM and plot show a series over time.'],
  ['urlparam', 'The address of the page is not read by expressions.'],
  ['essearch', 'Use esdocs.'],
])
