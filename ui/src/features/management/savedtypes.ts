// What people call the types of saved objects, and how objects can be taken in where they are already.

import type { SavedObject } from '../../lib/savedobjects'
import { texts } from '../../texts/management'

export const OBJECT_TYPES: Record<string, string> = {
  dashboard: texts.dashboard,
  visualization: texts.visualization,
  lens: texts.lensChart,
  search: texts.search,
  query: texts.query,
  'index-pattern': texts.dataViewWord,
  map: texts.map,
  tag: texts.tag,
  config: texts.settingsWord,
  url: texts.shortLink,
  links: texts.links,
  'canvas-workpad': texts.canvas,
  'event-annotation-group': texts.annotations,
}

export const keyOf = (o: Pick<SavedObject, 'type' | 'id'>) => `${o.type}:${o.id}`

export type How = 'fail' | 'overwrite' | 'copies'

export const HOWS: Record<How, string> = {
  fail: texts.askMeWhenSomething,
  overwrite: texts.replaceWhatIsThereAlready,
  copies: texts.makeCopiesWithNewIds,
}
