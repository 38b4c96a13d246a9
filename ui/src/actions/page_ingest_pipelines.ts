import type { Action, GlobalContext } from './action'

export const goIngestPipelines: Action<GlobalContext> = {
  id: 'page_ingest_pipelines',
  label: 'Go to Ingest pipelines',
  keywords: 'page management processors simulate test',
  shortcut: 'g n',
  run: context => context.go('/management/ingest_pipelines'),
}
