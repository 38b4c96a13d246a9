import { texts } from '../texts/actions'
import type { Action, GlobalContext } from './action'

export const goDashboards: Action<GlobalContext> = {
  id: 'page_dashboards',
  label: texts.goToDashboards,
  keywords: texts.pagePanelsChartsBoards,
  shortcut: 'g b',
  run: context => context.go('/dashboards'),
}
