import type { Action, GlobalContext } from './action'

export const goConsole: Action<GlobalContext> = {
  id: 'page_console',
  label: 'Go to Console',
  keywords: 'page dev tools requests api',
  shortcut: 'g c',
  run: context => context.go('/dev_tools/console'),
}
