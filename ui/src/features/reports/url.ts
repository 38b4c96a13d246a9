// What a link to a report reproduces beside what is saved: the time, the page, and whether nothing but the page is shown.

import type { TimeRange } from '../../lib/time/range'
import type { Millis } from '../../lib/time/units'

export interface ReportState {
  /** Null takes what the report is saved with. */
  range: TimeRange | null
  /** 0 asks again only on demand; null takes what the report is saved with. */
  refresh: Millis | null
  /** From 1. */
  page: number
  /** A slide show: one page, as large as the screen. */
  full: boolean
}

export function parseReportUrl(search: string): ReportState {
  const params = new URLSearchParams(search)
  const [from, to] = [params.get('from'), params.get('to')]
  const refresh = /^(\d{1,6})s?$/.exec(params.get('refresh') ?? '')
  const page = /^[1-9]\d{0,2}$/.exec(params.get('page') ?? '')
  return {
    range: from && to ? { from, to } : null,
    refresh: refresh ? Number(refresh[1]) * 1000 : null,
    page: page ? Number(page[0]) : 1,
    full: params.get('full') === '1',
  }
}

export function formatReportUrl(state: ReportState): string {
  const params = new URLSearchParams()
  if (state.range !== null) {
    params.set('from', state.range.from)
    params.set('to', state.range.to)
  }
  if (state.refresh !== null) params.set('refresh', `${state.refresh / 1000}s`)
  if (state.page !== 1) params.set('page', String(state.page))
  if (state.full) params.set('full', '1')
  return params.toString().replaceAll('%3A', ':')
}

export const reportUrl = (id: string, state?: ReportState): string => {
  const query = state ? formatReportUrl(state) : ''
  return `/reports/${encodeURIComponent(id)}${query === '' ? '' : `?${query}`}`
}

/** The report that a path is about. Ids may have slashes and signs of per cent in them. */
export function reportOf(path: string): string {
  const name = path.slice('/reports/'.length)
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}
