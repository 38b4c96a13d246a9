import { texts } from '../texts/actions'
import type { Action, GlobalContext } from './action'

export const goGrok: Action<GlobalContext> = {
  id: 'page_grok',
  label: texts.goToGrokDebugger,
  keywords: texts.pageDevToolsPatternExpression,
  shortcut: 'g k',
  run: context => context.go('/dev_tools/grokdebugger'),
}
