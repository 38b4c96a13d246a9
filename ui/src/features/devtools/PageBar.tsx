import { type ReactNode, useMemo, useState } from 'react'
import { Link } from 'wouter'
import { navigate } from 'wouter/use-browser-location'
import { shortcutKeys } from '../../actions/shortcuts'
import { GLOBAL_ACTIONS } from '../../actions/table'
import { useShortcuts } from '../../actions/useShortcuts'
import { AppMenu } from '../../components/AppMenu'
import { Palette, type PaletteItem } from '../../components/Palette'
import { ThemeMenu } from '../../components/ThemeMenu'
import { PAGES, type PagePath } from '../../lib/pages'
import styles from './PageBar.module.css'

const IS_MAC = /Mac|iPhone|iPad/.test(navigator.userAgent)
export const MOD = IS_MAC ? '⌘' : 'Ctrl'

interface Props {
  current: PagePath
  /** Commands of this page, for the palette. */
  commands: PaletteItem[]
  children: ReactNode
}

/** The head of a tool's page, with the ways to the other pages: menu, palette and keys. */
export function PageBar({ current, commands, children }: Props) {
  const [palette, setPalette] = useState(false)
  const context = useMemo(
    () => ({ go: (page: PagePath) => navigate(page), openPalette: () => setPalette(true) }),
    [],
  )
  useShortcuts(GLOBAL_ACTIONS, context)
  const items = [
    ...commands,
    ...GLOBAL_ACTIONS.filter(a => a.id !== 'palette_open').map(action => ({
      id: action.id,
      label: action.label,
      kind: 'command',
      keywords: action.keywords,
      ...(action.shortcut && { keys: shortcutKeys(action.shortcut, IS_MAC) }),
      run: () => action.run(context),
    })),
  ]
  return (
    <header className={styles.bar}>
      <AppMenu current={current} />
      <nav className={styles.tools} aria-label="Dev tools">
        {PAGES.filter(p => p.path.startsWith('/dev_tools/')).map(page => (
          <Link
            key={page.path}
            href={page.path}
            className={styles.tool ?? ''}
            aria-current={page.path === current ? 'page' : undefined}
          >
            {page.label}
          </Link>
        ))}
      </nav>
      {children}
      <ThemeMenu />
      {palette && <Palette items={items} onClose={() => setPalette(false)} />}
    </header>
  )
}
