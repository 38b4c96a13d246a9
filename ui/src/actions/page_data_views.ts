import type { Action, GlobalContext } from './action'

export const goDataViews: Action<GlobalContext> = {
  id: 'page_data_views',
  label: 'Go to Data views',
  keywords: 'page management index patterns fields time field default',
  shortcut: 'g w',
  run: context => context.go('/management/data_views'),
}
