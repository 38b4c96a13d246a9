import type { Action } from './action'

type Press = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>

/**
 * The command that a key press means. While a text is edited, only those with a modifier count. `first` is the key that
 * was pressed shortly before, of commands with two.
 */
export function actionFor<C>(
  press: Press,
  actions: readonly Action<C>[],
  editing: boolean,
  first: string | null = null,
): Action<C> | undefined {
  const mod = press.ctrlKey || press.metaKey
  if (press.altKey || (editing && !mod)) return undefined
  const key = press.key.length === 1 ? press.key.toLowerCase() : press.key
  if (first !== null && !mod) {
    const found = actions.find(a => a.shortcut === `${first} ${key}`)
    if (found) return found
  }
  return actions.find(a => a.shortcut === (mod ? `mod+${key}` : key))
}

/** Whether keys go to a field, so that letters are text. Buttons keep Enter for themselves. */
export function isEditing(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName)) return true
  return key === 'Enter' && ['BUTTON', 'A', 'SUMMARY'].includes(target.tagName)
}

/** "⌘ K" on a Mac, "Ctrl K" elsewhere. */
export function shortcutKeys(shortcut: string, mac: boolean): string[] {
  return shortcut
    .split(/[+ ]/)
    .map(key =>
      key === 'mod'
        ? mac
          ? '⌘'
          : 'Ctrl'
        : key === 'Escape'
          ? 'Esc'
          : key.length === 1
            ? key.toUpperCase()
            : key,
    )
}
