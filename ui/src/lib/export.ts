// Events as text to be written to a file: CSV by columns, or documents as NDJSON.

import type { LogEvent } from './events'
import { cellOf, columnTitle, SUMMARY } from './fields'
import { valueText } from './source'

export type Format = 'csv' | 'ndjson'

/** Numbers, and names such as `@timestamp`. */
const HARMLESS = /^(?:[+-]?[\d.,]+(?:e[+-]?\d+)?|@[\w.]+)$/i

/** RFC 4180: a field with a quote, a comma or a line break stands in quotes. Spreadsheets run what begins like a formula, so that gets a quote before it. */
export function csvField(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) && !HARMLESS.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** The first line of a CSV file. */
export const csvHead = (columns: readonly string[]) =>
  `${['@timestamp', ...columns.map(columnTitle)].map(csvField).join(',')}\r\n`

/** One event as the table shows it, with its time in UTC. */
export function csvLine(event: LogEvent, columns: readonly string[]): string {
  const cells = columns.map(column => {
    if (column !== SUMMARY) return valueText(cellOf(column, event.flat).value)
    const { error, text } = event.summary
    return error === null ? text : `${error}  ${text}`
  })
  return `${[new Date(event.at).toISOString(), ...cells].map(csvField).join(',')}\r\n`
}

export const ndjsonLine = (event: LogEvent) =>
  `${JSON.stringify({ _index: event.index, _id: event.id, _source: event.source })}\n`
