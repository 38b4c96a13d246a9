import type { Action, GlobalContext } from './action'

export const goReports: Action<GlobalContext> = {
  id: 'page_reports',
  label: 'Go to Reports',
  keywords: 'page canvas workpad print pdf slides presentation',
  shortcut: 'g r',
  run: context => context.go('/reports'),
}
