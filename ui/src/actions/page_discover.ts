import type { Action, GlobalContext } from './action'

export const goDiscover: Action<GlobalContext> = {
  id: 'page_discover',
  label: 'Go to Discover',
  keywords: 'page logs events',
  shortcut: 'g d',
  run: context => context.go('/discover'),
}
