import type { Action } from './action'

export const refresh: Action = {
  id: 'refresh',
  label: 'Search again',
  keywords: 'reload update now',
  shortcut: 'r',
  run: context => context.refresh(),
}
