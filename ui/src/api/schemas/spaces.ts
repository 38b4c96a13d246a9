import type { ImportResult } from '../../lib/savedobjects'
import type { Space } from '../../lib/space'
import { decodeImport } from './saved'
import { array, object, string } from './shape'

export const decodeSpaces = (value: unknown): Space[] => array(value, 'spaces').map(decodeSpace)

export function decodeSpace(value: unknown): Space {
  const { id, name, description, color, initials } = object(value, 'space')
  return {
    id: string(id, 'space.id'),
    name: string(name, 'space.name'),
    description: typeof description === 'string' ? description : '',
    // It becomes a style, so nothing but a colour may pass.
    color: typeof color === 'string' && /^#[0-9a-f]{6}$/i.test(color) ? color : null,
    initials: typeof initials === 'string' ? initials : '',
  }
}

/** What became of objects in the space that they were copied to. */
export const decodeCopy = (value: unknown, space: string): ImportResult =>
  decodeImport(object(value, '_copy_saved_objects')[space])
