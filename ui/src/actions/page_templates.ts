import type { Action, GlobalContext } from './action'

export const goTemplates: Action<GlobalContext> = {
  id: 'page_templates',
  label: 'Go to Templates',
  keywords: 'page management index component legacy simulate',
  shortcut: 'g t',
  run: context => context.go('/management/templates'),
}
