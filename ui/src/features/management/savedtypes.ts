// What people call the types of saved objects, and how objects can be taken in where they are already.

import type { SavedObject } from '../../lib/savedobjects'

export const OBJECT_TYPES: Record<string, string> = {
  dashboard: 'dashboard',
  visualization: 'visualization',
  lens: 'Lens chart',
  search: 'search',
  query: 'query',
  'index-pattern': 'data view',
  map: 'map',
  tag: 'tag',
  config: 'settings',
  url: 'short link',
  links: 'links',
  'canvas-workpad': 'canvas',
  'event-annotation-group': 'annotations',
}

export const keyOf = (o: Pick<SavedObject, 'type' | 'id'>) => `${o.type}:${o.id}`

export type How = 'fail' | 'overwrite' | 'copies'

export const HOWS: Record<How, string> = {
  fail: 'ask me when something is there already',
  overwrite: 'replace what is there already',
  copies: 'make copies with new ids',
}
