// The space that a page is about: `/s/SPACE` before its path, nothing for the default one.

export const DEFAULT_SPACE = 'default'

const PREFIX = /^\/s\/([a-z0-9_-]+)(?=\/|$)/

/** The space of a path, and what stands before the paths of its pages and requests. */
export function spaceOf(path: string): { space: string; base: string } {
  const found = PREFIX.exec(path)
  return { space: found?.[1] ?? DEFAULT_SPACE, base: found?.[0] ?? '' }
}

/** What stands before the paths of a space. */
export const baseOf = (space: string) => (space === DEFAULT_SPACE ? '' : `/s/${space}`)

/** Those of this page. They hold as long as it is open, since the way to another space loads the page anew. */
export const { space: SPACE, base: BASE } = spaceOf(globalThis.location?.pathname ?? '/')

/** Where a link that somebody wrote leads: a path of this origin that names no space stays in that of the page. */
export const linkWithin = (base: string, href: string) =>
  href.startsWith('/') && !PREFIX.test(href) ? base + href : href

/** A room of its own for what people keep. */
export interface Space {
  id: string
  name: string
  description: string
  /** `#rrggbb`; null when none was chosen. */
  color: string | null
  initials: string
}

/** An id that can stand in an address, made of a name. */
export const spaceIdOf = (name: string) =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^a-z0-9_]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 100)
