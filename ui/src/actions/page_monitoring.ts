import type { Action, GlobalContext } from './action'

export const goMonitoring: Action<GlobalContext> = {
  id: 'page_monitoring',
  label: 'Go to Stack monitoring',
  keywords: 'page metrics rates latency memory disk slow searches shippers',
  shortcut: 'g m',
  run: context => context.go('/monitoring'),
}
