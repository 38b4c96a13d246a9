// What holds for everybody who has chosen nothing else, by Kibana's names. They are attributes of a saved object `config`.

import { texts } from '../texts/lib'
import { QUICK_RANGES, type TimeRange } from './time/range'
import type { Zone } from './time/zone'
import { asJson, parseObject } from './vis/json'

export interface Settings {
  /** `dateFormat:tz`; null is the browser's. */
  zone: Zone | null
  /** `theme:darkMode`; null is the system's. */
  theme: 'light' | 'dark' | null
  /** `timepicker:timeDefaults`. */
  range: TimeRange | null
  /** `defaultColumns`; null chooses from the data. */
  columns: string[] | null
  /** `discover:sampleSize`: how many rows are loaded at most. */
  rows: number | null
}

/** Reads attributes; what cannot be read is as if it were not set. */
export function readSettings(attributes: Record<string, unknown>): Settings {
  const zone = attributes['dateFormat:tz']
  const columns = attributes.defaultColumns
  const rows = Number(attributes['discover:sampleSize'] ?? 0)
  const names = Array.isArray(columns) ? columns.filter(c => typeof c === 'string' && c !== '_source') : []
  return {
    zone: typeof zone !== 'string' || zone === '' || zone === 'Browser' ? null : zone,
    theme: readTheme(attributes['theme:darkMode']),
    range: readRange(attributes['timepicker:timeDefaults']),
    columns: names.length === 0 ? null : names,
    rows: Number.isInteger(rows) && rows > 0 ? rows : null,
  }
}

/** Kibana 8 has words where it had a switch. */
function readTheme(value: unknown): Settings['theme'] {
  if (value === true || value === 'true' || value === 'enabled') return 'dark'
  return value === false || value === 'false' || value === 'disabled' ? 'light' : null
}

function readRange(value: unknown): TimeRange | null {
  const { from, to } = typeof value === 'string' ? (parseObject(value) ?? {}) : asJson(value)
  return typeof from === 'string' && typeof to === 'string' && from !== '' && to !== '' ? { from, to } : null
}

/** A range as the setting keeps it. */
export const writeRange = ({ from, to }: TimeRange): string => JSON.stringify({ from, to }, null, 2)

/** The ranges to choose from, with the one that is set. */
export function rangesWith(set: TimeRange | null): readonly (TimeRange & { label: string })[] {
  if (set === null || QUICK_RANGES.some(q => q.from === set.from && q.to === set.to)) return QUICK_RANGES
  return [{ ...set, label: texts.to(set.from, set.to) }, ...QUICK_RANGES]
}
