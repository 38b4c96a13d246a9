import { texts } from '../texts/actions'
import type { Action, GlobalContext } from './action'

export const goMonitoring: Action<GlobalContext> = {
  id: 'page_monitoring',
  label: texts.goToStackMonitoring,
  keywords: texts.pageMetricsRatesLatency,
  shortcut: 'g m',
  run: context => context.go('/monitoring'),
}
