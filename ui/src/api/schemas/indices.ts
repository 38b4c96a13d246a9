import type { IndexInfo } from '../../lib/indexpatterns'
import { array, object, string } from './shape'

/** The answer of `_cat/indices?format=json`. A closed index has no count. */
export function decodeIndices(answer: unknown): IndexInfo[] {
  return array(answer, '_cat/indices').map((row, i) => {
    const place = `_cat/indices[${i}]`
    const docs = Number(object(row, place)['docs.count'] ?? 0)
    return {
      name: string(object(row, place).index, `${place}.index`),
      docs: Number.isFinite(docs) ? docs : 0,
    }
  })
}
