import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { formatPattern } from '../time/pattern'
import { setTimeZone } from '../time/zone'
import type { Value } from './expr'
import { type Fitting, fitted, readFitting } from './fit'
import { formatAxis, formatValue, readFormat } from './format'
import type { Series, XYChart } from './series'
import { baseline, inRoots } from './stack'

const N = null

describe('gaps', () => {
  const values: Value[] = [N, 10, N, N, 40, N]
  const positions = [0, 1, 2, 3, 4, 5]
  it.each<[Fitting, 'none' | 'zero' | 'nearest', Value[]]>([
    ['none', 'none', values],
    ['zero', 'none', [0, 10, 0, 0, 40, 0]],
    ['linear', 'none', [N, 10, 20, 30, 40, N]],
    ['linear', 'nearest', [10, 10, 20, 30, 40, 40]],
    ['linear', 'zero', [0, 10, 20, 30, 40, 0]],
    ['carry', 'none', [N, 10, 10, 10, 40, 40]],
    ['carry', 'zero', [0, 10, 10, 10, 40, 40]],
    ['lookahead', 'none', [10, 10, 40, 40, 40, N]],
    ['lookahead', 'nearest', [10, 10, 40, 40, 40, 40]],
    ['average', 'none', [N, 10, 25, 25, 40, N]],
    ['nearest', 'none', [10, 10, 10, 40, 40, 40]],
  ])('%s, ends %s', (how, ends, want) => {
    expect(fitted(values, positions, how, ends)).toEqual(want)
  })
  it('are bridged by where they lie', () => {
    expect(fitted([0, N, 10], [0, 8, 10], 'linear')).toEqual([0, 8, 10])
  })
  it('of nothing stay nothing', () => {
    expect(fitted([N, N], [0, 1], 'linear', 'nearest')).toEqual([N, N])
  })
  it('are named as Kibana and Lens name them', () => {
    expect(['Lookahead', 'carry', 'toString', 3].map(readFitting)).toEqual([
      'lookahead',
      'carry',
      'none',
      'none',
    ])
  })
})

const series = (values: Value[], stack: string | null = 's'): Series => ({
  id: values.join(),
  name: '',
  group: null,
  kind: 'area',
  stack,
  axis: 0,
  format: { kind: 'number' },
  style: {},
  values,
  filters: () => [],
})

describe('stacks that float', () => {
  it('lie around nought as a silhouette', () => {
    expect(baseline([series([2, 4]), series([4, N])], 2, 'silhouette')).toEqual([-3, -2])
  })
  it('change as little as can be as a wiggle', () => {
    // One layer grows to both sides; of two that change alike each other the middle stays.
    expect(baseline([series([2, 4, 2])], 3, 'wiggle')).toEqual([0, -1, 0])
    expect(baseline([series([1, 3]), series([1, 3])], 2, 'wiggle')).toEqual([0, -2])
    expect(baseline([series([0, 0])], 2, 'wiggle')).toEqual([0, 0])
  })
})

describe('square roots', () => {
  const chart = (...all: Series[]) => ({ axis: { values: [0] }, series: all }) as unknown as XYChart
  const roots = (...all: Series[]) => inRoots(chart(...all), new Set([0])).series.map(s => s.values)
  it('keep the sign', () => {
    expect(roots(series([9], null), series([-4], null))).toEqual([[3], [-2]])
  })
  it('measure a stack as a whole', () => {
    expect(roots(series([9]), series([16]), series([N]))).toEqual([[3], [2], [N]])
  })
})

describe('dates by a pattern', () => {
  beforeAll(() => void setTimeZone('Europe/Oslo'))
  afterAll(() => void setTimeZone('browser'))
  const at = Date.UTC(2026, 2, 1, 15, 4, 5, 67)
  it.each([
    ['YYYY-MM-DD HH:mm:ss.SSS', '2026-03-01 16:04:05.067'],
    ['MMM D, YYYY h:mm A', 'Mar 1, 2026 4:04 PM'],
    ['dddd Do MMMM YY', 'Sunday 1st March 26'],
    ['[at] H:m:s a', 'at 16:4:5 pm'],
    ['X x', `${Math.floor(at / 1000)} ${at}`],
    ['LL', 'March 1, 2026'],
    ['ddd E', 'Sun 7'],
  ])('%s', (pattern, want) => {
    expect(formatPattern(at, pattern)).toBe(want)
  })
  it('are none of no time', () => {
    expect(formatPattern(Number.NaN, 'YYYY')).toBe('–')
  })
})

describe('numbers as a person wants them written', () => {
  it.each<[unknown, number, string]>([
    [{ id: 'number', params: { decimals: 2 } }, 1234.5, '1,234.50'],
    [{ id: 'number', params: { suffix: ' req', prefix: '~' } }, 3, '~3 req'],
    [{ id: 'number', params: { suffix: 'ms' } }, 3, '3 ms'],
    [{ id: 'percent', params: { decimals: 1 } }, 0.05, '5.0 %'],
    [{ id: 'duration', params: { inputFormat: 'seconds' } }, 90, '90 s'],
    [{ id: 'duration', params: { fromUnit: 'us' } }, 1500, '1.5 ms'],
    ['bytes', 2048, '2 KB'],
  ])('%j', (saved, value, want) => {
    const format = readFormat(saved)
    expect(format && formatValue(value, format)).toBe(want)
  })
  it('keep their units beside an axis', () => {
    const format = readFormat({ id: 'number', params: { suffix: '%' } })
    expect(format && formatAxis(-12_000, format)).toBe('−12k%')
    expect(readFormat({ id: 'url' })).toBeNull()
  })
})
