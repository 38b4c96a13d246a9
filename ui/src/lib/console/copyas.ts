// A request as code that others run: with curl, or with what is usual in each language.

import type { ConsoleRequest } from './parse'
import { tokenizeConsole } from './tokens'

export const COPY_FORMS = ['curl', 'Python', 'JavaScript', 'Go'] as const
export type CopyForm = (typeof COPY_FORMS)[number]

type Sent = Pick<ConsoleRequest, 'method' | 'path' | 'body' | 'lines'>

/** `server` is the address of the REST API, without a slash at its end. */
export function copyAs(form: CopyForm, requests: Sent[], server: string): string {
  switch (form) {
    case 'curl':
      return requests.map(r => curl(r, server)).join('\n')
    case 'Python':
      return python(requests, server)
    case 'JavaScript':
      return javaScript(requests, server)
    case 'Go':
      return go(requests, server)
  }
}

const rooted = (path: string) => (path.startsWith('/') ? path : `/${path}`)
const typeOf = (request: Sent) => (request.lines ? 'application/x-ndjson' : 'application/json')

/** In single quotation marks, where nothing has a meaning to a shell. */
const shell = (text: string) => `'${text.replaceAll("'", "'\\''")}'`

function curl(request: Sent, server: string): string {
  const head = request.method === 'HEAD'
  const line = `curl ${head ? '-I' : `-X ${request.method}`} ${shell(server + rooted(request.path))}`
  if (request.body === '') return line
  return `${line} \\\n  -H ${shell(`Content-Type: ${typeOf(request)}`)} \\\n  --data-binary ${shell(request.body)}`
}

function python(requests: Sent[], server: string): string {
  const calls = requests.map(r => {
    const body = r.body === '' ? '' : `,\n    body=${pythonText(r.lines ? listOf(r.body) : r.body)}`
    const headers = `{"accept": "application/json"${r.body === '' ? '' : `, "content-type": "${typeOf(r)}"`}}`
    return `response = client.perform_request(\n    "${r.method}",\n    ${JSON.stringify(rooted(r.path))},\n    headers=${headers}${body},\n)\nprint(response)`
  })
  return [
    'from elasticsearch import Elasticsearch',
    '',
    `client = Elasticsearch(${JSON.stringify(server)})`,
    '',
    ...calls,
  ].join('\n')
}

/** JSON as a literal of Python. */
function pythonText(json: string): string {
  const words: Record<string, string> = { true: 'True', false: 'False', null: 'None' }
  return rewritten(json, part => words[part] ?? part)
}

function javaScript(requests: Sent[], server: string): string {
  const calls = requests.map(r => {
    const [path, query] = splitQuery(rooted(r.path))
    const parts = [`  method: '${r.method}',`, `  path: ${JSON.stringify(path)},`]
    if (query) parts.push(`  querystring: ${JSON.stringify(query)},`)
    if (r.body !== '')
      parts.push(
        r.lines
          ? `  bulkBody: ${rewritten(listOf(r.body), p => p)},`
          : `  body: ${rewritten(r.body, p => p)},`,
      )
    return `console.log(await client.transport.request({\n${parts.join('\n')}\n}))`
  })
  return [
    "import { Client } from '@elastic/elasticsearch'",
    '',
    `const client = new Client({ node: ${JSON.stringify(server)} })`,
    '',
    ...calls,
  ].join('\n')
}

function splitQuery(path: string): [string, string] {
  const question = path.indexOf('?')
  return question < 0 ? [path, ''] : [path.slice(0, question), path.slice(question + 1)]
}

/** The lines of a stream as the members of a list. */
const listOf = (lines: string) =>
  `[\n${lines
    .trimEnd()
    .replace(/^/gm, '  ')
    .replace(/$(?=\n)/gm, ',')}\n]`

/** JSON with its texts in the plainest form, which JavaScript and Python read alike, and its words changed. */
function rewritten(json: string, word: (part: string) => string): string {
  let out = ''
  let end = 0
  for (const token of tokenizeConsole(json)) {
    const part = json.slice(token.start, token.end)
    out += json.slice(end, token.start)
    out +=
      token.kind === 'text' || token.kind === 'key'
        ? plainest(part)
        : token.kind === 'word'
          ? word(part)
          : part
    end = token.end
  }
  return out + json.slice(end)
}

function plainest(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text))
  } catch {
    return text // sent as it is; the server will say what is wrong with it
  }
}

function go(requests: Sent[], server: string): string {
  const calls = requests.map(
    r =>
      `\tsend("${r.method}", ${JSON.stringify(server + rooted(r.path))}, "${typeOf(r)}", ${r.body === '' ? '""' : goText(r.body)})`,
  )
  return `package main

import (
\t"io"
\t"log"
\t"net/http"
\t"os"
\t"strings"
)

func main() {
${calls.join('\n')}
}

func send(method, url, contentType, body string) {
\treq, err := http.NewRequest(method, url, strings.NewReader(body))
\tif err != nil {
\t\tlog.Fatal(err)
\t}
\tif body != "" {
\t\treq.Header.Set("Content-Type", contentType)
\t}
\tres, err := http.DefaultClient.Do(req)
\tif err != nil {
\t\tlog.Fatal(err)
\t}
\tdefer res.Body.Close()
\tif _, err := io.Copy(os.Stdout, res.Body); err != nil {
\t\tlog.Fatal(err)
\t}
}
`
}

/** As it is written where Go's raw texts allow it. */
const goText = (text: string) =>
  text.includes('`') || text.includes('\r') ? JSON.stringify(text) : `\`${text}\``
