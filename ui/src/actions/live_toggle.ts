import { texts } from '../texts/actions'
import type { Action } from './action'

export const toggleLive: Action = {
  id: 'live_toggle',
  label: texts.switchLiveRefresh,
  keywords: texts.tailFollowAuto,
  shortcut: 'l',
  run: context => context.toggleLive(),
}
