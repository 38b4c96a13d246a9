import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { literalsOf, textOf } from './english'

/** What is read in a piece of source, with ‹› for each value that is put in. */
function found(source: string): string[] {
  const file = ts.createSourceFile('a.tsx', source, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX)
  return literalsOf(file).map(literal => textOf(literal).replaceAll('\u0000', '‹›').trim())
}

describe('literals that people read', () => {
  it('are children of elements, also those that are chosen between', () => {
    expect(found('<p>No rows {n} yet</p>')).toEqual(['No rows', 'yet'])
    expect(found('<p>{n === 1 ? "row" : rows ?? "rows"}</p>')).toEqual(['row', 'rows'])
    expect(found(`<p>{ok && \`took \${ms} of time\`}</p>`)).toEqual(['took ‹› of time'])
  })
  it('are attributes and properties that are shown or read aloud', () => {
    expect(found(`<a title="open" aria-label={\`open \${name}\`} rel="external" href="/a b" />`)).toEqual([
      'open',
      'open ‹›',
    ])
    expect(found('const c = { label: "open", id: "open it", keywords: "show" }')).toEqual(['open', 'show'])
    expect(found('const c = { kind: "command", run }; const f = { kind: "range", from }')).toEqual([
      'command',
    ])
  })
  it('are messages of errors', () => {
    expect(found('throw new KqlError("a value is missing", at, "remove it")')).toEqual([
      'a value is missing',
      'remove it',
    ])
    expect(found('throw new ApiError(0, "unreachable", texts.gone)')).toEqual([])
  })
  it('are, anywhere else, what looks like words', () => {
    expect(
      found('const NAMES = ["Last hour", "Today", "now-1h", "minmax(0, 1fr)", "log_level:ERROR"]'),
    ).toEqual(['Last hour', 'Today'])
    expect(found(`const say = () => \`Removed the filter \${name}\``)).toEqual(['Removed the filter ‹›'])
  })
  it('are neither compared, nor typed, nor keys of anything', () => {
    expect(found('if (a === "Last hour" || text.startsWith("Last hour")) use(b["Last hour"])')).toEqual([])
    expect(found('<p><code>elkhorn up</code> <kbd>Enter</kbd></p>')).toEqual([])
    expect(found('useQuery({ queryKey: ["data views", "all of them"] })')).toEqual([])
    expect(found('press("Enter"); const style = { className: "button quiet" }')).toEqual([])
    expect(found('import x from "./a b"; type T = "Last hour"')).toEqual([])
  })
  it('are not units, names and signs, which every language has', () => {
    expect(found('<p>{n} ms · Lucene → {m} kB</p>')).toEqual([])
    expect(found('<textarea placeholder={\'{ "a": "b" }\'} />')).toEqual([])
  })
})
