import { type RefObject, useMemo, useRef } from 'react'
import type { ActionContext } from '../../actions/action'
import { ACTIONS } from '../../actions/table'
import { useShortcuts } from '../../actions/useShortcuts'
import { pinnedOf } from '../../lib/filters'
import { type TimeRange, zoomOut } from '../../lib/time/range'
import { navigate } from '../../state/navigate'
import { wayTo } from '../../state/places'
import type { Discover } from './useDiscover'
import type { OpenEvents } from './useOpenEvents'

interface Parts {
  discover: Discover
  open: OpenEvents
  searchRef: RefObject<HTMLInputElement | null>
  setTimeOpen: (open: boolean) => void
  changeRange: (range: TimeRange) => void
  toggleWrap: () => void
  setDialog: (dialog: 'palette' | 'help') => void
}

/** What the commands do on this page; also listens to the keyboard for them. */
export function useCommands(parts: Parts): ActionContext {
  const latest = useRef(parts)
  latest.current = parts
  const context = useMemo(() => commandsOf(() => latest.current), [])
  useShortcuts(ACTIONS, context)
  return context
}

function commandsOf(parts: () => Parts): ActionContext {
  return {
    focusSearch: () => {
      parts().searchRef.current?.focus()
      parts().searchRef.current?.select()
    },
    openTimePicker: () => parts().setTimeOpen(true),
    moveSelection: step => parts().open.move(step),
    toggleSelected: () => {
      const { open } = parts()
      if (open.selected !== null) open.toggle(open.selected)
    },
    closeDocuments: () => parts().open.closeAll(),
    refresh: () => parts().discover.refresh(),
    toggleLive: () => {
      const { state, update } = parts().discover
      update({ refreshMode: state.refreshMode === null ? 'live' : null })
    },
    zoomOut: () => {
      const { range } = parts().discover
      if (range) parts().changeRange(zoomOut(range))
    },
    copyLink: () => {
      // Where copying is not allowed the address bar still holds the link.
      navigator.clipboard?.writeText(location.href).catch(() => undefined)
    },
    clearConditions: () => {
      const { state, update } = parts().discover
      update({ query: '', filters: pinnedOf(state.filters) })
    },
    toggleWrap: () => parts().toggleWrap(),
    resetColumns: () => parts().discover.update({ columns: null }),
    go: page => navigate(wayTo(page)),
    openPalette: () => parts().setDialog('palette'),
    openHelp: () => parts().setDialog('help'),
  }
}
