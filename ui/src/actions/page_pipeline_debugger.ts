import type { Action, GlobalContext } from './action'

export const goPipelineDebugger: Action<GlobalContext> = {
  id: 'page_pipeline_debugger',
  label: 'Go to Pipeline Debugger',
  keywords: 'page dev tools logstash filters steps',
  shortcut: 'g e',
  run: context => context.go('/dev_tools/pipeline_debugger'),
}
