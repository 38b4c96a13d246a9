import type { RefObject } from 'react'
import { AppMenu } from '../../components/AppMenu'
import { Icon } from '../../components/Icon'
import { RefreshButtons } from '../../components/RefreshButtons'
import { ThemeMenu } from '../../components/ThemeMenu'
import { TimePicker } from '../../components/TimePicker'
import { ZoneMenu } from '../../components/ZoneMenu'
import type { IndexPattern } from '../../lib/indexpatterns'
import type { TimeRange } from '../../lib/time/range'
import type { EpochMillis } from '../../lib/time/units'
import { SpaceMenu } from '../../shell/SpaceMenu'
import { texts } from '../../texts/discover'
import { IndexPicker } from './IndexPicker'
import type { SavedView } from './queries'
import { SearchBar, type SearchBarProps } from './SearchBar'
import styles from './TopBar.module.css'
import type { RefreshMode } from './url'

interface Props {
  search: SearchBarProps
  searchRef: RefObject<HTMLInputElement | null>
  index: string | null
  patterns: IndexPattern[]
  views: SavedView[]
  range: TimeRange
  now: EpochMillis
  recent: TimeRange[]
  timeOpen: boolean
  refreshMode: RefreshMode
  busy: boolean
  /** There is nothing to search yet. */
  bare: boolean
  onTimeOpen: (open: boolean) => void
  onIndex: (index: string) => void
  onRange: (range: TimeRange) => void
  onZoomOut: () => void
  onRefresh: () => void
  onRefreshMode: (mode: RefreshMode) => void
  onHelp: () => void
}

export function TopBar(props: Props) {
  return (
    <header className={styles.bar}>
      <AppMenu current="/discover" />
      <SpaceMenu path="/discover" />
      <h1 className="visually-hidden">{texts.discover}</h1>
      {props.bare ? (
        <span className={styles.name}>Elkhorn</span>
      ) : (
        <>
          <IndexPicker
            index={props.index}
            patterns={props.patterns}
            views={props.views}
            onIndex={props.onIndex}
          />
          <SearchBar {...props.search} inputRef={props.searchRef} />
          <TimePicker
            range={props.range}
            now={props.now}
            recent={props.recent}
            open={props.timeOpen}
            onOpenChange={props.onTimeOpen}
            onChange={props.onRange}
          />
          <ZoneMenu />
          <button
            type="button"
            className="button quiet icon"
            aria-label={texts.zoomOut}
            title={texts.twiceTheTimeWithKey}
            onClick={props.onZoomOut}
          >
            <Icon name="zoomOut" />
          </button>
          <Refresh
            refreshMode={props.refreshMode}
            busy={props.busy}
            onRefresh={props.onRefresh}
            onRefreshMode={props.onRefreshMode}
          />
        </>
      )}
      <ThemeMenu />
      <button
        type="button"
        className="button quiet icon"
        aria-label={texts.keyboardShortcuts}
        title={texts.keyboardShortcutsWithKey}
        onClick={props.onHelp}
      >
        <Icon name="keyboard" />
      </button>
    </header>
  )
}

const MODES: readonly RefreshMode[] = [null, 'live', 2000, 5000, 10_000, 30_000, 60_000]

function Refresh({
  refreshMode,
  busy,
  onRefresh,
  onRefreshMode,
}: Pick<Props, 'refreshMode' | 'busy' | 'onRefresh' | 'onRefreshMode'>) {
  return (
    <RefreshButtons
      mode={refreshMode}
      modes={MODES}
      labelOf={mode =>
        mode === null ? texts.off : mode === 'live' ? texts.asEventsArrive : texts.everyS(mode / 1000)
      }
      shortOf={mode => (mode === null ? '' : mode === 'live' ? texts.live : `${mode / 1000} s`)}
      again={{ label: texts.searchAgain, title: texts.searchAgainWithKey }}
      byItself={{ label: texts.liveRefresh, title: texts.liveRefreshWithKey }}
      menu={texts.liveRefresh}
      busy={busy}
      onAgain={onRefresh}
      onMode={onRefreshMode}
    />
  )
}
