import { type ComponentProps, type ReactNode, useMemo, useState } from 'react'
import { Link } from 'wouter'
import { shortcutKeys } from '../actions/shortcuts'
import { GLOBAL_ACTIONS } from '../actions/table'
import { useShortcuts } from '../actions/useShortcuts'
import { AppMenu } from '../components/AppMenu'
import { HelpSheet } from '../components/HelpSheet'
import { Icon } from '../components/Icon'
import type { PaletteItem } from '../components/Palette'
import { ThemeMenu } from '../components/ThemeMenu'
import { PAGES, type PagePath } from '../lib/pages'
import { navigate } from '../state/navigate'
import { wayTo } from '../state/places'
import { texts } from '../texts/shell'
import { CommandPalette } from './CommandPalette'
import styles from './PageBar.module.css'
import { SpaceMenu } from './SpaceMenu'
import { useTitle } from './useTitle'

const IS_MAC = /Mac|iPhone|iPad/.test(navigator.userAgent)
export const MOD = IS_MAC ? '⌘' : 'Ctrl'

interface Props {
  /** Null on an address that has no page. */
  current: PagePath | null
  /** What the page shows, for the browser's tab: a dashboard's name. */
  title?: string | undefined
  /** Commands of this page, for the palette and the help sheet. */
  commands: PaletteItem[]
  examples?: ComponentProps<typeof HelpSheet>['examples']
  children?: ReactNode
}

/** The head of a page, with the ways to the others: those of its group as tabs, and menu, palette and keys. */
export function PageBar({ current, title, commands, examples, children }: Props) {
  const [dialog, setDialog] = useState<'palette' | 'help' | null>(null)
  const context = useMemo(
    () => ({
      go: (page: PagePath) => navigate(wayTo(page)),
      openPalette: () => setDialog('palette'),
      openHelp: () => setDialog('help'),
    }),
    [],
  )
  useShortcuts(GLOBAL_ACTIONS, context)
  const items = [
    ...commands,
    ...GLOBAL_ACTIONS.map(action => ({
      id: action.id,
      label: action.label,
      kind: texts.command,
      keywords: action.keywords,
      ...(action.shortcut && { keys: shortcutKeys(action.shortcut, IS_MAC) }),
      run: () => action.run(context),
    })),
  ]
  const page = PAGES.find(one => one.path === current)
  const group = page?.group
  useTitle(title, page?.label)
  return (
    <header className={styles.bar}>
      <AppMenu current={current} />
      <SpaceMenu path={current ?? '/discover'} />
      <nav className={styles.tools} aria-label={group}>
        {PAGES.filter(one => one.group === group).map(one => (
          <Link
            key={one.path}
            href={wayTo(one.path)}
            className={styles.tool ?? ''}
            aria-current={one.path === current ? 'page' : undefined}
          >
            {one.label}
          </Link>
        ))}
      </nav>
      {children}
      <ThemeMenu />
      <button
        type="button"
        className="button quiet icon"
        aria-label={texts.keyboardShortcuts}
        title={texts.keyboardShortcutsWithKey}
        onClick={context.openHelp}
      >
        <Icon name="keyboard" />
      </button>
      {dialog === 'palette' && <CommandPalette items={items} onClose={() => setDialog(null)} />}
      {dialog === 'help' && (
        <HelpSheet
          shortcuts={items.flatMap(({ id, label, keys }) => (keys ? [{ id, label, keys }] : []))}
          examples={examples}
          onClose={() => setDialog(null)}
        />
      )}
    </header>
  )
}
