import { expect, it } from 'vitest'
import { copyAs } from './copyas'
import { parseConsole } from './parse'

const SERVER = 'http://127.0.0.1:9200'
const text = `GET logs-*/_search?size=1
{ "query": { "match": { "message": "it's \\u00e9 \\/" } }, "explain": true, "after": null }
POST _bulk
{"index":{"_index":"a"}}
{"n":1}
HEAD a`
const { requests } = parseConsole(text)

it('copies as curl', () => {
  expect(copyAs('curl', requests, SERVER)).toBe(`curl -X GET 'http://127.0.0.1:9200/logs-*/_search?size=1' \\
  -H 'Content-Type: application/json' \\
  --data-binary '{ "query": { "match": { "message": "it'\\''s \\u00e9 \\/" } }, "explain": true, "after": null }'
curl -X POST 'http://127.0.0.1:9200/_bulk' \\
  -H 'Content-Type: application/x-ndjson' \\
  --data-binary '{"index":{"_index":"a"}}
{"n":1}
'
curl -I 'http://127.0.0.1:9200/a'`)
})

it('copies as Python', () => {
  expect(copyAs('Python', requests, SERVER)).toBe(`from elasticsearch import Elasticsearch

client = Elasticsearch("http://127.0.0.1:9200")

response = client.perform_request(
    "GET",
    "/logs-*/_search?size=1",
    headers={"accept": "application/json", "content-type": "application/json"},
    body={ "query": { "match": { "message": "it's é /" } }, "explain": True, "after": None },
)
print(response)
response = client.perform_request(
    "POST",
    "/_bulk",
    headers={"accept": "application/json", "content-type": "application/x-ndjson"},
    body=[
  {"index":{"_index":"a"}},
  {"n":1}
],
)
print(response)
response = client.perform_request(
    "HEAD",
    "/a",
    headers={"accept": "application/json"},
)
print(response)`)
})

it('copies as JavaScript', () => {
  expect(copyAs('JavaScript', requests, SERVER)).toBe(`import { Client } from '@elastic/elasticsearch'

const client = new Client({ node: "http://127.0.0.1:9200" })

console.log(await client.transport.request({
  method: 'GET',
  path: "/logs-*/_search",
  querystring: "size=1",
  body: { "query": { "match": { "message": "it's é /" } }, "explain": true, "after": null },
}))
console.log(await client.transport.request({
  method: 'POST',
  path: "/_bulk",
  bulkBody: [
  {"index":{"_index":"a"}},
  {"n":1}
],
}))
console.log(await client.transport.request({
  method: 'HEAD',
  path: "/a",
}))`)
})

it('copies as Go', () => {
  const go = copyAs('Go', requests, SERVER)
  expect(go).toContain(`func main() {
\tsend("GET", "http://127.0.0.1:9200/logs-*/_search?size=1", "application/json", \`{ "query"`)
  expect(go).toContain('\tsend("HEAD", "http://127.0.0.1:9200/a", "application/json", "")\n}')
  expect(copyAs('Go', parseConsole('GET a\n{"a":"`"}').requests, SERVER)).toContain('"{\\"a\\":\\"`\\"}")')
})
