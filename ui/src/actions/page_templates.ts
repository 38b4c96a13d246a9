import { texts } from '../texts/actions'
import type { Action, GlobalContext } from './action'

export const goTemplates: Action<GlobalContext> = {
  id: 'page_templates',
  label: texts.goToTemplates,
  keywords: texts.pageManagementIndex,
  shortcut: 'g t',
  run: context => context.go('/management/templates'),
}
