import { expect, it } from 'vitest'
import { formatConsoleUrl } from '../../lib/pages'
import { EMPTY_TRIAL, formatGrokUrl, parseConsoleUrl, parseGrokUrl } from './url'

it('links to the grok debugger survive', () => {
  const state = {
    text: 'a=1 & b+2\n%{x}',
    pattern: '%{WORD:a}=%{INT:b:int}',
    custom: 'A \\d+\nB #',
    ecs: 'v8' as const,
  }
  expect(parseGrokUrl(formatGrokUrl(state))).toEqual(state)
  expect(formatGrokUrl(EMPTY_TRIAL)).toBe('')
  expect(parseGrokUrl('?ecs=nope&text=%zz')).toEqual({ ...EMPTY_TRIAL, text: '%zz' })
})

it('links to the console survive', () => {
  const text = 'GET a?b=c&d\n{"e": "+%20"}\n'
  expect(parseConsoleUrl(new URL(formatConsoleUrl(text), 'http://x').search)).toBe(text)
  expect(parseConsoleUrl('')).toBeNull()
})
