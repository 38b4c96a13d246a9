import { texts } from '../texts/actions'
import type { Action, GlobalContext } from './action'

export const goIngestPipelines: Action<GlobalContext> = {
  id: 'page_ingest_pipelines',
  label: texts.goToIngestPipelines,
  keywords: texts.pageManagementProcessorsSimulateTest,
  shortcut: 'g n',
  run: context => context.go('/management/ingest_pipelines'),
}
