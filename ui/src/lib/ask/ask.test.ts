import { describe, expect, it } from 'vitest'
import { fieldsOfMappings, type MappingProperty } from '../fields'
import { parseKql } from '../kql/parse'
import { resolveRange } from '../time/range'
import { type Answer, ask, type World } from './ask'

/** Thursday. */
const NOW = Date.parse('2026-11-26T14:30:00Z')

const properties = (types: Record<string, string>): Record<string, MappingProperty> => {
  const root: Record<string, MappingProperty> = {}
  for (const [name, type] of Object.entries(types)) {
    const path = name.split('.')
    let at = root
    for (const part of path.slice(0, -1)) {
      at[part] ??= { properties: {} }
      at = at[part].properties as Record<string, MappingProperty>
    }
    at[path.at(-1) as string] = { type }
  }
  return root
}

function world(types: Record<string, string>, values: Record<string, string[]>) {
  return {
    fields: fieldsOfMappings([{ index: 'logs', properties: properties(types) }]),
    timeField: '@timestamp',
    values: Object.entries(values).flatMap(([field, all]) =>
      all.map((value, i) => ({ field, value, count: 100 - i })),
    ),
    present: null as ReadonlySet<string> | null,
  }
}

const AI = world(
  {
    '@timestamp': 'date',
    timestamp: 'date',
    log_level: 'keyword',
    service_name: 'keyword',
    service: 'keyword',
    environment: 'keyword',
    region: 'keyword',
    deployment_version: 'keyword',
    tool_name: 'keyword',
    user_id: 'keyword',
    session_id: 'keyword',
    plan: 'keyword',
    event_type: 'keyword',
    message: 'text',
    status: 'integer',
    response_time: 'long',
    response_time_category: 'keyword',
    error_type: 'keyword',
    client_ip: 'ip',
    'geoip.country_name': 'keyword',
    'geoip.city_name': 'keyword',
    model: 'keyword',
    prompt: 'text',
    prompt_category: 'keyword',
    prompt_length: 'integer',
    prompt_tokens: 'long',
    completion_tokens: 'long',
    tokens_used: 'long',
    cost: 'double',
    'model_metadata.model_version': 'keyword',
    'request_context.user_id': 'keyword',
  },
  {
    log_level: ['INFO', 'WARN', 'ERROR', 'DEBUG'],
    service_name: ['mcp-server', 'auth-service', 'llm-gateway', 'restaurant-booking', 'document-search'],
    environment: ['production'],
    region: ['us-east-1', 'eu-west-1'],
    tool_name: ['search_documents', 'search_restaurants', 'create_reservation'],
    user_id: ['user_28b5'],
    plan: ['free', 'pro'],
    event_type: ['response', 'error'],
    error_type: ['VectorIndexError', 'TypeError', 'RateLimitError', 'InferenceTimeoutError'],
    'geoip.country_name': ['India', 'United States', 'Germany'],
    model: ['gpt-4o', 'gpt-4o-mini', 'claude-sonnet'],
    prompt_category: ['coding', 'writing'],
  },
)

const WEB = world(
  {
    '@timestamp': 'date',
    'log.level': 'keyword',
    'service.name': 'keyword',
    'host.name': 'keyword',
    'url.path': 'keyword',
    'http.response.status_code': 'long',
    'http.response.bytes': 'long',
    'event.duration': 'long',
    'event.action': 'keyword',
    'event.outcome': 'keyword',
    'user.name': 'keyword',
    'user_agent.name': 'keyword',
    'client.ip': 'ip',
    message: 'match_only_text',
  },
  {
    'log.level': ['info', 'error', 'fatal'],
    'service.name': ['checkout', 'cart'],
    'host.name': ['web-1', 'web-2'],
    'url.path': ['/cart', '/checkout'],
    'event.action': ['user-login', 'user-logout', 'payment'],
    'event.outcome': ['success', 'failure'],
    'user.name': ['anna', 'ben'],
  },
)

/** What is drawn, in one line: the kind, the metrics, the buckets. */
function drawn({ chart }: Answer): string | null {
  if (chart === null) return null
  const one = ({ type, params }: NonNullable<Answer['chart']>['aggs'][number]) => {
    const field = typeof params.field === 'string' ? ` ${params.field}` : ''
    if (type === 'terms') return `terms${field} ${params.size} ${params.order} by ${params.orderBy}`
    if (type === 'date_histogram') return `every ${params.interval}`
    if (type === 'percentiles') return `p${(params.percents as number[])[0]}${field}`
    if (type === 'formula') return String(params.formula)
    if (type === 'filters')
      return (params.filters as { label: string; input: { query: string } }[])
        .map(f => `${f.label} [${f.input.query}]`)
        .join(' | ')
    return `${type}${field}`
  }
  return `${chart.type}: ${chart.aggs.map(one).join('; ')}`
}

interface Expected {
  kql?: string
  time?: string
  by?: string
  sort?: string
  chart?: string
  /** Words that are not understood. */
  left?: string
}

function answer(text: string, of: World): Expected {
  const found = ask(text, of, NOW)
  if (found === null) return {}
  const left = found.phrases.filter(p => p.meaning === null).map(p => text.slice(p.start, p.end))
  const chart = drawn(found)
  return {
    kql: found.kql,
    ...(found.range && { time: `${found.range.from} ${found.range.to}` }),
    ...(found.breakdown !== null && { by: found.breakdown }),
    ...(found.sort && { sort: `${found.sort.field} ${found.sort.order}` }),
    ...(chart !== null && { chart }),
    ...(left.length > 0 && { left: left.join(', ') }),
  }
}

const AI_QUESTIONS: [string, Expected][] = [
  [
    'errors of restaurant-booking since yesterday',
    { kql: 'log_level: ERROR and service_name: restaurant-booking', time: 'now-1d/d now' },
  ],
  [
    'slowest tools in the last hour',
    { kql: '', time: 'now-1h now', chart: 'horizontal_bar: avg response_time; terms tool_name 10 desc by 1' },
  ],
  [
    'how many tokens did gpt-4o use today by user',
    {
      kql: 'model: gpt-4o',
      time: 'now/d now/d',
      chart: 'horizontal_bar: sum tokens_used; terms user_id 10 desc by 1',
    },
  ],
  [
    'failed logins per hour last week',
    {
      kql: 'log_level: ERROR and service_name: auth-service',
      time: 'now-1w/w now-1w/w',
      chart: 'histogram: count; every 1h',
    },
  ],
  ['top 5 users by cost', { kql: '', chart: 'horizontal_bar: sum cost; terms user_id 5 desc by 1' }],
  [
    'compare error rate today with yesterday',
    {
      kql: '',
      time: 'now-1d/d now/d',
      chart:
        'histogram: count(kql=\'log_level: ERROR\') / count(); today [@timestamp >= "now/d" and @timestamp <= "now/d"] | yesterday [@timestamp >= "now-1d/d" and @timestamp <= "now-1d/d"]',
    },
  ],
  ['errors', { kql: 'log_level: ERROR' }],
  ['show me all warnings', { kql: 'log_level: WARN' }],
  ['errors today', { kql: 'log_level: ERROR', time: 'now/d now/d' }],
  ['errors in the last 30 minutes', { kql: 'log_level: ERROR', time: 'now-30m now' }],
  ['errors in the past 2 days', { kql: 'log_level: ERROR', time: 'now-2d now' }],
  ['errors last 15m', { kql: 'log_level: ERROR', time: 'now-15m now' }],
  ['errors in the last week', { kql: 'log_level: ERROR', time: 'now-1w now' }],
  ['errors this week', { kql: 'log_level: ERROR', time: 'now/w now/w' }],
  ['errors last month', { kql: 'log_level: ERROR', time: 'now-1M/M now-1M/M' }],
  ['errors on monday', { kql: 'log_level: ERROR', time: 'now-3d/d now-3d/d' }],
  ['errors since tuesday', { kql: 'log_level: ERROR', time: 'now-2d/d now' }],
  ['errors on 2026-11-20', { kql: 'log_level: ERROR', time: '2026-11-20T00:00:00 2026-11-20T23:59:59.999' }],
  ['errors since 9:00', { kql: 'log_level: ERROR', time: '2026-11-26T09:00:00 now' }],
  [
    'errors between 13:00 and 14:00',
    { kql: 'log_level: ERROR', time: '2026-11-26T13:00:00 2026-11-26T14:00:00' },
  ],
  ['errors since 18:00', { kql: 'log_level: ERROR', time: '2026-11-25T18:00:00 now' }],
  ['errors since 3 hours ago', { kql: 'log_level: ERROR', time: 'now-3h now' }],
  ['errors by service', { kql: 'log_level: ERROR', by: 'service_name' }],
  [
    'errors by service since yesterday',
    { kql: 'log_level: ERROR', time: 'now-1d/d now', by: 'service_name' },
  ],
  ['how many errors today', { kql: 'log_level: ERROR', time: 'now/d now/d', chart: 'metric: count' }],
  [
    'how many errors by service and region',
    {
      kql: 'log_level: ERROR',
      chart: 'table: count; terms service_name 10 desc by 1; terms region 10 desc by 1',
    },
  ],
  [
    'errors per hour by service',
    { kql: 'log_level: ERROR', chart: 'histogram: count; terms service_name 5 desc by 1; every 1h' },
  ],
  ['requests per 5 minutes', { kql: '', chart: 'histogram: count; every 5m' }],
  ['error rate over time', { kql: '', chart: "line: count(kql='log_level: ERROR') / count(); every auto" }],
  [
    'error rate by service',
    {
      kql: '',
      chart: "horizontal_bar: count(kql='log_level: ERROR') / count(); terms service_name 10 desc by _count",
    },
  ],
  [
    'p95 latency by tool',
    { kql: '', chart: 'horizontal_bar: p95 response_time; terms tool_name 10 desc by 1.95' },
  ],
  [
    'average response time of restaurant-booking per hour',
    { kql: 'service_name: restaurant-booking', chart: 'line: avg response_time; every 1h' },
  ],
  ['median latency today', { kql: '', time: 'now/d now/d', chart: 'metric: p50 response_time' }],
  [
    'maximum latency by region',
    { kql: '', chart: 'horizontal_bar: max response_time; terms region 10 desc by 1' },
  ],
  ['slowest requests today', { kql: '', time: 'now/d now/d', sort: 'response_time desc' }],
  ['slow requests of mcp-server', { kql: 'service_name: mcp-server', sort: 'response_time desc' }],
  ['requests slower than 2 s', { kql: 'response_time > 2000' }],
  ['requests slower than 500 ms in eu-west-1', { kql: 'response_time > 500 and region: eu-west-1' }],
  ['latency over 1.5s today', { kql: 'response_time > 1500', time: 'now/d now/d' }],
  ['requests with more than 1000 tokens', { kql: 'tokens_used > 1000' }],
  ['prompts with at least 2k tokens', { kql: 'tokens_used >= 2000' }],
  ['requests with cost above 0.5', { kql: 'cost > 0.5' }],
  ['cost per day', { kql: '', chart: 'histogram: sum cost; every 1d' }],
  [
    'total cost by model this month',
    { kql: '', time: 'now/M now/M', chart: 'horizontal_bar: sum cost; terms model 10 desc by 1' },
  ],
  [
    'how much did gpt-4o-mini cost yesterday?',
    { kql: 'model: gpt-4o-mini', time: 'now-1d/d now-1d/d', chart: 'metric: sum cost' },
  ],
  ['average cost by user', { kql: '', chart: 'horizontal_bar: avg cost; terms user_id 10 desc by 1' }],
  ['most expensive models', { kql: '', chart: 'horizontal_bar: sum cost; terms model 10 desc by 1' }],
  ['how many users today', { kql: '', time: 'now/d now/d', chart: 'metric: cardinality user_id' }],
  ['how many different users per day', { kql: '', chart: 'line: cardinality user_id; every 1d' }],
  [
    'how many sessions by country',
    { kql: '', chart: 'horizontal_bar: cardinality session_id; terms geoip.country_name 10 desc by 1' },
  ],
  ['top tools', { kql: '', chart: 'horizontal_bar: count; terms tool_name 10 desc by 1' }],
  [
    'top 3 tools by errors',
    { kql: 'log_level: ERROR', chart: 'horizontal_bar: count; terms tool_name 3 desc by 1' },
  ],
  [
    'most common errors',
    { kql: 'log_level: ERROR', chart: 'horizontal_bar: count; terms error_type 10 desc by 1' },
  ],
  [
    'which users had the most errors this week',
    {
      kql: 'log_level: ERROR',
      time: 'now/w now/w',
      chart: 'horizontal_bar: count; terms user_id 10 desc by 1',
    },
  ],
  ['users in Germany', { kql: 'geoip.country_name: Germany', by: 'user_id' }],
  ['errors in united states', { kql: 'log_level: ERROR and geoip.country_name: "United States"' }],
  ['everything of user user_28b5', { kql: 'user_id: user_28b5', left: 'everything' }],
  ['tool create_reservation failed', { kql: 'tool_name: create_reservation and log_level: ERROR' }],
  ['status 500 today', { kql: 'status: 500', time: 'now/d now/d' }],
  ['status 5xx by service', { kql: '(status >= 500 and status < 600)', by: 'service_name' }],
  ['timeouts in the last hour', { kql: 'error_type: InferenceTimeoutError', time: 'now-1h now' }],
  ['errors without restaurant-booking', { kql: 'log_level: ERROR and not service_name: restaurant-booking' }],
  [
    'errors not of mcp-server or auth-service',
    { kql: 'log_level: ERROR and not (service_name: mcp-server or service_name: auth-service)' },
  ],
  ['events containing timeout', { kql: 'timeout' }],
  ['errors with "connection refused"', { kql: 'log_level: ERROR and "connection refused"' }],
  [
    'tokens by model and prompt category',
    {
      kql: '',
      chart: 'table: sum tokens_used; terms model 10 desc by 1; terms prompt_category 10 desc by 1',
    },
  ],
  [
    'completion tokens over time by model',
    { kql: '', chart: 'histogram: sum completion_tokens; terms model 5 desc by 1; every auto' },
  ],
  ['errors of the flux capacitor', { kql: 'log_level: ERROR', left: 'flux capacitor' }],
  [
    'compare tokens today vs yesterday by model',
    {
      kql: '',
      time: 'now-1d/d now/d',
      chart:
        'histogram: sum tokens_used; terms model 10 desc by 1; today [@timestamp >= "now/d" and @timestamp <= "now/d"] | yesterday [@timestamp >= "now-1d/d" and @timestamp <= "now-1d/d"]',
    },
  ],
  ['errors of free users', { kql: 'log_level: ERROR and plan: free', by: 'user_id' }],
]

const WEB_QUESTIONS: [string, Expected][] = [
  ['errors on web-1', { kql: 'log.level: (error or fatal) and host.name: web-1' }],
  [
    'failed logins today',
    { kql: 'event.outcome: failure and event.action: user-login', time: 'now/d now/d' },
  ],
  [
    'slowest endpoints',
    { kql: '', chart: 'horizontal_bar: avg event.duration; terms url.path 10 desc by 1' },
  ],
  ['requests slower than 2 seconds', { kql: 'event.duration > 2000000000' }],
  [
    'traffic by host per hour',
    { kql: '', chart: 'histogram: sum http.response.bytes; terms host.name 5 desc by 1; every 1h' },
  ],
  ['status code 404 by page', { kql: 'http.response.status_code: 404', by: 'url.path' }],
  ['top 20 ips', { kql: '', chart: 'horizontal_bar: count; terms client.ip 20 desc by 1' }],
  [
    'errors of the checkout service',
    { kql: 'log.level: (error or fatal) and service.name: checkout', by: 'service.name' },
  ],
  ['how many users logged in', { kql: '', chart: 'metric: cardinality user.name', left: 'logged' }],
  [
    'payments of anna yesterday',
    { kql: 'event.action: payment and user.name: anna', time: 'now-1d/d now-1d/d' },
  ],
]

// The mapping has a field that no event has.
AI.present = new Set(AI.fields.map(f => f.name).filter(name => name !== 'service'))

describe.each([
  ['logs of AI', AI, AI_QUESTIONS],
  ['logs of the web', WEB, WEB_QUESTIONS],
] as const)('questions about %s', (_, of, questions) => {
  it.each(questions)('%s', (text, expected) => {
    expect(answer(text, of)).toEqual(expected)
  })
  it.each(questions)('%s: can be searched for', text => {
    const found = ask(text, of, NOW)
    expect(() => parseKql(found?.kql ?? '')).not.toThrow()
    if (found?.range) expect(resolveRange(found.range, NOW)).not.toBeNull()
  })
})

it('a field that only the mapping has stands behind one of another name that events have', () => {
  const tools = world(
    { '@timestamp': 'date', tool_name: 'keyword', latency_ms: 'long', response_time: 'long' },
    {},
  )
  expect(answer('slowest tools', tools).chart).toBe(
    'horizontal_bar: avg latency_ms; terms tool_name 10 desc by 1',
  )
  tools.present = new Set(['@timestamp', 'tool_name', 'response_time'])
  expect(answer('slowest tools', tools).chart).toBe(
    'horizontal_bar: avg response_time; terms tool_name 10 desc by 1',
  )
})
