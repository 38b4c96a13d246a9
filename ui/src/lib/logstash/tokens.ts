// The parts of a pipeline's configuration, for colours. What is wrong with it the server says.

export interface ConfigToken {
  kind: 'comment' | 'text' | 'number' | 'method' | 'word' | 'key' | 'path' | 'punctuation'
  start: number
  end: number
}

const TOKEN =
  /(?<comment>#[^\n]*)|(?<text>"(?:[^"\\]|\\[\s\S])*"?|'(?:[^'\\]|\\[\s\S])*'?)|(?<path>\[[^\]\n"',]+\](?:\[[^\]\n"',]+\])*)|(?<number>-?\b\d+(?:\.\d+)?\b)|(?<name>[A-Za-z_][\w-]*)|(?<regex>\/(?:[^/\\\n]|\\.)+\/)|(?<punctuation>=>|[{}[\](),!=<>~]+)/g

const SECTIONS = new Set(['input', 'filter', 'output'])
const WORDS = new Set(['if', 'else', 'and', 'or', 'nand', 'xor', 'not', 'in', 'true', 'false'])

export function tokenizeConfig(text: string): ConfigToken[] {
  const tokens: ConfigToken[] = []
  for (const match of text.matchAll(TOKEN)) {
    const { comment, text: quoted, path, number, name, regex } = match.groups ?? {}
    const start = match.index
    const end = start + match[0].length
    const kind = comment
      ? 'comment'
      : quoted || regex
        ? 'text'
        : path
          ? 'path'
          : number
            ? 'number'
            : name
              ? kindOfName(name, text.slice(end, end + 40))
              : 'punctuation'
    if (kind) tokens.push({ kind, start, end })
  }
  return tokens
}

function kindOfName(name: string, behind: string): ConfigToken['kind'] | null {
  if (/^\s*=>/.test(behind)) return 'key'
  if (WORDS.has(name)) return 'word'
  if (/^\s*\{/.test(behind)) return SECTIONS.has(name) ? 'method' : 'path'
  return null
}
