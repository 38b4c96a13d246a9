// The words of questions that are in no view: what they ask for.

import type { Level } from '../levels'

/** How something is measured. */
export type Measure =
  | 'count'
  | 'sum'
  | 'avg'
  | 'min'
  | 'max'
  | 'median'
  | 'p90'
  | 'p95'
  | 'p99'
  | 'unique'
  | 'error_rate'

/** Phrases by their words; longer ones come first where they begin alike. */
export const MEASURES: readonly [string, Measure][] = [
  ['how many different', 'unique'],
  ['number of different', 'unique'],
  ['number of unique', 'unique'],
  ['number of distinct', 'unique'],
  ['how many unique', 'unique'],
  ['how many distinct', 'unique'],
  ['how many', 'count'],
  ['how much', 'sum'],
  ['number of', 'count'],
  ['amount of', 'sum'],
  ['count of', 'count'],
  ['count', 'count'],
  ['volume of', 'count'],
  ['volume', 'count'],
  ['sum of', 'sum'],
  ['sum', 'sum'],
  ['total', 'sum'],
  ['average', 'avg'],
  ['avg', 'avg'],
  ['mean', 'avg'],
  ['typical', 'median'],
  ['median', 'median'],
  ['p50', 'median'],
  ['p90', 'p90'],
  ['p95', 'p95'],
  ['p99', 'p99'],
  ['95th percentile', 'p95'],
  ['99th percentile', 'p99'],
  ['90th percentile', 'p90'],
  ['maximum', 'max'],
  ['max', 'max'],
  ['highest', 'max'],
  ['minimum', 'min'],
  ['min', 'min'],
  ['lowest', 'min'],
  ['error rate', 'error_rate'],
  ['rate of errors', 'error_rate'],
  ['failure rate', 'error_rate'],
  ['share of errors', 'error_rate'],
  ['percentage of errors', 'error_rate'],
  ['errors in percent', 'error_rate'],
]

/** Superlatives: the noun that they are about (null for how often), and which end. */
export const SUPERLATIVES: readonly [string, string | null, 'desc' | 'asc'][] = [
  ['slowest', 'latency', 'desc'],
  ['most slow', 'latency', 'desc'],
  ['fastest', 'latency', 'asc'],
  ['quickest', 'latency', 'asc'],
  ['most expensive', 'cost', 'desc'],
  ['costliest', 'cost', 'desc'],
  ['cheapest', 'cost', 'asc'],
  ['longest', 'length', 'desc'],
  ['shortest', 'length', 'asc'],
  ['largest', 'size', 'desc'],
  ['biggest', 'size', 'desc'],
  ['smallest', 'size', 'asc'],
  ['most common', null, 'desc'],
  ['most frequent', null, 'desc'],
  ['most active', null, 'desc'],
  ['most used', null, 'desc'],
  ['most popular', null, 'desc'],
  ['busiest', null, 'desc'],
  ['least common', null, 'asc'],
  ['least used', null, 'asc'],
  ['rarest', null, 'asc'],
  ['most', null, 'desc'],
  ['top', null, 'desc'],
]

/** What is compared, in words: the sign, and the noun where the word names one itself. */
export const COMPARISONS: readonly [string, '>' | '>=' | '<' | '<=', string | null][] = [
  ['slower than', '>', 'latency'],
  ['longer than', '>', 'latency'],
  ['faster than', '<', 'latency'],
  ['quicker than', '<', 'latency'],
  ['more expensive than', '>', 'cost'],
  ['cheaper than', '<', 'cost'],
  ['greater than', '>', null],
  ['higher than', '>', null],
  ['bigger than', '>', null],
  ['more than', '>', null],
  ['at least', '>=', null],
  ['at most', '<=', null],
  ['less than', '<', null],
  ['fewer than', '<', null],
  ['lower than', '<', null],
  ['above', '>', null],
  ['over', '>', null],
  ['below', '<', null],
  ['under', '<', null],
  ['>=', '>=', null],
  ['<=', '<=', null],
  ['>', '>', null],
  ['<', '<', null],
]

export const LEVEL_WORDS: Record<string, readonly Level[]> = {
  error: ['error', 'fatal'],
  warning: ['warn'],
  warn: ['warn'],
  fatal: ['fatal'],
  critical: ['fatal'],
  debug: ['debug'],
  info: ['info'],
  trace: ['trace'],
}

export const FAILED = new Set(['failed', 'failing', 'failure', 'unsuccessful', 'broken', 'rejected'])
export const NOT = new Set(['not', 'without', 'except', 'excluding', 'no', 'besides'])
export const SLOW = new Set(['slow'])
export const BY = [
  'grouped by',
  'group by',
  'split by',
  'broken down by',
  'for each',
  'for every',
  'by',
  'per',
  'each',
]
export const TEXT = [
  'with the text',
  'with text',
  'containing',
  'contains',
  'mentioning',
  'mention',
  'saying',
  'matching',
]
export const COMPARE = [
  'compared to',
  'compared with',
  'versus',
  'vs',
  'against',
  'than',
  'with',
  'and',
  'to',
]

/** Words that ask for nothing by themselves. */
export const PLAIN = new Set(
  `a about all am an any and are as at be been can compare could did do does during each event events find for from
  get give happened has have had i in into is it list log logs look me messages my of on or our over
  please record records request requests see show tell than that the their them there these they this those to up us use used
  using was we were what when where which who whose why will with you call calls entries got make made rate per by were
  across within during most just only come came produce produced spend spent display let want need ones`
    .split(/\s+/)
    .filter(Boolean),
)
