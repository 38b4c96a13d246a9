import type { Action, ViewContext } from './action'

export const refresh: Action<ViewContext> = {
  id: 'refresh',
  label: 'Search again',
  keywords: 'reload update now',
  shortcut: 'r',
  run: context => context.refresh(),
}
