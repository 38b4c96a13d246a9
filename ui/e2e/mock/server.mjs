// A small imitation of the server for working on the interface alone: it serves
// dist/ and answers, from memory, the requests that Discover sends.
//
//   npm run build && npm run mock -- --port 5602 [--empty] [--age MINUTES]

import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { extname } from 'node:path'
import { parseArgs } from 'node:util'
import { MAPPING, makeEvents } from './events.mjs'
import { search } from './search.mjs'

const { values: flags } = parseArgs({
  options: {
    port: { type: 'string', default: '5601' },
    empty: { type: 'boolean' },
    age: { type: 'string', default: '0' },
  },
})
const end = () => Date.now() - Number(flags.age) * 60_000
const events = flags.empty
  ? []
  : makeEvents({ end: end() }).map((source, i) => ({
      _index: 'chatgpt-logs-2026.11.21',
      _id: `e${i}`,
      _source: source,
    }))

if (!flags.empty && flags.age === '0') {
  setInterval(() => {
    const fresh = makeEvents({ seed: Date.now(), end: Date.now(), minutes: 1, perMinute: 40 }).slice(-2)
    for (const source of fresh) {
      source['@timestamp'] = new Date().toISOString()
      events.push({ _index: 'chatgpt-logs-2026.11.21', _id: `e${events.length}`, _source: source })
    }
  }, 1000)
}

const TYPES = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

createServer(async (request, response) => {
  const { pathname } = new URL(request.url, 'http://mock')
  try {
    if (pathname.startsWith('/es/')) await api(pathname.slice(3), request, response)
    else await file(pathname, response)
  } catch (error) {
    json(response, 400, {
      error: { type: 'illegal_argument_exception', reason: String(error.message) },
      status: 400,
    })
  }
}).listen(Number(flags.port), '127.0.0.1', function () {
  console.log(`http://127.0.0.1:${this.address().port}`)
})

async function api(path, request, response) {
  if (path === '/_cat/indices') {
    return json(
      response,
      200,
      events.length ? [{ index: 'chatgpt-logs-2026.11.21', 'docs.count': String(events.length) }] : [],
    )
  }
  if (path.endsWith('/_mapping'))
    return json(response, 200, events.length ? { 'chatgpt-logs-2026.11.21': { mappings: MAPPING } } : {})
  if (path.endsWith('/_search')) {
    let body = ''
    for await (const chunk of request) body += chunk
    return json(response, 200, search(events, JSON.parse(body || '{}')))
  }
  json(response, 405, { error: `no handler found for uri [${path}]`, status: 405 })
}

async function file(pathname, response) {
  const name = extname(pathname) === '' ? '/index.html' : pathname
  const body = await readFile(new URL(`../../dist${name}`, import.meta.url)).catch(() => null)
  response.writeHead(body ? 200 : 404, { 'Content-Type': TYPES[extname(name)] ?? 'text/plain' })
  response.end(body ?? 'not found')
}

function json(response, status, body) {
  response.writeHead(status, { 'Content-Type': 'application/json' })
  response.end(JSON.stringify(body))
}
