import type { Action, GlobalContext } from './action'

export const goPipelines: Action<GlobalContext> = {
  id: 'page_pipelines',
  label: 'Go to Pipelines',
  keywords: 'page logstash graph configuration throughput',
  shortcut: 'g p',
  run: context => context.go('/pipelines'),
}
