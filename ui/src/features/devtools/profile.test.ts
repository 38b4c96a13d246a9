import { expect, it } from 'vitest'
import { decodeProfile } from './profile'

it('reads the trees of each shard', () => {
  const leaf = { type: 'TermQuery', description: 'a:b', time_in_nanos: 5 }
  expect(
    decodeProfile({
      took: 3,
      profile: {
        shards: [
          {
            id: '[n][logs][0]',
            searches: [
              {
                query: [{ type: 'BooleanQuery', description: '+a:b', time_in_nanos: 9, children: [leaf] }],
                collector: [{ name: 'Top', reason: 'search_top_hits', time_in_nanos: 2 }],
              },
            ],
            aggregations: [],
          },
        ],
      },
    }),
  ).toEqual({
    tookMillis: 3,
    shards: [
      {
        name: '[n][logs][0]',
        nodes: [
          {
            type: 'BooleanQuery',
            description: '+a:b',
            nanos: 9,
            children: [{ type: 'TermQuery', description: 'a:b', nanos: 5, children: [] }],
          },
          { type: 'Top', description: 'search_top_hits', nanos: 2, children: [] },
        ],
      },
    ],
  })
  expect(() => decodeProfile({ took: 1 })).toThrow('profile')
})
