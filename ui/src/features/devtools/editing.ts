/** Puts a text at the cursor of a text area, as if it were typed; the cursor goes `back` characters from its end. */
export function insertInto(area: HTMLTextAreaElement | null, text: string, back: number) {
  if (!area) return
  area.focus()
  // The only way to change a text area that undo knows of; it tells React too.
  document.execCommand('insertText', false, text)
  const at = area.selectionStart - back
  area.setSelectionRange(at, at)
}
