// Paths of pages as the browser has them, without the space before them: for those who can call no hook, or need a path as it is
// written.

import { navigate as go, usePathname } from 'wouter/use-browser-location'
import { BASE } from '../lib/space'

/** Goes to a page of the same space. */
export const navigate = (to: string, options?: { replace?: boolean; state?: unknown }) =>
  go(BASE + to, options)

/** The path of the page, not decoded. */
export const usePath = () => usePathname().slice(BASE.length)
