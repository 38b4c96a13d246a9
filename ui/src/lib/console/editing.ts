// What keys do to a text besides inserting their letter: each gives the part that is replaced, by what, and where the
// cursor goes. Null leaves the key to the browser.

export interface Edit {
  from: number
  to: number
  insert: string
  /** The selection afterwards. */
  select: [number, number]
}

const PAIRS: Record<string, string> = { '{': '}', '[': ']', '"': '"' }

/** A typed letter: brackets and quotation marks come in pairs, and closing ones are stepped over. */
export function typed(text: string, from: number, to: number, key: string): Edit | null {
  const next = text.charAt(to)
  if (from === to && next === key && (key === '"' || key === '}' || key === ']'))
    return { from, to, insert: '', select: [from + 1, from + 1] }
  const close = PAIRS[key]
  if (close === undefined) return null
  if (from !== to) {
    const inner = text.slice(from, to)
    return { from, to, insert: key + inner + close, select: [from + 1, to + 1] }
  }
  const previous = text.charAt(from - 1)
  if (next !== '' && !/[\s,}\]]/.test(next)) return null
  if (key === '"' && /[\w"\\]/.test(previous)) return null
  return { from, to, insert: key + close, select: [from + 1, from + 1] }
}

/** Enter: the next line is indented like this one, more behind an opening bracket. */
export function newLine(text: string, from: number, to: number): Edit {
  const start = text.lastIndexOf('\n', from - 1) + 1
  const indent = /^[ \t]*/.exec(text.slice(start, from))?.[0] ?? ''
  const before = text.slice(start, from).trimEnd()
  const opens = /[{[]$/.test(before)
  const inner = opens ? `${indent}  ` : indent
  const closes = opens && /^[ \t]*[}\]]/.test(text.slice(to))
  const insert = `\n${inner}${closes ? `\n${indent}` : ''}`
  const at = from + 1 + inner.length
  return { from, to, insert, select: [at, at] }
}

/** Backspace between an empty pair takes both, and within an indentation one step. */
export function backspace(text: string, from: number, to: number): Edit | null {
  if (from !== to || from === 0) return null
  const pair = PAIRS[text.charAt(from - 1)]
  if (pair !== undefined && text.charAt(from) === pair)
    return { from: from - 1, to: from + 1, insert: '', select: [from - 1, from - 1] }
  const start = text.lastIndexOf('\n', from - 1) + 1
  if (from - start >= 2 && text.slice(start, from).trim() === '' && (from - start) % 2 === 0)
    return { from: from - 2, to: from, insert: '', select: [from - 2, from - 2] }
  return null
}

/** Tab and Shift Tab: two blanks, or two more or less on each line that is selected. */
export function indent(text: string, from: number, to: number, out: boolean): Edit | null {
  if (from === to && !out) return { from, to, insert: '  ', select: [from + 2, from + 2] }
  return eachLine(text, from, to, line =>
    out ? line.replace(/^ {1,2}|^\t/, '') : line === '' ? '' : `  ${line}`,
  )
}

/** Puts `# ` before each selected line, or takes it away when all have one. */
export function toggleComment(text: string, from: number, to: number): Edit | null {
  const { start, end } = linesAround(text, from, to)
  const written = text
    .slice(start, end)
    .split('\n')
    .filter(line => line.trim() !== '')
  const all = written.length > 0 && written.every(line => /^\s*#/.test(line))
  return eachLine(text, from, to, line => {
    if (line.trim() === '') return line
    return all ? line.replace(/^(\s*)# ?/, '$1') : line.replace(/^(\s*)/, '$1# ')
  })
}

function linesAround(text: string, from: number, to: number) {
  const start = text.lastIndexOf('\n', from - 1) + 1
  const found = text.indexOf('\n', to > from && text.charAt(to - 1) === '\n' ? to - 1 : to)
  return { start, end: found < 0 ? text.length : found }
}

function eachLine(text: string, from: number, to: number, change: (line: string) => string): Edit | null {
  const { start, end } = linesAround(text, from, to)
  const lines = text.slice(start, end).split('\n')
  const changed = lines.map(change)
  const insert = changed.join('\n')
  if (insert === text.slice(start, end)) return null
  const first = (changed[0] as string).length - (lines[0] as string).length
  const select: [number, number] =
    from === to
      ? [Math.max(start, from + first), Math.max(start, from + first)]
      : [Math.max(start, from + first), to + insert.length - (end - start)]
  return { from: start, to: end, insert, select }
}
