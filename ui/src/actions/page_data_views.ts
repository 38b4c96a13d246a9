import { texts } from '../texts/actions'
import type { Action, GlobalContext } from './action'

export const goDataViews: Action<GlobalContext> = {
  id: 'page_data_views',
  label: texts.goToDataViews,
  keywords: texts.pageManagementIndexPatterns,
  shortcut: 'g w',
  run: context => context.go('/management/data_views'),
}
