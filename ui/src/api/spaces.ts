// Spaces: rooms of their own for what people keep.

import type { ObjectKey } from '../lib/savedobjects'
import type { Space } from '../lib/space'
import { send, sendForText } from './client'
import { decodeCopy, decodeSpace, decodeSpaces } from './schemas/spaces'

const ROOT = '/api/spaces/space'

const pathOf = (id: string) => `${ROOT}/${encodeURIComponent(id)}`

export async function spaces(signal?: AbortSignal): Promise<Space[]> {
  return decodeSpaces(await send('GET', ROOT, null, signal, ''))
}

const bodyOf = ({ id, name, description, color, initials }: Space) => ({
  id,
  name,
  description,
  color: color ?? '',
  initials,
})

export async function createSpace(space: Space): Promise<Space> {
  return decodeSpace(await send('POST', ROOT, bodyOf(space), undefined, ''))
}

export async function updateSpace(space: Space): Promise<Space> {
  return decodeSpace(await send('PUT', pathOf(space.id), bodyOf(space), undefined, ''))
}

/** Deletes it with all that is kept in it. */
export const deleteSpace = (id: string) => sendForText('DELETE', pathOf(id), null)

/** Copies objects of this space, with all that they need, into another one. */
export async function copyObjects(
  keys: readonly ObjectKey[],
  space: string,
  how: 'fail' | 'overwrite' | 'copies',
) {
  const body = {
    spaces: [space],
    objects: keys.map(({ type, id }) => ({ type, id })),
    includeReferences: true,
    createNewCopies: how === 'copies',
    overwrite: how === 'overwrite',
  }
  return decodeCopy(await send('POST', '/api/spaces/_copy_saved_objects', body, undefined, ''), space)
}
