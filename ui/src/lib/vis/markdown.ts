// A safe part of Markdown as a tree: what is no mark is text, HTML included.

export type Inline =
  | { kind: 'text' | 'code'; text: string }
  | { kind: 'strong' | 'emphasis' | 'deleted'; children: Inline[] }
  | { kind: 'link'; href: string; children: Inline[] }

export type Block =
  | { kind: 'heading'; level: number; children: Inline[] }
  | { kind: 'paragraph' | 'quote'; children: Inline[] }
  | { kind: 'code'; text: string }
  | { kind: 'list'; ordered: boolean; items: Inline[][] }
  | { kind: 'table'; head: Inline[][]; rows: Inline[][][] }
  | { kind: 'rule' }

/** A panel of text is short; more is cut off. */
const MAX_CHARS = 50_000
const MAX_DEPTH = 8

export function parseMarkdown(text: string): Block[] {
  const lines = text.slice(0, MAX_CHARS).replaceAll('\r\n', '\n').split('\n')
  const blocks: Block[] = []
  for (let at = 0; at < lines.length; ) {
    const [block, next] = readBlock(lines, at)
    if (block) blocks.push(block)
    at = Math.max(at + 1, next)
  }
  return blocks
}

function readBlock(lines: readonly string[], at: number): [Block | null, number] {
  const line = lines[at] ?? ''
  if (line.trim() === '') return [null, at + 1]
  const fence = /^\s*(```|~~~)/.exec(line)?.[1]
  if (fence !== undefined) {
    const end = lines.findIndex((l, i) => i > at && l.trim().startsWith(fence))
    const stop = end < 0 ? lines.length : end
    return [{ kind: 'code', text: lines.slice(at + 1, stop).join('\n') }, stop + 1]
  }
  const heading = /^(#{1,6})\s+(.*?)\s*#*$/.exec(line)
  if (heading)
    return [{ kind: 'heading', level: (heading[1] ?? '').length, children: inline(heading[2] ?? '') }, at + 1]
  if (/^\s*([-*_])(\s*\1){2,}\s*$/.test(line)) return [{ kind: 'rule' }, at + 1]
  if (/^\s*\|?.*\|/.test(line) && /^\s*\|?[\s:|-]*-[\s:|-]*$/.test(lines[at + 1] ?? ''))
    return table(lines, at)
  const item = itemOf(line)
  if (item) return list(lines, at, item.ordered)
  const quoted = /^\s*>\s?/.test(line)
  const end = runEnd(
    lines,
    at,
    l => l.trim() !== '' && /^\s*>\s?/.test(l) === quoted && !/^(#{1,6}\s|\s*```)/.test(l) && !itemOf(l),
  )
  const content = lines.slice(at, end).map(l => (quoted ? l.replace(/^\s*>\s?/, '') : l.trim()))
  return [{ kind: quoted ? 'quote' : 'paragraph', children: inline(content.join(' ')) }, end]
}

function runEnd(lines: readonly string[], at: number, belongs: (line: string) => boolean): number {
  const end = lines.findIndex((l, i) => i > at && !belongs(l))
  return end < 0 ? lines.length : end
}

function itemOf(line: string): { ordered: boolean; text: string } | null {
  const found = /^\s*(?:([-*+])|\d{1,9}[.)])\s+(.*)$/.exec(line)
  return found ? { ordered: found[1] === undefined, text: found[2] ?? '' } : null
}

function list(lines: readonly string[], at: number, ordered: boolean): [Block, number] {
  const end = runEnd(lines, at, l => itemOf(l)?.ordered === ordered)
  const items = lines.slice(at, end).map(l => inline(itemOf(l)?.text ?? ''))
  return [{ kind: 'list', ordered, items }, end]
}

function table(lines: readonly string[], at: number): [Block, number] {
  const cells = (line: string) =>
    line
      .trim()
      .replace(/^\||\|$/g, '')
      .split('|')
      .map(cell => inline(cell.trim()))
  const end = runEnd(lines, at + 1, l => l.includes('|'))
  return [{ kind: 'table', head: cells(lines[at] ?? ''), rows: lines.slice(at + 2, end).map(cells) }, end]
}

const MARKS: [RegExp, (match: RegExpExecArray, depth: number) => Inline | null][] = [
  [/`([^`]+)`/y, m => ({ kind: 'code', text: m[1] ?? '' })],
  [/\*\*(\S(?:.*?\S)?)\*\*/y, (m, depth) => ({ kind: 'strong', children: inline(m[1] ?? '', depth) })],
  [/__(\S(?:.*?\S)?)__/y, (m, depth) => ({ kind: 'strong', children: inline(m[1] ?? '', depth) })],
  [/~~(\S(?:.*?\S)?)~~/y, (m, depth) => ({ kind: 'deleted', children: inline(m[1] ?? '', depth) })],
  [/\*(\S(?:[^*]*\S)?)\*/y, (m, depth) => ({ kind: 'emphasis', children: inline(m[1] ?? '', depth) })],
  [/\b_(\S(?:[^_]*\S)?)_\b/y, (m, depth) => ({ kind: 'emphasis', children: inline(m[1] ?? '', depth) })],
  [/\[([^\]]{1,500})\]\(([^)\s]{1,2000})\)/y, (m, depth) => link(m[2] ?? '', inline(m[1] ?? '', depth))],
]

/** Only to pages: no script runs, and nothing is loaded that is not asked for. */
function link(href: string, children: Inline[]): Inline | null {
  return /^(https?:\/\/|\/(?!\/)|#|mailto:)/i.test(href) ? { kind: 'link', href, children } : null
}

function inline(text: string, depth = 0): Inline[] {
  if (depth > MAX_DEPTH) return [{ kind: 'text', text }]
  const out: Inline[] = []
  let plain = ''
  const flush = () => {
    if (plain !== '') out.push({ kind: 'text', text: plain })
    plain = ''
  }
  for (let at = 0; at < text.length; ) {
    if (text[at] === '\\' && /[\\`*_~[\](){}#+.!|>-]/.test(text[at + 1] ?? '')) {
      plain += text[at + 1]
      at += 2
      continue
    }
    const found = markAt(text, at, depth)
    if (found) {
      flush()
      out.push(found.inline)
      at = found.end
    } else plain += text[at++]
  }
  flush()
  return out
}

function markAt(text: string, at: number, depth: number): { inline: Inline; end: number } | null {
  if (!'`*_~['.includes(text[at] ?? '')) return null
  for (const [pattern, make] of MARKS) {
    pattern.lastIndex = at
    const match = pattern.exec(text)
    const end = pattern.lastIndex
    const made = match && make(match, depth + 1)
    if (made) return { inline: made, end }
  }
  return null
}
