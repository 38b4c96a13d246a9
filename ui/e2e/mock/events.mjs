// Believable events of a ChatGPT app and its MCP servers, the same on each run for one seed.

function random(seed) {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

const SERVICES = [
  ['restaurant-booking', ['create_reservation', 'search_restaurants', 'cancel_reservation']],
  ['mcp-server', ['list_tools', 'call_tool', 'read_resource']],
  ['auth-service', ['verify_token', 'refresh_token']],
  ['widget-runtime', ['MapWidget', 'CalendarWidget']],
  ['llm-gateway', ['chat_completion', 'embedding']],
]
const ERRORS = [
  'UnhandledPromiseRejection: Connection timeout',
  "TypeError: Cannot read properties of undefined (reading 'id')",
  'ECONNREFUSED 10.0.4.17:5432',
  '429 Too Many Requests: rate limit reached for gpt-4o in organization org-4f1',
]
const PROMPTS = [
  'Book a table for two at 8 pm near the river',
  'Summarise the attached contract in five points',
  'Write a SQL query that finds duplicate invoices',
]

/** Events from oldest to newest, `perMinute` on average up to `end`. */
export function makeEvents({ seed = 7, end = Date.now(), minutes = 90, perMinute = 60 }) {
  const next = random(seed)
  const pick = list => list[Math.floor(next() * list.length)]
  const events = []
  for (let m = minutes; m > 0; m--) {
    const incident = m % 37 < 4
    const count = Math.round(
      perMinute * (0.7 + 0.5 * Math.sin(m / 9) ** 2 + (incident ? 0.8 : 0)) * (0.8 + 0.4 * next()),
    )
    for (let i = 0; i < count; i++) {
      const at = Math.floor(end - m * 60_000 + next() * 60_000)
      events.push(makeEvent(at, next, pick, incident))
    }
  }
  return events.sort((a, b) => a['@timestamp'].localeCompare(b['@timestamp']))
}

function makeEvent(at, next, pick, incident) {
  const [service, tools] = pick(SERVICES)
  const tool = pick(tools)
  const roll = next()
  const level =
    roll < (incident ? 0.24 : 0.03)
      ? 'ERROR'
      : roll < 0.1
        ? 'WARN'
        : roll < 0.93
          ? 'INFO'
          : roll < 0.998
            ? 'DEBUG'
            : 'CRITICAL'
  const user = `user_${Math.floor(next() ** 3 * 400) + 100}`
  const duration = Math.round((level === 'ERROR' ? 4000 : 120) * (0.4 + next() * 2.2))
  const event = {
    '@timestamp': new Date(at).toISOString(),
    log_level: level,
    service_name: service,
    tool_name: tool,
    user_id: user,
    response_time: duration,
    trace_id:
      Math.floor(next() * 2 ** 48)
        .toString(16)
        .padStart(12, '0') +
      Math.floor(next() * 2 ** 48)
        .toString(16)
        .padStart(12, '0'),
    environment: 'production',
    region: pick(['eu-central-1', 'us-east-1', 'ap-southeast-2']),
    deployment_version: pick(['v2.14.0', 'v2.14.0', 'v2.13.3']),
    client_ip: `203.0.113.${Math.floor(next() * 250) + 1}`,
    message: `Tool call: ${tool} user=${user} duration=${duration}ms`,
  }
  if (level === 'ERROR' || level === 'CRITICAL') {
    event.message = 'Tool call failed'
    event.error_message = level === 'CRITICAL' ? 'Out of memory: process exiting' : pick(ERRORS)
    event.stack_trace = `Error: ${event.error_message}\n    at handler (/app/src/tools/${tool}.js:17:24)\n    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)\n    at async Server.handleToolCall (/app/src/server.js:88:5)`
  } else if (level === 'WARN') {
    event.message = `Slow tool call: ${tool} took ${duration * 9}ms, limit 1000ms`
  } else if (service === 'llm-gateway') {
    const prompt = Math.floor(next() * 900) + 40
    const completion = Math.floor(next() * 600) + 20
    Object.assign(event, {
      model: pick(['gpt-4o', 'gpt-4o-mini', 'o4-mini']),
      prompt: pick(PROMPTS),
      message: `completion finished in ${duration} ms, ${prompt + completion} tokens`,
      tokens: { prompt, completion, total: prompt + completion },
      cost_usd: Number(((prompt + 3 * completion) * 0.0000025).toFixed(6)),
    })
  }
  return event
}

export const MAPPING = {
  properties: {
    '@timestamp': { type: 'date' },
    ...Object.fromEntries(
      [
        'log_level',
        'service_name',
        'tool_name',
        'user_id',
        'trace_id',
        'environment',
        'region',
        'deployment_version',
        'model',
      ].map(name => [name, { type: 'keyword' }]),
    ),
    client_ip: { type: 'ip' },
    response_time: { type: 'float' },
    cost_usd: { type: 'float' },
    tokens: {
      properties: { prompt: { type: 'long' }, completion: { type: 'long' }, total: { type: 'long' } },
    },
    message: { type: 'text', fields: { keyword: { type: 'keyword', ignore_above: 256 } } },
    error_message: { type: 'text', fields: { keyword: { type: 'keyword', ignore_above: 256 } } },
    prompt: { type: 'text' },
    stack_trace: { type: 'text' },
  },
}
