// What was changed on a dashboard and not saved, for as long as the browser's tab is open: a page that is left keeps it.

import type { Dashboard } from '../lib/dashboard/model'
import { ofSpace } from './stored'

export interface Draft {
  dashboard: Dashboard
  /** The version that was changed; null for a dashboard that was never saved. */
  version: string | null
}

/** What storage would not take, because it is forbidden or full: it lasts as long as this program is open. */
const unstored = new Map<string, Draft>()

/** A newer form of `Dashboard` takes another number, so that what an older page has kept is not read. */
const keyOf = (id: string) => ofSpace(`elkhorn.draft.1.${id}`)

export function readDraft(id: string): Draft | null {
  const other = unstored.get(keyOf(id))
  if (other) return other
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(keyOf(id)) ?? 'null')
    return isDraft(kept) ? kept : null
  } catch {
    return null
  }
}

/** Keeps a draft; null forgets it. */
export function writeDraft(id: string, draft: Draft | null) {
  unstored.delete(keyOf(id))
  try {
    if (draft === null) sessionStorage.removeItem(keyOf(id))
    else sessionStorage.setItem(keyOf(id), JSON.stringify(draft))
  } catch {
    if (draft !== null) unstored.set(keyOf(id), draft)
  }
}

function isDraft(value: unknown): value is Draft {
  if (typeof value !== 'object' || value === null || !('dashboard' in value) || !('version' in value))
    return false
  const { dashboard } = value
  return (
    typeof dashboard === 'object' &&
    dashboard !== null &&
    'panels' in dashboard &&
    Array.isArray(dashboard.panels)
  )
}
