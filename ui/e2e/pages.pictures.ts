// Pictures of every page over the made-up workload, and over names and texts that are hard on a layout.

import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { elkhorn, forgive, freshPage, journeys, page } from './journey'
import { picture } from './picture'

const CONF = (folder: string) => `input {
  file { id => "access" path => "${folder}/access.log" start_position => "beginning" mode => "tail" }
}
filter {
  grok { id => "split" match => { "message" => "%{IPORHOST:client} %{WORD:method} %{URIPATH:path} %{NOTSPACE:status} %{NUMBER:took}" } }
  if "_grokparsefailure" in [tags] {
    drop { id => "unread" }
  } else if [path] =~ /^\\/admin/ {
    mutate { id => "watched" add_tag => ["watched"] }
  }
  mutate { id => "numbers" convert => { "took" => "float" } remove_field => ["event", "log"] }
}
output {
  elasticsearch { id => "store" hosts => ["http://elasticsearch:9200"] index => "access-2026" }
}
`
const LONG =
  'an-index-of-the-department-for-weights-and-measures-with-a-name-that-nobody-wanted-to-shorten-2026.11'
const RANGE = 'from=now-1h&to=now'
const LLM = `index=llm-logs-demo-*&${RANGE}`

journeys(
  async () => {
    await elkhorn.put('/access-2026', { mappings: { properties: { status: { type: 'short' } } } })
    const lines = Array.from({ length: 60 }, (_, i) => {
      const status = i % 12 === 5 ? 'gateway-timeout' : i % 7 === 0 ? 404 : 200
      return `192.0.2.${i} GET ${i % 5 === 0 ? '/admin/users' : '/orders'} ${status} ${(i * 37) % 900}\n`
    })
    await appendFile(join(elkhorn.folder, 'access.log'), lines.join(''))
    await elkhorn.bulk(LONG, hardTexts())
    await elkhorn.put('/_index_template/logs-of-the-department-for-weights-and-measures', {
      index_patterns: ['an-index-of-the-department-*', 'measures-*', 'weights-*'],
      priority: 300,
      composed_of: ['no-copies'],
      ignore_missing_component_templates: ['no-copies'],
      template: { settings: { number_of_replicas: 0 } },
    })
    await elkhorn.put('/_ingest/pipeline/access', {
      description: 'Splits lines of web servers, and keeps what cannot be split',
      processors: [
        { dissect: { field: 'message', pattern: '%{client} %{method} %{path}' } },
        { lowercase: { field: 'method' } },
      ],
    })
    await elkhorn.put('/_ingest/pipeline/orders', {
      description: 'Amounts as numbers',
      processors: [{ convert: { field: 'amount', type: 'double' } }, { set: { field: 'seen', value: true } }],
    })
  },
  { pipeline: CONF, demo: true },
)
freshPage({ refusals: true })

/** Right to left, without spaces, of one letter, and longer than a screen. */
function hardTexts() {
  const messages = [
    'خطأ في الاتصال بقاعدة البيانات: انتهت المهلة بعد 5000 مللي ثانية (pool booking-primary)',
    'שגיאה: המשתמש user_42 אינו מורשה לבצע פעולה זו',
    `java.lang.IllegalStateException: ${'connection-pool-exhausted-'.repeat(40)}`,
    'naïve café — “quoted” \u202eevil\u202c end',
    'x',
  ]
  return Array.from({ length: 120 }, (_, i) => ({
    '@timestamp': new Date(Date.now() - i * 20_000).toISOString(),
    log_level: ['ERROR', 'WARN', 'INFO', 'DEBUG', 'FATAL'][i % 5],
    service_name: i % 3 === 0 ? 'a-service-with-a-name-that-is-longer-than-any-column' : 'shop',
    المستخدم: `مستخدم ${i % 9}`,
    a_field_whose_name_is_longer_than_the_list_of_fields_is_wide: i,
    message: messages[i % messages.length],
  }))
}

const said = (text: string | RegExp) => (on: Page) => on.getByText(text).first().waitFor()
const cell = (on: Page) => on.getByRole('row').nth(1).waitFor()
const rows = (on: Page) => on.getByRole('row').nth(3).waitFor()
const key = async (on: Page, ...keys: string[]) => {
  for (const k of keys) await on.keyboard.press(k)
}

interface Shot {
  name: string
  path: string
  ready: (on: Page) => Promise<unknown>
}

const SHOTS: Shot[] = [
  { name: 'discover', path: `/discover?${LLM}`, ready: rows },
  {
    name: 'discover-document',
    path: `/discover?index=chatgpt-logs-demo-*&q=log_level:ERROR&${RANGE}`,
    ready: async on => {
      await rows(on)
      await on.getByRole('table', { name: 'Events', exact: true }).getByRole('row').nth(4).click()
      await on.getByRole('region', { name: 'Document' }).waitFor()
    },
  },
  {
    name: 'discover-hard-texts',
    path: `/discover?index=${LONG}&columns=service_name,${encodeURIComponent('المستخدم')},message&${RANGE}`,
    ready: rows,
  },
  {
    name: 'discover-nothing',
    path: `/discover?${LLM}&q=log_level:NOPE`,
    ready: said(/No event|no event|Nothing/),
  },
  {
    name: 'discover-failed',
    path: `/discover?${LLM}&lang=lucene&q=log_level:/(/`,
    ready: said('The search failed'),
  },
  {
    name: 'discover-patterns',
    path: `/discover?index=chatgpt-logs-demo-*&tab=patterns&${RANGE}`,
    ready: on => on.getByRole('list', { name: 'Patterns' }).getByRole('listitem').nth(2).waitFor(),
  },
  { name: 'discover-fields', path: `/discover?${LLM}&tab=fields`, ready: said('model') },
  {
    name: 'discover-compare',
    path: `/discover?index=chatgpt-logs-demo-*&tab=compare&${RANGE}`,
    ready: on =>
      on
        .getByLabel(/ against /)
        .first()
        .waitFor(),
  },
  {
    name: 'visualize-list',
    path: '/visualize',
    ready: on => on.getByRole('link', { name: 'New visualization' }).waitFor(),
  },
  {
    name: 'visualize-new',
    path: `/visualize/editor?${LLM}`,
    ready: on => on.getByRole('list', { name: 'Fields to draw' }).getByRole('listitem').nth(4).waitFor(),
  },
  {
    name: 'dashboard-new',
    path: '/dashboards/new',
    ready: on => on.getByRole('button', { name: /^Time zone/ }).waitFor(),
  },
  {
    name: 'dashboard-models',
    path: `/dashboards/sample-llm?${RANGE}`,
    ready: on => on.getByRole('heading', { level: 2 }).nth(3).waitFor(),
  },
  { name: 'dashboard-list', path: '/dashboards', ready: rows },
  {
    name: 'monitoring',
    path: '/monitoring',
    ready: on => on.getByRole('img', { name: /^Documents: / }).waitFor(),
  },
  { name: 'indices-list', path: '/management/indices', ready: rows },
  {
    name: 'indices-long-name',
    path: `/management/indices?open=${LONG}&tab=mapping`,
    ready: said('a_field_whose'),
  },
  { name: 'indices-none', path: '/management/indices?find=nowhere', ready: said('No index is called') },
  {
    name: 'streams-none',
    path: '/management/indices?view=streams',
    ready: said('There are no data streams yet'),
  },
  { name: 'templates-list', path: '/management/templates', ready: cell },
  { name: 'ingest-list', path: '/management/ingest_pipelines', ready: cell },
  { name: 'pipelines-list', path: '/pipelines', ready: said('Choose a pipeline') },
  { name: 'pipelines-graph', path: '/pipelines?open=main', ready: said('grok') },
  { name: 'dead-letters-list', path: '/dead_letters', ready: rows },
  { name: 'saved-objects-list', path: '/management/saved_objects', ready: rows },
  { name: 'data-views-list', path: '/management/data_views', ready: said('Data views') },
  {
    name: 'console',
    path: `/dev_tools/console?${new URLSearchParams({ load: CONSOLE() })}`,
    ready: async on => {
      await on.getByRole('textbox').first().focus()
      await key(on, 'ControlOrMeta+Enter')
      await said('200 OK')(on)
    },
  },
  { name: 'grok', path: `/dev_tools/grokdebugger?${GROK()}`, ready: said(/^Matches/) },
  {
    name: 'grok-stops',
    path: `/dev_tools/grokdebugger?${GROK('2026-11-26 nothing')}`,
    ready: said(/matches up to|Stops|Does not match/i),
  },
  {
    name: 'profiler-empty',
    path: '/dev_tools/profiler',
    ready: on => on.getByRole('textbox', { name: 'Search' }).waitFor(),
  },
  {
    name: 'menu',
    path: '/monitoring',
    ready: async on => {
      await on.getByRole('button', { name: 'Elkhorn: pages' }).click()
      await on.getByRole('dialog', { name: 'Pages' }).waitFor()
    },
  },
  {
    name: 'palette',
    path: '/management/indices',
    ready: async on => {
      await rows(on)
      await key(on, 'Control+k')
      await on.getByRole('dialog', { name: 'Commands' }).getByRole('option').nth(5).waitFor()
    },
  },
  {
    name: 'help',
    path: '/management/indices',
    ready: async on => {
      await rows(on)
      await key(on, '?')
      await on.getByRole('dialog').waitFor()
    },
  },
  {
    name: 'not-loaded',
    path: '/management/indices',
    ready: async on => {
      await rows(on)
      await on.route('**/*', route => route.abort('connectionrefused'))
      await key(on, 'g', 'm')
      await said('The server does not answer')(on)
    },
  },
  {
    name: 'list-failed',
    path: '/monitoring',
    ready: async on => {
      await said('Documents written')(on)
      await on.route('**/_cat/**', route =>
        route.fulfill({
          status: 503,
          json: {
            error: { type: 'cluster_block_exception', reason: 'blocked by: the disk is full' },
            status: 503,
          },
        }),
      )
      await key(on, 'g', 'i')
      await said('The list did not come')(on)
    },
  },
]

function CONSOLE() {
  return `# which tools answer slowly
POST chatgpt-logs-demo-*/_search
{
  "size": 0,
  "query": { "range": { "@timestamp": { "gte": "now-1h" } } },
  "aggs": {
    "tools": {
      "terms": { "field": "tool_name", "size": 3 },
      "aggs": { "p95": { "percentiles": { "field": "response_time", "percents": [95] } } }
    }
  }
}

GET _cat/indices?v
`
}

function GROK(text = '2026-03-02T14:32:18Z ERROR [mcp-server] failed after 5012ms') {
  return new URLSearchParams({
    text,
    pattern:
      '%{TIMESTAMP_ISO8601:time} %{LOGLEVEL:level} \\[%{DATA:service}\\] failed after %{INT:took:int}ms',
  })
}

it.each(SHOTS)('$name', async ({ name, path, ready }) => {
  await page.goto(elkhorn.ui + path)
  await ready(page)
  await picture(page, name)
  // The server is away, for one of them.
  forgive('ERR_CONNECTION_REFUSED')
})

/** The value that the events of the last hour tell most about. */
async function richest(index: string, field: string, by: string): Promise<string> {
  const answer = await elkhorn.post(`/${index}/_search`, {
    size: 0,
    query: { range: { '@timestamp': { gte: 'now-1h' } } },
    aggs: {
      found: {
        terms: { field, size: 1, order: { kinds: 'desc' } },
        aggs: { kinds: { cardinality: { field: by } } },
      },
    },
  })
  const { buckets } = (answer.aggregations as { found: { buckets: { key: string }[] } }).found
  expect(buckets).toHaveLength(1)
  return buckets[0]?.key ?? ''
}

it('trace', async () => {
  const trace = await richest('*-demo-*', 'trace_id', 'service_name')
  await page.goto(`${elkhorn.ui}/trace?field=trace_id&value=${trace}`)
  await page.getByRole('region', { name: 'Timeline' }).getByRole('button').first().waitFor()
  await picture(page, 'trace')
})

it('conversation', async () => {
  const session = await richest('llm-logs-demo-*', 'session_id', 'trace_id')
  await page.goto(`${elkhorn.ui}/trace?field=session_id&value=${session}`)
  await page.getByRole('tab', { name: 'Conversation' }).click()
  await page.getByRole('region', { name: 'Conversation' }).waitFor()
  await picture(page, 'trace-conversation')
})

it('one document', async () => {
  const answer = await elkhorn.post('/chatgpt-logs-demo-*/_search', {
    size: 1,
    query: {
      bool: { filter: [{ term: { log_level: 'ERROR' } }, { range: { '@timestamp': { lt: 'now-5m' } } }] },
    },
    sort: [{ '@timestamp': 'desc' }],
  })
  const [hit] = (answer.hits as { hits: { _index: string; _id: string }[] }).hits
  await page.goto(
    `${elkhorn.ui}/document?${new URLSearchParams({ in: hit?._index ?? '', id: hit?._id ?? '' })}`,
  )
  await page.getByRole('row').nth(3).waitFor()
  await picture(page, 'document')
})
