// Texts that people read stand in the catalogue of `texts` and nowhere else, and each of them is shown somewhere.

import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { literalsOf, textOf } from './english'

const SRC = import.meta.dirname

/** What looks like a text and is none, or is none of one language. Each must still be there. */
const EXCEPTIONS: { why: string; in: RegExp; texts: (string | RegExp)[] }[] = [
  {
    why: 'parts of answers, as their schemas name them',
    in: /^api\/(?:metrics|schemas\/saved)\.ts$|^features\/devtools\/profile\.ts$/,
    texts: ['slow search', 'saved object', 'the search'],
  },
  {
    why: 'values that Kibana saves',
    in: /^components\/charts\/|^features\/visualize\/StylePanel\.tsx$|^lib\/vis\//,
    texts: [
      'Blues',
      'Greens',
      'Green to Red',
      'Yellow to Red',
      'None',
      'Labels',
      'Arc',
      'Circle',
      'Meter',
      'right angled',
    ],
  },
  {
    why: 'examples of what is typed in another language than English',
    in: /^features\/(?:dashboards|devtools|management)\/|^lib\/console\/complete\.ts$/,
    texts: [
      'GET _cat/indices?v',
      'SESSION sess_[a-z0-9]+',
      'aggs',
      'event_type: training_start',
      'logs-*,metrics-*',
      /^%\{TIMESTAMP_ISO8601/,
      /^2026-03-02T14:32:18/,
    ],
  },
  {
    why: 'questions are read and told back in English: another language has a reader of its own',
    in: /^lib\/ask\//,
    texts: [/./],
  },
  { why: 'programs that the console writes', in: /^lib\/console\/copyas\.ts$/, texts: [/./] },
  {
    why: 'what style sheets and the document are asked',
    in: /^components\/charts\/palette\.ts$/,
    texts: ['(prefers-color-scheme: dark)'],
  },
  { why: 'a kind of field', in: /^lib\/fields\.ts$/, texts: ['text'] },
  { why: 'ids', in: /^lib\/vis\/series\.ts$/, texts: [/^stack /] },
  {
    why: 'what one step of undo gathers, and series that stand alone',
    in: /^features\/reports\//,
    texts: [/^(?:expression|ground|grow|nudge|place|size) \0$/, /^own \0$/],
  },
  {
    why: 'expressions of workpads',
    in: /^features\/reports\/templates\//,
    texts: ['mean / 1000', 'slow / 1000', /\| render$/],
  },
  { why: 'a page that was not built', in: /^main\.tsx$/, texts: [/#root/] },
]

const read = (name: string) => readFileSync(join(SRC, name), 'utf8')
const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).map(name => name.replaceAll('\\', '/'))
const catalogues = files.filter(f => f.startsWith('texts/') && f !== 'texts/plural.ts')
const sources = files
  .filter(f => /\.tsx?$/.test(f) && !f.endsWith('.test.ts') && !f.startsWith('texts/') && f !== 'english.ts')
  .map(name => [name, ts.createSourceFile(name, read(name), ts.ScriptTarget.Latest, true)] as const)

const excepted = new Set<string | RegExp>()

function isExcepted(file: string, text: string): boolean {
  const found = EXCEPTIONS.filter(e => e.in.test(file))
    .flatMap(e => e.texts)
    .find(t => (typeof t === 'string' ? t === text : t.test(text)))
  if (found === undefined) return false
  excepted.add(found)
  return true
}

/** The keys of a catalogue. */
function keysOf(name: string): string[] {
  const file = ts.createSourceFile(name, read(name), ts.ScriptTarget.Latest, true)
  const statement = file.statements.find(ts.isVariableStatement)
  const object = statement?.declarationList.declarations[0]?.initializer
  if (!object || !ts.isObjectLiteralExpression(object)) throw new Error(`${name} exports no object`)
  return object.properties.map(p => p.name?.getText() ?? '')
}

/** The keys that a source file takes, as "texts/discover.ts noRows". */
function keysTaken([name, file]: (typeof sources)[number]): string[] {
  const from = file.statements
    .filter(ts.isImportDeclaration)
    .find(s => /\btexts\b/.test(s.importClause?.getText() ?? ''))
  if (!from) return []
  const path = (from.moduleSpecifier as ts.StringLiteral).text
  const catalogue = `${relative(SRC, resolve(SRC, name, '..', path)).replaceAll('\\', '/')}.ts`
  const taken: string[] = []
  const visit = (node: ts.Node) => {
    if (ts.isPropertyAccessExpression(node) && node.expression.getText() === 'texts')
      taken.push(`${catalogue} ${node.name.text}`)
    ts.forEachChild(node, visit)
  }
  visit(file)
  return taken
}

describe('texts stand in the catalogue', () => {
  it.each(sources)('%s has none of its own', (name, file) => {
    const own = literalsOf(file)
      .filter(literal => !isExcepted(name, textOf(literal)))
      .map(literal => {
        const { line } = file.getLineAndCharacterOfPosition(literal.getStart())
        return `${name}:${line + 1}: ${literal.getText().trim()}`
      })
    expect(own).toEqual([])
  })
  it('and the exceptions are still there', () => {
    expect(EXCEPTIONS.flatMap(e => e.texts).filter(text => !excepted.has(text))).toEqual([])
  })
})

describe('each text of the catalogue is shown', () => {
  const taken = new Set(sources.flatMap(keysTaken))
  it.each(catalogues)('%s', catalogue => {
    expect(keysOf(catalogue).filter(key => !taken.has(`${catalogue} ${key}`))).toEqual([])
  })
})
