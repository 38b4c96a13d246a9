// Runs the official clients of three versions, and elasticdump, against the server whose address is the
// first argument.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const url = process.argv[2]
const documents = 1200

for (const name of ['es7', 'es8', 'es9']) {
  await check(name)
}

async function check(name) {
  const { default: main, Client = main.Client } = await import(name)
  const client = new Client({ node: url })
  const events = name === 'es7' ? client : client.diagnostic
  events.on('response', (_, result) => assert.equal(result?.warnings ?? null, null))
  // Version 7 takes bodies and wraps answers.
  const unwrap = answer => (name === 'es7' ? answer.body : answer)
  const asked = body => (name === 'es7' ? { body } : body)
  const index = `js-client-${name}`
  await client.indices.delete({ index: `${index},${index}-copy`, ignore_unavailable: true })

  const stats = await client.helpers.bulk({
    datasource: Array.from({ length: documents }, (_, n) => ({ n, level: n % 4 ? 'INFO' : 'ERROR' })),
    onDocument: () => ({ index: { _index: index } }),
    refreshOnCompletion: true,
  })
  assert.deepEqual([stats.successful, stats.failed], [documents, 0])

  const query = { query: { term: { 'level.keyword': 'ERROR' } }, size: 2 }
  const found = unwrap(await client.search({ index, ...asked(query) }))
  assert.deepEqual(found.hits.total, { value: documents / 4, relation: 'eq' })

  let scrolled = 0
  for await (const _ of client.helpers.scrollDocuments({ index, size: 500, ...asked({ query: { match_all: {} } }) })) scrolled++
  assert.equal(scrolled, documents)

  if (name !== 'es7') await ask(client, index)
  await assert.rejects(client.search({ index: 'none-such' }), e => e.meta.statusCode === 404 && e.meta.body.error.type === 'index_not_found_exception')
  dump(index)
  assert.equal(unwrap(await client.count({ index: `${index}-copy` })).count, documents)
  await client.close()
  console.log(`${name}: ok`)
}

// ask tries the helpers for many searches and for ES|QL, which is refused by name.
async function ask(client, index) {
  const many = client.helpers.msearch()
  const answers = await Promise.all(['ERROR', 'INFO', 'NONE'].map(level => many.search({ index }, { query: { term: { 'level.keyword': level } }, size: 1 })))
  assert.deepEqual(answers.map(a => a.body.hits.total.value), [documents / 4, documents * 3 / 4, 0])
  await assert.rejects(many.search({ index: 'none-such' }, { query: { match_all: {} } }), e => /no such index/.test(JSON.stringify(e.meta?.body ?? e.message)))
  many.stop()
  await assert.rejects(client.helpers.esql({ query: 'FROM x | LIMIT 1' }).toRecords(), e => e.meta.statusCode === 400 && JSON.stringify(e.meta.body).includes('/_query'))
}

// dump copies an index by way of files with elasticdump.
function dump(index) {
  const folder = mkdtempSync(join(tmpdir(), 'dump-'))
  for (const type of ['mapping', 'data']) {
    const file = join(folder, `${type}.json`)
    for (const [from, to] of [[`${url}/${index}`, file], [file, `${url}/${index}-copy`]]) {
      execFileSync('npx', ['elasticdump', `--input=${from}`, `--output=${to}`, `--type=${type}`, '--limit=300', '--quiet'])
    }
  }
}
