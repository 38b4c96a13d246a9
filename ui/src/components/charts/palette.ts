import { createContext, useContext, useMemo, useSyncExternalStore } from 'react'
import type { Rgb } from '../../lib/vis/colours'
import { useTheme } from '../../state/theme'

/** The colours of the tokens as they are now, for what cannot read style sheets. */
export interface Colours {
  /** `rgb(…)` of a token. */
  css: (token: string) => string
  rgb: (token: string) => Rgb
}

/** What a chart is drawn on when that is not the page's theme, such as a sheet of paper. */
export const Scheme = createContext<'light' | 'dark' | null>(null)

const DARK = '(prefers-color-scheme: dark)'
/** Paper has the light theme's colours. */
const PAPER = 'print'

function useMedia(media: string): boolean {
  return useSyncExternalStore(
    listener => {
      const query = matchMedia(media)
      query.addEventListener('change', listener)
      return () => query.removeEventListener('change', listener)
    },
    () => matchMedia(media).matches,
  )
}

export function useColours(): Colours {
  const theme = useTheme()
  const dark = useMedia(DARK)
  const paper = useMedia(PAPER)
  const own = useContext(Scheme)
  return useMemo(() => {
    const known = new Map<string, string>()
    const scheme = `${theme} ${dark} ${paper} ${own}`
    const css = (token: string) => {
      const key = `${scheme} ${token}`
      const found = known.get(key) ?? resolve(token, own)
      known.set(key, found)
      return found
    }
    return { css, rgb: token => parse(css(token)) }
  }, [theme, dark, paper, own])
}

/** A token may say light-dark(…), which only an element's computed colour decides. */
function resolve(token: string, scheme: 'light' | 'dark' | null): string {
  const probe = document.createElement('span')
  if (scheme !== null) probe.dataset.scheme = scheme
  probe.style.color = `var(--${token})`
  document.body.append(probe)
  const colour = getComputedStyle(probe).color
  probe.remove()
  return colour
}

const parse = (css: string): Rgb => {
  const [r = 0, g = 0, b = 0] = (css.match(/[\d.]+/g) ?? []).map(Number)
  return [r, g, b]
}
