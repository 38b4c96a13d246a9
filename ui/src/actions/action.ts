// A command is data: the palette, the help sheet and the shortcuts are views of one table.

import type { PagePath } from '../lib/pages'

/** What commands can do on every page. */
export interface GlobalContext {
  go: (page: PagePath) => void
  openPalette: () => void
  openHelp: () => void
}

/** What commands can do where there is a search and a time. */
export interface ViewContext {
  focusSearch: () => void
  openTimePicker: () => void
  zoomOut: () => void
  refresh: () => void
}

/** What commands can do to Discover. */
export interface ActionContext extends GlobalContext, ViewContext {
  moveSelection: (step: 1 | -1) => void
  toggleSelected: () => void
  closeDocuments: () => void
  toggleLive: () => void
  copyLink: () => void
  clearConditions: () => void
  toggleWrap: () => void
  resetColumns: () => void
}

export interface Action<Context = ActionContext> {
  id: string
  label: string
  /** Further words that the palette finds it by. */
  keywords: string
  /** As `KeyboardEvent.key`, with `mod+` for Ctrl or ⌘; two keys with a blank between them are pressed one after the other. */
  shortcut?: string
  run: (context: Context) => void
}
