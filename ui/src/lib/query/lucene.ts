// Lucene's syntax in a text that is meant as KQL: KQL reads most of it as words to look for, so it finds nothing and says nothing.

import { texts } from '../../texts/queries'
import { LuceneError } from '../lucene/error'
import { parseLucene } from '../lucene/parse'
import type { Node } from '../lucene/tree'

export interface LuceneOffer {
  /** The same search as Lucene. */
  text: string
  /** What of it only Lucene has, in words. */
  parts: string[]
}

/** A sign before a word, which in KQL is part of it; not behind a field, where it may be a number's. */
const SIGN = /(?<=^|[\s(])(?<![:<>=]\s*)[+\-!](?=[^\s+\-!=)(])/
const DOUBLED = /(?<=\s)(?:&&|\|\|)(?=\s)/
const BRACKETS = /[[{]\s*\S+\s+TO\s+\S+\s*[\]}]/
const QUOTED = /"(?:\\[\s\S]|[^"\\])*"/g
/** What is taken as it is: phrases, regular expressions, ranges. */
const OPAQUE = /"(?:\\[\s\S]|[^"\\])*"|(?<=[:\s(]|^)\/(?:\\.|[^/\n\\])+\/(?=[\s)^]|$)|[[{][^\]}]*[\]}]/g

/** How a text that is KQL by its setting could be meant as Lucene; null where nothing of it is Lucene's alone. */
export function luceneOffer(text: string): LuceneOffer | null {
  const open = text.replace(QUOTED, '')
  // A nested group is KQL's alone.
  if (/:\s*\{(?![^}]*\sTO\s)/.test(open)) return null
  const written = asLucene(text)
  try {
    const tree = parseLucene(written)
    if (tree === null) return null
    const parts = partsOf(tree)
    const bare = written.replace(OPAQUE, part => 'x'.repeat(part.length))
    if (BRACKETS.test(open)) parts.add(texts.aRangeInBrackets)
    if (SIGN.test(bare) || DOUBLED.test(bare)) parts.add(texts.signsForAndOrNot)
    return parts.size === 0 ? null : { text: written, parts: [...parts] }
  } catch (error) {
    if (error instanceof LuceneError) return null
    throw error
  }
}

function partsOf(node: Node, found = new Set<string>()): Set<string> {
  if (node.boost !== 1) found.add(texts.aBoost)
  switch (node.kind) {
    case 'group':
      for (const clause of node.clauses) partsOf(clause.node, found)
      break
    case 'regexp':
      found.add(texts.aRegularExpression)
      break
    case 'word':
      if (node.fuzzy !== '') found.add(texts.aFuzzyWord)
      break
    case 'phrase':
      if (node.slop > 0) found.add(texts.wordsNearEachOther)
      break
    case 'range':
      break
  }
  if (node.field === '_exists_') found.add('_exists_')
  return found
}

/** Writes KQL's words and comparisons, which Lucene has too, in its way. */
function asLucene(text: string): string {
  let out = ''
  let from = 0
  for (const match of text.matchAll(OPAQUE)) {
    out += words(text.slice(from, match.index)) + match[0]
    from = match.index + match[0].length
  }
  return out + words(text.slice(from))
}

const words = (text: string) =>
  text
    .replace(/(?<=^|[\s()])(?:and|or|not)(?=$|[\s()])/gi, word => word.toUpperCase())
    .replace(/(?<=[\w.@-])\s*([<>]=?)\s*(?=\S)/g, ':$1')
