// A command is data: the palette, the help sheet and the shortcuts are views of one table.

/** What commands can do to the page they are used on. */
export interface ActionContext {
  focusSearch: () => void
  openTimePicker: () => void
  moveSelection: (step: 1 | -1) => void
  toggleSelected: () => void
  closeDocuments: () => void
  refresh: () => void
  toggleLive: () => void
  zoomOut: () => void
  copyLink: () => void
  clearConditions: () => void
  toggleWrap: () => void
  resetColumns: () => void
  openPalette: () => void
  openHelp: () => void
}

export interface Action {
  id: string
  label: string
  /** Further words that the palette finds it by. */
  keywords: string
  /** As `KeyboardEvent.key`, with `mod+` for Ctrl or ⌘. */
  shortcut?: string
  run: (context: ActionContext) => void
}
