// Paths of pages as the browser has them, without the space before them: for those who can call no hook, or need a path as it is
// written.

import { navigate as go, useSearch as useBrowserSearch, usePathname } from 'wouter/use-browser-location'
import { BASE } from '../lib/space'

/** Goes to a page of the same space. */
export const navigate = (to: string, options?: { replace?: boolean; state?: unknown }) =>
  go(BASE + to, options)

/** Writes what a page shows into its address, unless the page has been left meanwhile. */
export function keepInAddress(path: string, query: string) {
  if (location.pathname !== BASE + path || location.search.slice(1) === query) return
  navigate(query === '' ? path : `${path}?${query}`, { replace: true })
}

/** The path of the page, not decoded. */
export const usePath = () => usePathname().slice(BASE.length)

/** What stands behind the path, as it is written and without the question mark. Wouter's own hook decodes it, and so what is in it a second time. */
export const useSearch = () => useBrowserSearch().replace(/^\?/, '')
