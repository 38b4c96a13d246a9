import { type ReactNode, useMemo } from 'react'
import { GLOBAL_ACTIONS } from '../../actions/table'
import { useShortcuts } from '../../actions/useShortcuts'
import { AppMenu } from '../../components/AppMenu'
import { Icon } from '../../components/Icon'
import { ThemeMenu } from '../../components/ThemeMenu'
import { ZoneMenu } from '../../components/ZoneMenu'
import type { PagePath } from '../../lib/pages'
import { SpaceMenu } from '../../shell/SpaceMenu'
import { useTitle } from '../../shell/useTitle'
import { navigate } from '../../state/navigate'
import { wayTo } from '../../state/places'
import { texts } from '../../texts/discover'
import styles from './SubBar.module.css'

/** Those that need neither a palette nor a help sheet. */
const KEYS = GLOBAL_ACTIONS.filter(a => a.id !== 'palette_open' && a.id !== 'help_open')

/** The head of a page that is reached from Discover's, with the way back. */
export function SubBar({ title, children }: { title: string; children: ReactNode }) {
  useTitle(title)
  const context = useMemo(
    () => ({
      go: (page: PagePath) => navigate(wayTo(page)),
      openPalette: () => undefined,
      openHelp: () => undefined,
    }),
    [],
  )
  useShortcuts(KEYS, context)
  return (
    <header className={styles.bar}>
      <AppMenu current={null} />
      <SpaceMenu path="/discover" />
      <button
        type="button"
        className="button quiet"
        onClick={() => (history.length > 1 ? history.back() : navigate(wayTo('/discover')))}
      >
        <Icon name="left" size={13} />
        {texts.back}
      </button>
      <h1 className={styles.title}>{title}</h1>
      <div className={styles.middle}>{children}</div>
      <ZoneMenu />
      <ThemeMenu />
    </header>
  )
}
