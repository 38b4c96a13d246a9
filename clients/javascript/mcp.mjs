// Speaks the Model Context Protocol with Elastic's MCP server, whose Elasticsearch is the server at the address
// that is the first argument, and compares what its tools say with what was indexed.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'
import { Client } from 'es8'

const url = process.argv[2]
const index = 'js-client-mcp'

const client = new Client({ node: url })
await client.indices.delete({ index, ignore_unavailable: true })
await client.indices.create({ index, mappings: { properties: { level: { type: 'keyword' }, message: { type: 'text' }, ms: { type: 'long' } } } })
await client.helpers.bulk({
  datasource: Array.from({ length: 30 }, (_, n) => ({ level: n % 3 ? 'INFO' : 'ERROR', message: `request ${n} refused`, ms: n })),
  onDocument: () => ({ index: { _index: index } }),
  refreshOnCompletion: true,
})

const server = spawn(process.execPath, [createRequire(import.meta.url).resolve('@elastic/mcp-server-elasticsearch')], {
  env: { ...process.env, ES_URL: url, ES_API_KEY: 'bm9uZTpub25l', OTEL_SDK_DISABLED: 'true' },
  stdio: ['pipe', 'pipe', 'inherit'],
})
const waiting = new Map()
createInterface({ input: server.stdout }).on('line', line => {
  const message = JSON.parse(line)
  waiting.get(message.id)?.(message)
  waiting.delete(message.id)
})

let last = 0
function ask(method, params) {
  const id = ++last
  server.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`)
  return new Promise(resolve => waiting.set(id, resolve)).then(message => {
    assert.equal(message.error, undefined, `${method}: ${JSON.stringify(message.error)}`)
    return message.result
  })
}

// call runs a tool and returns its texts.
async function call(name, args) {
  const result = await ask('tools/call', { name, arguments: args })
  const texts = result.content.map(part => part.text)
  assert.ok(!result.isError && !texts[0].startsWith('Error'), `${name}: ${texts.join('\n')}`)
  return texts
}

try {
  await ask('initialize', { protocolVersion: '2025-03-26', capabilities: {}, clientInfo: { name: 'check', version: '1' } })
  server.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' })}\n`)
  const tools = await ask('tools/list', {})
  assert.deepEqual(tools.tools.map(tool => tool.name).sort(), ['get_mappings', 'get_shards', 'list_indices', 'search'])

  const [, indices] = await call('list_indices', { indexPattern: `${index}*` })
  const listed = JSON.parse(indices)
  assert.deepEqual(listed, [{ index, health: listed[0]?.health, status: 'open' }])

  const [, mappings] = await call('get_mappings', { index })
  assert.deepEqual(JSON.parse(mappings.slice(mappings.indexOf('{'))).properties, { level: { type: 'keyword' }, message: { type: 'text' }, ms: { type: 'long' } })

  const found = await call('search', { index, queryBody: { query: { bool: { must: [{ match: { message: 'refused' } }], filter: [{ term: { level: 'ERROR' } }] } }, sort: [{ ms: 'desc' }], size: 3 } })
  assert.match(found[0], /Total results: 10, showing 3/)
  assert.deepEqual(found.slice(1).map(text => Number(/ms: (\d+)/.exec(text)[1])), [27, 24, 21])
  assert.match(found[1], /message \(highlighted\): request 27 <em>refused<\/em>/)

  const counted = await call('search', { index, queryBody: { size: 0, aggs: { levels: { terms: { field: 'level' } } } } })
  assert.ok(counted.some(text => text.includes('"doc_count": 20')), counted.join('\n'))

  const [, shards] = await call('get_shards', { index })
  assert.deepEqual(JSON.parse(shards).map(shard => [shard.index, shard.prirep, shard.state]), [[index, 'p', 'STARTED']])
} finally {
  server.kill()
  await client.close()
}
console.log('@elastic/mcp-server-elasticsearch: ok')
