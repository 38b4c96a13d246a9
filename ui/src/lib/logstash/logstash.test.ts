import { describe, expect, it } from 'vitest'
import { lineStarts } from '../lines'
import { offsetOf, parsePlace } from '../pipelines'
import { tokenizeConfig } from './tokens'

describe('the colours of a configuration', () => {
  const parts = (text: string) => tokenizeConfig(text).map(t => `${t.kind} ${text.slice(t.start, t.end)}`)
  it('tell sections, plugins, options and conditions apart', () => {
    expect(
      parts('filter { # first\n  if [a][b] == "x" { grok { match => { "m" => \'y\' } n => 5 } }\n}'),
    ).toEqual([
      'method filter',
      'punctuation {',
      'comment # first',
      'word if',
      'path [a][b]',
      'punctuation ==',
      'text "x"',
      'punctuation {',
      'path grok',
      'punctuation {',
      'key match',
      'punctuation =>',
      'punctuation {',
      'text "m"',
      'punctuation =>',
      "text 'y'",
      'punctuation }',
      'key n',
      'punctuation =>',
      'number 5',
      'punctuation }',
      'punctuation }',
      'punctuation }',
    ])
  })
  it('end with a text that is never closed', () => {
    expect(parts('a => "b {')).toEqual(['key a', 'punctuation =>', 'text "b {'])
  })
})

describe('places', () => {
  it('are read from the right, as names of files may have colons', () => {
    expect(parsePlace('C:\\a.conf:3:14')).toEqual({ file: 'C:\\a.conf', line: 3, column: 14 })
    expect(parsePlace('nowhere')).toBeNull()
  })
  it('become offsets, inside the text', () => {
    const starts = lineStarts('ab\ncd\n')
    expect([
      offsetOf(starts, 1, 1),
      offsetOf(starts, 2, 2),
      offsetOf(starts, 99, 1),
      offsetOf(starts, 0, 0),
    ]).toEqual([0, 4, 6, 0])
  })
})
