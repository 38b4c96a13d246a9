import { describe, expect, it } from 'vitest'
import { backspace, type Edit, indent, newLine, toggleComment, typed } from './editing'

/** The cursor, or the ends of the selection, stand at bars. */
function after(
  marked: string,
  change: (text: string, from: number, to: number) => Edit | null,
): string | null {
  const from = marked.indexOf('|')
  const rest = marked.slice(from + 1)
  const to = rest.includes('|') ? from + rest.indexOf('|') : from
  const text = marked.replaceAll('|', '')
  const edit = change(text, from, to)
  if (!edit) return null
  const out = text.slice(0, edit.from) + edit.insert + text.slice(edit.to)
  const [start, end] = edit.select
  return start === end
    ? `${out.slice(0, start)}|${out.slice(start)}`
    : `${out.slice(0, start)}|${out.slice(start, end)}|${out.slice(end)}`
}

describe('typing', () => {
  it.each([
    ['|', '{', '{|}'],
    ['a: |', '"', 'a: "|"'],
    ['"a|"', '"', '"a"|'],
    ['{|}', '}', '{}|'],
    ['|word', '{', null],
    ['it|', '"', null],
    ['|a|', '"', '"|a|"'],
    ['|', 'x', null],
  ])('%s and %s', (marked, key, want) => {
    expect(after(marked, (t, f, to) => typed(t, f, to, key))).toBe(want)
  })
  it.each([
    ['GET a|', 'GET a\n|'],
    ['{|}', '{\n  |\n}'],
    ['  "a": [|', '  "a": [\n    |'],
    ['  "a": 1,|', '  "a": 1,\n  |'],
  ])('Enter in %j', (marked, want) => {
    expect(after(marked, newLine)).toBe(want)
  })
  it.each([
    ['{|}', '|'],
    ['"|"', '|'],
    ['a\n    |b', 'a\n  |b'],
    ['ab|', null],
    ['|', null],
  ])('Backspace in %j', (marked, want) => {
    expect(after(marked, backspace)).toBe(want)
  })
  it.each([
    ['|a', false, '  |a'],
    ['|a\nb|', false, '|  a\n  b|'.replace('|  a', '  |a')],
    ['  |a\n  b|', true, '|a\nb|'],
    ['a|', true, null],
  ])('Tab in %j', (marked, out, want) => {
    expect(after(marked, (t, f, to) => indent(t, f, to, out))).toBe(want)
  })
  it.each([
    ['GET |a', '# GET |a'],
    ['# GET |a', 'GET |a'],
    ['|a\n\n  b|', '# |a\n\n  # b|'],
    ['|# a\n#b|', '|a\nb|'],
  ])('a comment at %j', (marked, want) => {
    expect(after(marked, toggleComment)).toBe(want)
  })
})
