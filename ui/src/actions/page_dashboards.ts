import type { Action, GlobalContext } from './action'

export const goDashboards: Action<GlobalContext> = {
  id: 'page_dashboards',
  label: 'Go to Dashboards',
  keywords: 'page panels charts boards',
  shortcut: 'g b',
  run: context => context.go('/dashboards'),
}
