// Tables as text for other programs.

import type { Table } from './table'

/** RFC 4180: commas, CRLF, quotation marks around what needs them. Values are exact, and moments are ISO 8601. */
export function toCsv(table: Table): string {
  const rows = table.rows.map(row =>
    row.cells.map(({ value, text }, at) => {
      if (table.columns[at]?.format.kind === 'date' && typeof value === 'number')
        return new Date(value).toISOString()
      return typeof value === 'number' ? String(value) : value === null ? '' : text
    }),
  )
  return `${[table.columns.map(c => c.name), ...rows].map(row => row.map(field).join(',')).join('\r\n')}\r\n`
}

/** A leading sign that spreadsheets take for a formula is kept from being one by an apostrophe. */
function field(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
