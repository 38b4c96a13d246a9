import { describe, expect, it } from 'vitest'
import { layOut } from './json'
import { parseConsole, requestsAt } from './parse'
import { tokenizeConsole } from './tokens'

const sent = (text: string) =>
  parseConsole(text).requests.map(r => `${r.method} ${r.path} ${r.body}`.trimEnd())

describe('console text', () => {
  it('holds several requests with comments of all kinds', () => {
    const text = `# what there is
GET _cat/indices?v # the indices
// a template
PUT _index_template/chatgpt
{
  "index_patterns": ["chatgpt-*"], // which
  /* and
     more */
  "template": { # how
    "settings": { "number_of_shards": 1 }
  }
}

get /logs-*/_count`
    expect(sent(text)).toEqual([
      'GET _cat/indices?v',
      'PUT _index_template/chatgpt {\n  "index_patterns": ["chatgpt-*"],\n\n  "template": {\n    "settings": { "number_of_shards": 1 }\n  }\n}',
      'GET /logs-*/_count',
    ])
    expect(parseConsole(text).requests.every(r => r.fault === null)).toBe(true)
  })

  it('takes texts in three quotation marks', () => {
    const text = 'POST _scripts/x\n{ "source": """if (a == "b") {\n  # no comment\n  GET x\n}""" }\nGET y'
    expect(sent(text)).toEqual([
      'POST _scripts/x { "source": "if (a == \\"b\\") {\\n  # no comment\\n  GET x\\n}" }',
      'GET y',
    ])
  })

  it('sends bulk bodies as lines, however they are written', () => {
    const text =
      'POST _bulk\n{ "index": {\n "_index": "a" } } # first\n{ "n": 12345678901234567890 }\n{"delete":{}}\n'
    expect(parseConsole(text).requests[0]).toMatchObject({
      lines: true,
      body: '{"index":{"_index":"a"}}\n{"n":12345678901234567890}\n{"delete":{}}\n',
    })
    expect(parseConsole('GET _msearch\n{}').requests[0]).toMatchObject({ lines: true, body: '{}\n' })
    expect(parseConsole('GET a/_search\n{}').requests[0]).toMatchObject({ lines: false, body: '{}' })
  })

  it('keeps what looks like a comment inside texts and paths', () => {
    expect(sent('PUT a/_doc/1#2\n{"url": "http://x/#y", "c": "/* z */"}')).toEqual([
      'PUT a/_doc/1#2 {"url": "http://x/#y", "c": "/* z */"}',
    ])
  })

  it.each([
    ['GET', 'a path is missing', 'GET'],
    ['GET a\n{"a" 1}', 'a colon is missing behind this', '"a"'],
    ['GET a\n{"a":}', 'a value must stand before this }', '}'],
    ['GET a\n{"a":1,}', 'a comma before } is not allowed', ','],
    ['GET a\n{"a":1 "b":2}', 'expected a comma or } before this', '"b"'],
    ['GET a\n{"a":[1, 2}', 'expected a comma or ] before this', '}'],
    ['GET a\n{"a":1', 'this { is never closed', '{'],
    ['GET a\n{"a":{"b":1}\nGET b', 'this { is never closed', '{'],
    ['GET a\n{"a":"b\n}', 'this quotation mark is never closed', '"b'],
    ["GET a\n{'a':1}", 'a name in quotation marks must stand here', "'"],
    ['GET a\n{"a":yes}', 'texts stand in quotation marks', 'yes'],
    ['GET a\n{"a":01}', 'texts stand in quotation marks', '01'],
    ['GET a\n{"a":"\\x"}', 'this text holds a wrong escape or has no end', '"\\x"'],
    [`GET a\n${'['.repeat(5000)}`, 'nested too deeply', '['],
  ])('finds the fault of %j', (text, message, part) => {
    const fault = parseConsole(text).requests[0]?.fault
    expect(fault?.message).toBe(message)
    expect(text.slice(fault?.start, fault?.end)).toBe(part)
  })

  it('sees a request at the left edge even below a brace that is not closed', () => {
    expect(parseConsole('GET a\n{"a":{\nGET b\n{}').requests.map(r => r.path)).toEqual(['a', 'b'])
    expect(parseConsole('GET a\n{"a":\n  GET\n}').requests.map(r => r.path)).toEqual(['a'])
  })

  it('says what stands before the first request', () => {
    expect(parseConsole('# hello\n{"a":1}\nGET b').stray).toMatchObject({ start: 8, end: 9 })
    expect(parseConsole('# hello\nGET b').stray).toBeNull()
  })

  it('finds the requests at a cursor and in a selection', () => {
    const text = '# a\nGET a\n\n\nGET b\n{}\n# end'
    const { requests } = parseConsole(text)
    const at = (from: number, to = from) => requestsAt(requests, from, to).map(r => r.path)
    expect(at(0)).toEqual(['a'])
    expect(at(5)).toEqual(['a'])
    expect(at(text.indexOf('GET b') - 1)).toEqual(['a'])
    expect(at(text.indexOf('{}') + 1)).toEqual(['b'])
    expect(at(text.length)).toEqual(['b'])
    expect(at(0, text.length)).toEqual(['a', 'b'])
    expect(requestsAt([], 0, 0)).toEqual([])
  })
})

describe('laying out', () => {
  const laid = (text: string) => layOut(text, tokenizeConsole(text))
  it.each([
    [
      '{"a":1,"b":[1,{"c":[]}],"d":{}}',
      '{\n  "a": 1,\n  "b": [\n    1,\n    {\n      "c": []\n    }\n  ],\n  "d": {}\n}',
    ],
    ['[12345678901234567890, 1.50]', '[\n  12345678901234567890,\n  1.50\n]'],
    ['{"a":1} {"b":2}', '{\n  "a": 1\n}\n{\n  "b": 2\n}'],
    ['{ "a": 1, # one\n # two\n "b": 2 }', '{\n  "a": 1, # one\n  # two\n  "b": 2\n}'],
    ['"x"', '"x"'],
  ])('%s', (text, want) => {
    expect(laid(text)).toBe(want)
    expect(laid(want)).toBe(want)
  })
})
