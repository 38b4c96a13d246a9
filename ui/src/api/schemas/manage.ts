import type { IlmState, IndexRow, Resolved, Segment, StreamRow } from '../../lib/manage'
import { array, number, object, string } from './shape'

const textOr = (value: unknown, fallback: string) => (typeof value === 'string' ? value : fallback)
/** `_cat` leaves out what a closed index does not have. */
const numberOr = (value: unknown, fallback: number, place: string) =>
  value === null || value === undefined || value === '' ? fallback : number(value, place)

/** The answer of `_cat/indices?format=json&bytes=b`. */
export function decodeIndexRows(answer: unknown): IndexRow[] {
  return array(answer, '_cat/indices').map((one, i) => {
    const place = `_cat/indices[${i}]`
    const row = object(one, place)
    return {
      name: string(row.index, `${place}.index`),
      health: textOr(row.health, 'unknown'),
      status: row.status === 'close' ? 'close' : 'open',
      docs: numberOr(row['docs.count'], 0, `${place}.docs.count`),
      deleted: numberOr(row['docs.deleted'], 0, `${place}.docs.deleted`),
      bytes: numberOr(row['store.size'], 0, `${place}.store.size`),
      primaries: numberOr(row.pri, 1, `${place}.pri`),
      replicas: numberOr(row.rep, 0, `${place}.rep`),
      segments: numberOr(row['segments.count'], 0, `${place}.segments.count`),
      created: numberOr(row['creation.date'], 0, `${place}.creation.date`),
    }
  })
}

export function decodeStreams(answer: unknown): StreamRow[] {
  return array(object(answer, '_data_stream').data_streams, 'data_streams').map((one, i) => {
    const place = `data_streams[${i}]`
    const row = object(one, place)
    return {
      name: string(row.name, `${place}.name`),
      health: textOr(row.status, 'unknown').toLowerCase(),
      indices: array(row.indices, `${place}.indices`).map(index =>
        string(object(index, place).index_name, `${place}.index_name`),
      ),
      template: textOr(row.template, ''),
      policy: textOr(row.ilm_policy, ''),
      generation: numberOr(row.generation, 0, `${place}.generation`),
    }
  })
}

/** The answer of `_ilm/explain`, by index. */
export function decodeIlm(answer: unknown): Record<string, IlmState> {
  const found = object(object(answer, '_ilm/explain').indices, 'indices')
  return Object.fromEntries(
    Object.entries(found).map(([name, one]) => {
      const state = object(one, name)
      const info = state.step_info
      const fault =
        typeof info === 'object' && info !== null && 'reason' in info ? textOr(info.reason, '') : ''
      return [
        name,
        {
          managed: state.managed === true,
          policy: textOr(state.policy, ''),
          phase: textOr(state.phase, ''),
          action: textOr(state.action, ''),
          step: textOr(state.step, ''),
          age: textOr(state.age, ''),
          fault: state.step === 'ERROR' ? fault : '',
        },
      ]
    }),
  )
}

/** The segments of the first shard's copies in `_segments`, of one index. */
export function decodeSegments(answer: unknown): Segment[] {
  const out: Segment[] = []
  for (const index of Object.values(object(object(answer, '_segments').indices, 'indices'))) {
    for (const copies of Object.values(object(object(index, 'index').shards, 'shards'))) {
      for (const copy of array(copies, 'shard')) {
        for (const [name, one] of Object.entries(object(object(copy, 'copy').segments, 'segments'))) {
          const segment = object(one, name)
          out.push({
            name,
            docs: number(segment.num_docs, `${name}.num_docs`),
            deleted: number(segment.deleted_docs, `${name}.deleted_docs`),
            bytes: number(segment.size_in_bytes, `${name}.size_in_bytes`),
            memory: numberOr(segment.memory_in_bytes, 0, `${name}.memory_in_bytes`),
            committed: segment.committed === true,
          })
        }
      }
    }
  }
  return out
}

/** The aliases of `GET /{index}/_alias`, with what each says. */
export function decodeAliases(answer: unknown): { name: string; definition: Record<string, unknown> }[] {
  return Object.values(object(answer, '_alias')).flatMap(index =>
    Object.entries(object(object(index, 'index').aliases ?? {}, 'aliases')).map(([name, definition]) => ({
      name,
      definition: object(definition, name),
    })),
  )
}

/** The answer of `_resolve/index`. */
export function decodeResolved(answer: unknown): Resolved {
  const read = object(answer, '_resolve/index')
  const names = (member: string) =>
    array(read[member] ?? [], member).map(one => string(object(one, member).name, `${member}.name`))
  return { indices: names('indices'), streams: names('data_streams'), aliases: names('aliases') }
}
