import { texts } from '../texts/actions'
import type { Action, GlobalContext } from './action'

export const goDeadLetters: Action<GlobalContext> = {
  id: 'page_dead_letters',
  label: texts.goToDeadLetters,
  keywords: texts.pageRefusedEventsReplayDlq,
  shortcut: 'g l',
  run: context => context.go('/dead_letters'),
}
