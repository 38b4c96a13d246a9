import type { Action, GlobalContext } from './action'

export const goSpaces: Action<GlobalContext> = {
  id: 'page_spaces',
  label: 'Go to Spaces',
  keywords: 'page management rooms teams copy saved objects',
  shortcut: 'g x',
  run: context => context.go('/management/spaces'),
}
