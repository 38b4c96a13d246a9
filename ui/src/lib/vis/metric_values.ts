// Reading the answers of metric aggregations. What has no value, such as the mean of nothing, is null.

import { flatten } from '../source'
import type { Value } from './expr'
import { asJson, asList, asNumber, type Json } from './json'

export const readCount = (bucket: Json): Value => asNumber(bucket.doc_count)

export const readValue = (answer: Json): Value => asNumber(answer.value)

/** One of the values of percentiles or percentile ranks, which are named by number: 50 is `50.0`. */
export const readPercentile =
  (percent: number) =>
  (answer: Json): Value => {
    const found = Object.entries(asJson(answer.values)).find(([name]) => Number(name) === percent)
    return found === undefined ? null : asNumber(found[1])
  }

export const readStdDeviation = (answer: Json): Value => asNumber(answer.std_deviation)

export const readStdBound =
  (bound: 'lower' | 'upper') =>
  (answer: Json): Value =>
    asNumber(asJson(answer.std_deviation_bounds)[bound])

/** The field's values in the top documents, joined in the way that is asked for. */
export const readHits =
  (field: string, how: string) =>
  (answer: Json): Value => {
    const hits = asList(asJson(answer.hits).hits)
    const values = hits
      .flatMap(hit => flatten(asJson(asJson(hit)._source)).get(field))
      .filter(v => v !== undefined && v !== null)
    if (values.length === 0) return null
    const numbers = values.map(asNumber)
    if (how === 'concat' || how === 'last' || numbers.includes(null)) {
      const [first] = values
      return values.length === 1 && typeof first === 'number' ? first : values.map(String).join(', ')
    }
    const all = numbers as number[]
    const sum = all.reduce((a, b) => a + b, 0)
    return how === 'sum'
      ? sum
      : how === 'min'
        ? Math.min(...all)
        : how === 'max'
          ? Math.max(...all)
          : sum / all.length
  }
