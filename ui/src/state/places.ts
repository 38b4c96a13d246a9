// What a tab remembers while one goes from page to page: the last search of Discover, and the time that is looked at everywhere.

import type { PagePath } from '../lib/pages'
import { defaultRange, type TimeRange } from '../lib/time/range'
import { ofSpace, readTab, writeTab } from './stored'

const SEARCH = ofSpace('elkhorn.discover')
const RANGE = 'elkhorn.range'

/** The query part of Discover's address, without a question mark. */
export const rememberSearch = (search: string) => writeTab(SEARCH, search)

/** The time of every page that has none of its own. */
export const carryRange = ({ from, to }: TimeRange) => writeTab(RANGE, JSON.stringify({ from, to }))

export function carriedRange(): TimeRange {
  try {
    const { from, to } = JSON.parse(readTab(RANGE) ?? '{}') as Record<string, unknown>
    return typeof from === 'string' && typeof to === 'string' ? { from, to } : defaultRange()
  } catch {
    return defaultRange()
  }
}

/** Where the way to a page leads: to Discover as it was left, with the time looked at since. */
export function wayTo(page: PagePath): string {
  if (page !== '/discover') return page
  const query = withRange(readTab(SEARCH) ?? '', carriedRange())
  return query === '' ? page : `${page}?${query}`
}

/** The query part of an address with the time carried to it where it has none; null where nothing is to be added. */
export function carriedInto(search: string): string | null {
  const params = new URLSearchParams(search)
  const range = carriedRange()
  if (params.has('from') || params.has('to') || isDefault(range)) return null
  return withRange(search, range)
}

const isDefault = (range: TimeRange) => range.from === defaultRange().from && range.to === defaultRange().to

function withRange(search: string, range: TimeRange): string {
  const params = new URLSearchParams(search)
  params.delete('from')
  params.delete('to')
  if (!isDefault(range)) {
    params.set('from', range.from)
    params.set('to', range.to)
  }
  return params.toString().replace(/%(2A|3A|2F|2C|40|21)/g, code => decodeURIComponent(code))
}
