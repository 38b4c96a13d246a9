import { describe, expect, it } from 'vitest'
import { fieldsOfMappings } from '../fields'
import { namedKql } from '../kql/named'
import { namedLucene } from '../lucene/parse'
import { misfitOf, queryHints } from './hints'
import { luceneOffer } from './lucene'
import { nearestNames } from './nearest'

describe('Lucene in a text that is meant as KQL', () => {
  it.each([
    ['message:/time(d )?out/', 'message:/time(d )?out/', ['a regular expression']],
    ['/conn.*lost/', '/conn.*lost/', ['a regular expression']],
    ['latency_ms:[100 TO 500]', 'latency_ms:[100 TO 500]', ['a range in brackets']],
    ['latency_ms:{100 TO *}', 'latency_ms:{100 TO *}', ['a range in brackets']],
    ['user:smiht~', 'user:smiht~', ['a fuzzy word']],
    ['"connection lost"~3', '"connection lost"~3', ['words near each other']],
    ['level:ERROR AND NOT +tool:health', 'level:ERROR AND NOT +tool:health', null],
    ['+level:ERROR -tool:health', '+level:ERROR -tool:health', ['signs for and, or, not']],
    ['level:ERROR && tool:x', 'level:ERROR && tool:x', ['signs for and, or, not']],
    ['error^2 timeout', 'error^2 timeout', ['a boost']],
    ['_exists_:error', '_exists_:error', ['_exists_']],
    ['a:1 and not b:/x/', 'a:1 AND NOT b:/x/', ['a regular expression']],
    ['latency > 5 and b:/a and b > 3/', 'latency:>5 AND b:/a and b > 3/', ['a regular expression']],
    ['latency:>5 and b:/x/', 'latency:>5 AND b:/x/', ['a regular expression']],
  ])('%s', (text, written, parts) => {
    if (parts === null) return expect(luceneOffer(text)).toBeNull()
    expect(luceneOffer(text)).toEqual({ text: written, parts })
  })

  it.each([
    '',
    'timeout',
    'level:ERROR and not tool:health',
    'level:ERROR AND NOT tool:health',
    'latency_ms:>1000',
    'balance:-5',
    'balance > -5',
    'balance: -5',
    'path:/api/v1/users',
    'well-known',
    'message:"a ~ [b TO c] -d"',
    'comments:{ author:x and stars > 3 }',
    'a:*',
    'what?',
  ])('leaves alone %j', text => {
    expect(luceneOffer(text)).toBeNull()
  })
})

describe('the fields that a text names', () => {
  const brief = (list: ReturnType<typeof namedKql>) => list.map(n => [n.field, n.values.map(v => v.text)])

  it.each([
    [
      'level:ERROR and latency > 5',
      [
        ['level', ['ERROR']],
        ['latency', ['5']],
      ],
    ],
    [
      'level:(ERROR or WARN) and not x:*',
      [
        ['level', ['ERROR', 'WARN']],
        ['x', ['*']],
      ],
    ],
    ['message: connection lost', [['message', ['connection lost']]]],
    [
      'a:1 b:2',
      [
        ['a', ['1']],
        ['b', ['2']],
      ],
    ],
    ['latency:>5', [['latency', ['5']]]],
    [
      'user:{ name:x and age >= 3 }',
      [
        ['user.name', ['x']],
        ['user.age', ['3']],
      ],
    ],
    ['a:((b or "c d") and e) or f', [['a', ['b', 'c d', 'e']]]],
    ['free text', []],
    ['a:"never closed', []],
    ['a:', [['a', []]]],
  ])('in KQL: %s', (text, want) => {
    expect(brief(namedKql(text))).toEqual(want)
  })

  it.each([
    [
      'level:ERROR AND -latency:>5',
      [
        ['level', ['ERROR']],
        ['latency', ['5']],
      ],
    ],
    ['level:(ERROR OR WARN)', [['level', ['ERROR', 'WARN']]]],
    [
      'a:[1 TO 5] b:/x+/',
      [
        ['a', ['1', '5']],
        ['b', ['x+']],
      ],
    ],
    [
      'a:(b:c d)',
      [
        ['a', ['d']],
        ['b', ['c']],
      ],
    ],
    ['a\\:b:c', [['a:b', ['c']]]],
  ])('in Lucene: %s', (text, want) => {
    expect(brief(namedLucene(text))).toEqual(want)
  })

  it('says where each stands', () => {
    const text = 'x  log_level :ERROR'
    const [one] = namedLucene(text)
    expect(text.slice(one?.start, one?.end)).toBe('log_level ')
    const [two] = namedKql('log_level: ERROR')
    expect([two?.start, two?.end]).toEqual([0, 9])
  })
})

describe('remarks about a search', () => {
  const fields = fieldsOfMappings([
    {
      index: 'logs',
      properties: {
        '@timestamp': { type: 'date' },
        log_level: { type: 'text', fields: { keyword: { type: 'keyword' } } },
        latency_ms: { type: 'long' },
        cached: { type: 'boolean' },
        client: { type: 'ip' },
        user: { properties: { name: { type: 'keyword' }, id: { type: 'long' } } },
        labels: { type: 'flattened' },
      },
    },
  ])
  const messages = (text: string, language: 'kql' | 'lucene' = 'kql') =>
    queryHints(text, language, fields).map(h => [text.slice(h.start, h.end), h.message, h.mends])

  it.each([
    ['log_levle:ERROR', 'log_levle', 'No field here is named “log_levle”', ['log_level']],
    ['a or level:ERROR', 'level', 'No field here is named “level”', ['log_level', 'labels']],
    ['quux:1', 'quux', 'No field here is named “quux”', []],
    ['user:ann', 'user', '“user” is not a value: it holds fields', ['user.id', 'user.name']],
    ['latency_ms:slow', 'slow', 'latency_ms is a number (long), which “slow” is not', []],
    [
      'latency_ms:[100 TO 500]',
      '[100 TO 500]',
      'latency_ms is a number (long), which “[100 TO 500]” is not',
      [],
    ],
    ['latency_ms > "2 s"', '"2 s"', 'latency_ms is a number (long), which “2 s” is not', []],
    ['cached:yes', 'yes', 'cached is true or false (boolean), which “yes” is not', []],
    ['client:here', 'here', 'client is an address or a network (ip), which “here” is not', []],
    ['@timestamp > yesterday', 'yesterday', '@timestamp is a date (date), which “yesterday” is not', []],
  ])('%s', (text, part, message, mends) => {
    expect(messages(text)).toEqual([[part, message, mends]])
  })

  it.each([
    'log_level:ERROR',
    'log_level.keyword:ERROR',
    'labels.region:eu',
    'user:*',
    'log_*:x',
    '_id:7',
    'latency_ms:1e3',
    'latency_ms:-5',
    'latency_ms:(1 or 2)',
    'client:10.0.0.0/8',
    'client:"2001:db8::1"',
    '@timestamp >= now-1d',
  ])('says nothing of %s', text => {
    expect(messages(text)).toEqual([])
  })

  it('reads Lucene too', () => {
    expect(messages('_exists_:log_levle', 'lucene')).toEqual([
      ['log_levle', 'No field here is named “log_levle”', ['log_level']],
    ])
    expect(messages('latency_ms:[1 TO slow]', 'lucene')[0]?.[1]).toBe(
      'latency_ms is a number (long), which “slow” is not',
    )
    expect(messages('latency_ms:[1 TO', 'lucene')).toEqual([])
  })

  it('knows nothing without fields', () => {
    expect(queryHints('a:b', 'kql', [])).toEqual([])
  })

  it('names the field of a value that the server refused', () => {
    expect(misfitOf('log_levle:x and latency_ms:abc', 'kql', fields)).toContain('latency_ms is a number')
    expect(misfitOf('log_level:x', 'kql', fields)).toBeNull()
  })
})

describe('the nearest names', () => {
  const names = ['response_time', 'service_name', 'service.name', 'log_level', 'user_id', 'status']
  it.each([
    ['responsetime', 'response_time'],
    ['respnse_time', 'response_time'],
    ['service', 'service_name'],
    ['level', 'log_level'],
    ['LOG_LEVEL', 'log_level'],
    ['stauts', 'status'],
  ])('%s', (name, first) => {
    expect(nearestNames(name, names)[0]).toBe(first)
  })
  it('are none for what is like nothing', () => {
    expect(nearestNames('zzz', names)).toEqual([])
    expect(nearestNames('x'.repeat(100_000), names)).toEqual([])
  })
})
