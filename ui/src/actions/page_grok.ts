import type { Action, GlobalContext } from './action'

export const goGrok: Action<GlobalContext> = {
  id: 'page_grok',
  label: 'Go to Grok Debugger',
  keywords: 'page dev tools pattern expression',
  shortcut: 'g k',
  run: context => context.go('/dev_tools/grokdebugger'),
}
