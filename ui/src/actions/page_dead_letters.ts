import type { Action, GlobalContext } from './action'

export const goDeadLetters: Action<GlobalContext> = {
  id: 'page_dead_letters',
  label: 'Go to Dead letters',
  keywords: 'page refused events replay dlq',
  shortcut: 'g l',
  run: context => context.go('/dead_letters'),
}
