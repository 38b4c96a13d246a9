import { texts } from '../texts/actions'
import type { Action, GlobalContext } from './action'

export const goSettings: Action<GlobalContext> = {
  id: 'page_settings',
  label: texts.goToAdvancedSettings,
  keywords: texts.pageManagementDefaults,
  shortcut: 'g s',
  run: context => context.go('/management/settings'),
}
