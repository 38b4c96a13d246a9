import { describe, expect, it } from 'vitest'
import type { Field } from '../fields'
import type { Json } from '../vis/json'
import type { VisAnswer } from '../vis/response'
import type { Env } from './env'
import { parseExpression } from './expression'
import { runExpression } from './run'
import type { Drawing } from './values'

const field = (name: string, kind: Field['kind'], aggregateOn: string | null = name): Field => ({
  name,
  type: kind,
  kind,
  searchable: true,
  aggregateOn,
  split: [],
})

const FIELDS = [
  field('@timestamp', 'date'),
  field('level', 'keyword'),
  field('ms', 'number'),
  field('text', 'text', 'text.keyword'),
]

interface Asked {
  index: string
  body: Json
}

function world(answers: Partial<VisAnswer>[] = []) {
  const asked: Asked[] = []
  const notes: string[] = []
  const env: Env = {
    range: { from: Date.UTC(2026, 0, 1), to: Date.UTC(2026, 0, 2) },
    rangeText: 'Last 24 hours',
    now: Date.UTC(2026, 0, 2),
    timeZone: 'UTC',
    search: async (index, body) => {
      asked.push({ index, body })
      return { total: null, hits: [], aggregations: {}, missing: [], ...answers[asked.length - 1] }
    },
    fields: async () => FIELDS,
    timeField: async () => '@timestamp',
    assets: new Map([['logo', 'data:image/png;base64,AAAA']]),
    variables: new Map([['team', 'search']]),
    note: text => void notes.push(text),
  }
  const run = async (text: string) => runExpression(parseExpression(text), env)
  const draw = async <K extends Drawing['kind']>(kind: K, text: string) => {
    const { drawing } = await run(text)
    expect(drawing.kind).toBe(kind)
    return drawing as Extract<Drawing, { kind: K }>
  }
  return { asked, notes, run, draw }
}

const TIME = {
  range: {
    '@timestamp': {
      gte: '2026-01-01T00:00:00.000Z',
      lte: '2026-01-02T00:00:00.000Z',
      format: 'strict_date_optional_time',
    },
  },
}

const CSV = 'csv "who,n,kind\nann,3,a\nbob,5,b\ncid,10,a" | alterColumn n type=number'

describe('data', () => {
  it('of esdocs are documents in the time of the workpad', async () => {
    const { asked, draw } = world([
      {
        hits: [
          {
            index: 'x',
            id: '1',
            sort: [],
            source: { '@timestamp': '2026-01-01T10:00:00Z', a: { b: [1, 2] }, 'c.d': 'e' },
          },
        ] as never,
      },
    ])
    const { table } = await draw(
      'table',
      'filters | esdocs query="level:ERROR" index="logs-*" fields="@timestamp, a.b, c.d, constructor" sort="@timestamp, desc" count=5 | table',
    )
    expect(asked[0]).toEqual({
      index: 'logs-*',
      body: {
        query: { bool: { filter: [TIME, { query_string: { query: 'level:ERROR' } }] } },
        size: 5,
        track_total_hits: false,
        _source: ['@timestamp', 'a.b', 'c.d', 'constructor'],
        sort: [{ '@timestamp': { order: 'desc', unmapped_type: 'keyword' } }],
      },
    })
    expect(table.rows).toEqual([[Date.UTC(2026, 0, 1, 10), '1, 2', 'e', null]])
    expect(table.columns[0]?.type).toBe('date')
  })
  it('of escount is a number, without the time where no filters stand before it', async () => {
    const { asked, draw } = world([{ total: { value: 12345, exact: true } }])
    const drawing = await draw('metric', 'escount index="logs-*" | metric "Lines" metricFormat="0,0"')
    expect(drawing.value).toBe('12,345')
    expect(drawing.label).toBe('Lines')
    expect(asked[0]?.body).toEqual({ query: { bool: { filter: [] } }, size: 0, track_total_hits: true })
  })
  it('that is partly missing says so', async () => {
    const { notes, draw } = world([{ total: { value: 1, exact: true }, missing: ['1 of 2 shards failed'] }])
    await draw('metric', 'escount | metric')
    expect(notes).toEqual(['Part of the data is missing: 1 of 2 shards failed.'])
  })
})

describe('functions', () => {
  it.each([
    [`${CSV} | math "sum(n)" | metric`, '18'],
    [`${CSV} | math "round(mean(n), 1) * 2 ^ 3 - -1" | metric`, '49'],
    [`${CSV} | filterrows {getCell n | gt 4} | rowCount | metric`, '2'],
    [`${CSV} | sort n reverse=true | getCell who | metric`, 'cid'],
    [`${CSV} | ply by=kind fn={math "sum(n)" | as total} | getCell total | metric`, '13'],
    [`${CSV} | mapColumn half fn={math "n / 2"} | math "max(half)" | metric`, '5'],
    [`${CSV} | head 2 | tail 1 | joinRows who quote="" | metric`, 'bob'],
    [
      'date "2026-01-02T03:04:05Z" | rounddate "YYYY-MM" | formatdate "YYYY-MM-DD HH:mm" | metric',
      '2026-01-01 00:00',
    ],
    ['date | formatdate "[Week of] D MMM \'YY" | metric', "Week of 2 Jan '26"],
    ['string "a" 1 true | metric', 'a1true'],
    ['string "x" | if {eq "x"} then="yes" else="no" | metric', 'yes'],
    [
      'math "7" | switch {case if={lt 5} then="low"} {case if={all {gte 5} {lt 9}} then="middle"} default="high" | metric',
      'middle',
    ],
    ['math "4 / 0" | metric', '–'],
    ['var team | metric', 'search'],
  ])('%s', async (text, value) => {
    expect((await world().draw('metric', text)).value).toBe(value)
  })
  it('group rows to points: columns are dimensions, calculations are measures', async () => {
    const { series } = await world().draw(
      'plot',
      `${CSV} | pointseries x="kind" y="sum(n)" color="kind" | plot`,
    )
    expect(series.points.map(p => [p.x, p.y])).toEqual([
      ['a', 13],
      ['b', 5],
    ])
    expect(series.x).toEqual({ label: 'kind', kind: 'dimension', type: 'string' })
    expect(series.y?.kind).toBe('measure')
  })
  it('draw progress as a share, shapes, images of the workpad and saved charts', async () => {
    const { draw } = world()
    expect(
      await draw('progress', 'math "150" | progress shape="wheel" max=100 label={formatnumber "0"}'),
    ).toMatchObject({
      share: 1,
      label: '150',
      shape: 'wheel',
    })
    expect(await draw('shape', 'shape "star" fill="#ff0000" | render')).toMatchObject({
      shape: 'star',
      fill: '#ff0000',
    })
    expect(await draw('image', 'image dataurl={asset "logo"} mode="cover" | render')).toMatchObject({
      source: 'data:image/png;base64,AAAA',
      mode: 'cover',
    })
    expect(
      (await draw('saved', 'savedLens id="x" title="T" timerange={timerange from="now-1d" to="now"}')).saved,
    ).toEqual({
      key: { type: 'lens', id: 'x' },
      own: null,
      title: 'T',
      range: { from: 'now-1d', to: 'now' },
    })
    const config = btoa(JSON.stringify({ savedObjectId: 'y' }))
    expect(
      (await draw('saved', `embeddable config="${config}" type="visualization" | render`)).saved.key,
    ).toEqual({
      type: 'visualization',
      id: 'y',
    })
  })
  it('fill texts with values, which are no marks', async () => {
    const { draw } = world()
    const text = `${CSV} | markdown "{{rows.1.who}} {{n}} {{#each rows}}<{{who}}>{{/each}} {{math rows 'sum(n)' 1}} {{format n '0.00'}}" " {{#if n}}some{{else}}none{{/if}}"`
    expect((await draw('markdown', text)).text).toBe('bob 3 <ann><bob><cid> 18.0 3.00 some')
    const hostile = 'csv "a\n[x](javascript:alert(1)) **b**" | markdown "{{a}}"'
    expect((await draw('markdown', hostile)).text).toBe('\\[x\\]\\(javascript:alert\\(1\\)\\) \\*\\*b\\*\\*')
  })
})

describe('what is refused', () => {
  it.each([
    ['demodata | table', '“demodata”: Made-up data'],
    ['esdoc | table', 'did you mean “esdocs”?'],
    ['__proto__ | table', 'no function “__proto__”'],
    ['metric wrong=1', '“metric” has no argument “wrong” here; there are label,'],
    ['math "1" | progress shape="unicorn"', 'no shape “unicorn” here; there are gauge,'],
    ['math "1" | progress max=0', 'needs a max above 0'],
    ['filters | table', '“table” needs a table from what stands before it, and got filter'],
    [`${CSV} | math "n"`, 'must come to one number'],
    [`${CSV} | math "sum(m)"`, 'There is no column “m”; there are who, n, kind.'],
    [`${CSV} | math "eval(n)"`, 'Calculations have no function “eval”'],
    [`${CSV} | math "sum(n"`, 'ends too early'],
    [`${CSV} | markdown "{{nope}}"`, 'names {{nope}}, which is not there; columns: who, n, kind.'],
    [`${CSV} | markdown "{{#each rows}}"`, 'does not close {{#each}}'],
    ['image dataurl={asset "other"}', 'The workpad has no image “other”.'],
    ['string "a" | replace "(a+)+$" | metric', '“replace”: Patterns of a foreign file'],
    ['essql "SELECT 1" parameter=1', 'Parameters of “essql” are not supported'],
  ])('%s', async (text, reason) => {
    await expect(world().run(text)).rejects.toThrow(reason)
  })
  it('is more work than a page can do', async () => {
    const rows = Array.from({ length: 10_000 }, (_, i) => String(i)).join('\n')
    const each = Array.from({ length: 30 }, () => 'context').join('|')
    await expect(
      world().run(`csv "n\n${rows}" | mapColumn m fn={getCell n | ${each}} | table`),
    ).rejects.toThrow('steps')
  })
  it('names what has no effect', async () => {
    const { notes, run } = world()
    await run(
      'filters group="a" | clear | image "https://example.com/x.png" | render css=".x { color: red; }"',
    )
    expect(notes).toEqual([
      'The filters of the workpad are not in groups here.',
      'An image that is not in the workpad is not loaded: upload it.',
      'CSS of its own is kept and not applied.',
    ])
  })
  it('is a style that is none', async () => {
    const { run } = world()
    const { drawing, container } = await run(
      'shape fill="url(//evil)" border="red;position:fixed" | render containerStyle={containerStyle backgroundColor="red;x" border="1px solid url(x)" borderRadius="9vw" opacity=7}',
    )
    expect(drawing).toMatchObject({ fill: null, border: null })
    expect(container).toMatchObject({ background: null, border: null, radius: 0, opacity: 1 })
  })
})
