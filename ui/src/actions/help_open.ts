import { texts } from '../texts/actions'
import type { Action, GlobalContext } from './action'

export const openHelp: Action<GlobalContext> = {
  id: 'help_open',
  label: texts.keyboardShortcuts,
  keywords: texts.helpKeys,
  shortcut: '?',
  run: context => context.openHelp(),
}
