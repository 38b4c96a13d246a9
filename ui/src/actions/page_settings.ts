import type { Action, GlobalContext } from './action'

export const goSettings: Action<GlobalContext> = {
  id: 'page_settings',
  label: 'Go to Advanced settings',
  keywords: 'page management defaults time zone theme columns rows',
  shortcut: 'g s',
  run: context => context.go('/management/settings'),
}
