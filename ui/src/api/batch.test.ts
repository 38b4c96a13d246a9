import { afterEach, describe, expect, it, vi } from 'vitest'
import { searchTogether } from './batch'

afterEach(() => vi.unstubAllGlobals())

const FOUND = { took: 1, hits: { total: { value: 1, relation: 'eq' }, hits: [] } }

function serve(answer: (path: string, body: string) => [number, unknown]) {
  const asked: string[] = []
  vi.stubGlobal('fetch', (path: string, init: { body: string }) => {
    // What data views make: nothing.
    if (path.startsWith('/api/')) return Promise.resolve(new Response('{"saved_objects":[],"total":0}'))
    asked.push(path)
    const [status, json] = answer(path, init.body)
    return Promise.resolve(new Response(JSON.stringify(json), { status }))
  })
  return asked
}

const search = (name: string, signal?: AbortSignal) =>
  searchTogether('logs-*', { query: { term: { name } } }, signal)

describe('searchTogether', () => {
  // The first search of all: what data views make is kept for a while.
  it('asks for the fields that the data view of a pattern makes', async () => {
    const bodies: string[] = []
    vi.stubGlobal('fetch', (path: string, init: { body: string }) => {
      const map = '{"hour":{"type":"long","script":{"source":"emit(7)"}}}'
      const view = { type: 'index-pattern', id: 'v', attributes: { title: 'hours-*', runtimeFieldMap: map } }
      if (path.startsWith('/api/'))
        return Promise.resolve(new Response(JSON.stringify({ saved_objects: [view], total: 1 })))
      bodies.push(init.body)
      const hit = { _index: 'logs-a', _id: '1', _source: { a: 1 }, fields: { hour: [7] } }
      return Promise.resolve(new Response(JSON.stringify({ took: 1, hits: { hits: [hit] } })))
    })
    const { hits } = await searchTogether('hours-*', {})
    expect(JSON.parse(bodies[0] ?? '')).toMatchObject({
      runtime_mappings: { hour: { type: 'long', script: { source: 'emit(7)' } } },
      fields: ['hour'],
    })
    expect(hits[0]?.source).toEqual({ a: 1, hour: 7 })
  })

  it('sends what is wanted in one moment as few requests, and each gets its own answer', async () => {
    const asked = serve((_, body) => {
      const pairs = body.trim().split('\n').length / 2
      return [200, { responses: Array.from({ length: pairs }, (_, i) => ({ ...FOUND, took: i })) }]
    })
    const answers = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map(name => search(name)))
    expect(asked).toEqual(['/es/_msearch', '/es/_msearch'])
    expect(answers.map(a => a.tookMillis)).toEqual([0, 1, 2, 3, 0, 1])
  })

  it('lets one that fails fail alone', async () => {
    serve(() => [
      200,
      {
        responses: [
          FOUND,
          {
            status: 400,
            error: { root_cause: [{ type: 'x', reason: 'no field' }], type: 'x', reason: 'no field' },
          },
        ],
      },
    ])
    const [first, second] = await Promise.allSettled([search('a'), search('b')])
    expect(first.status).toBe('fulfilled')
    expect(second).toMatchObject({ status: 'rejected', reason: { status: 400, reason: 'no field' } })
  })

  it('asks each by itself when one makes the server refuse them all', async () => {
    const asked = serve((path, body) => {
      if (path.includes('_msearch') || body.includes('bad')) return [400, { error: 'unknown query' }]
      return [200, FOUND]
    })
    const [first, second] = await Promise.allSettled([search('good'), search('bad')])
    expect([first.status, second.status]).toEqual(['fulfilled', 'rejected'])
    expect(asked).toHaveLength(3)
  })

  it('leaves out what is not wanted any more', async () => {
    const asked = serve(() => [200, FOUND])
    const stop = new AbortController()
    const gone = search('a', stop.signal)
    const kept = search('b')
    stop.abort(new Error('left'))
    await expect(gone).rejects.toThrow('left')
    await kept
    expect(asked).toEqual(['/es/logs-*/_search?ignore_unavailable=true'])
  })
})
