import { texts } from '../texts/actions'
import type { Action, GlobalContext } from './action'

export const goPipelines: Action<GlobalContext> = {
  id: 'page_pipelines',
  label: texts.goToPipelines,
  keywords: texts.pageLogstashGraphConfigurationThroughput,
  shortcut: 'g p',
  run: context => context.go('/pipelines'),
}
