import type { Action } from './action'

export const toggleLive: Action = {
  id: 'live_toggle',
  label: 'Switch live refresh on or off',
  keywords: 'tail follow auto',
  shortcut: 'l',
  run: context => context.toggleLive(),
}
