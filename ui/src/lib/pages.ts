// The pages of the interface: the menu, the palette and the keys are views of this list.

import { texts } from '../texts/lib'
import type { SavedObject } from './savedobjects'

/** Pages of one group stand together in the menu, and are tabs of each other. */
export const PAGE_GROUPS = [texts.explore, texts.operate, texts.manage, texts.devTools] as const

export const PAGES = [
  {
    path: '/discover',
    group: texts.explore,
    label: texts.discover,
    keywords: texts.logsEventsSearch,
    key: 'd',
    icon: 'search',
  },
  {
    path: '/dashboards',
    group: texts.explore,
    label: texts.dashboards,
    keywords: texts.panelsChartsVisualizationsBoardsSamples,
    key: 'b',
    icon: 'grid',
  },
  {
    path: '/visualize',
    group: texts.explore,
    label: texts.visualize,
    keywords: texts.chartsGraphsVisualizationsLensAggregations,
    key: 'v',
    icon: 'chart',
  },
  {
    path: '/reports',
    group: texts.explore,
    label: texts.reports,
    keywords: texts.canvasWorkpadsPrintPdf,
    key: 'r',
    icon: 'page',
  },
  {
    path: '/monitoring',
    group: texts.operate,
    label: texts.stackMonitoring,
    keywords: texts.metricsRatesLatencyMemory,
    key: 'm',
    icon: 'pulse',
  },
  {
    path: '/pipelines',
    group: texts.operate,
    label: texts.pipelines,
    keywords: texts.logstashGraphConfiguration,
    key: 'p',
    icon: 'flow',
  },
  {
    path: '/dead_letters',
    group: texts.operate,
    label: texts.deadLetters,
    keywords: texts.logstashRefusedEventsReplayDlq,
    key: 'l',
    icon: 'letter',
  },
  {
    path: '/management/indices',
    group: texts.manage,
    label: texts.indices,
    keywords: texts.managementIndexData,
    key: 'i',
    icon: 'layers',
  },
  {
    path: '/management/templates',
    group: texts.manage,
    label: texts.templates,
    keywords: texts.managementIndexComponent,
    key: 't',
    icon: 'template',
  },
  {
    path: '/management/ingest_pipelines',
    group: texts.manage,
    label: texts.ingestPipelines,
    keywords: texts.managementProcessorsSimulateTest,
    key: 'n',
    icon: 'funnel',
  },
  {
    path: '/management/saved_objects',
    group: texts.manage,
    label: texts.savedObjects,
    keywords: texts.managementImportExport,
    key: 'o',
    icon: 'box',
  },
  {
    path: '/management/data_views',
    group: texts.manage,
    label: texts.dataViews,
    keywords: texts.managementIndexPatterns,
    key: 'w',
    icon: 'eye',
  },
  {
    path: '/management/settings',
    group: texts.manage,
    label: texts.advancedSettings,
    keywords: texts.managementDefaultsTime,
    key: 's',
    icon: 'pen',
  },
  {
    path: '/management/spaces',
    group: texts.manage,
    label: texts.spaces,
    keywords: texts.managementRoomsTeamsCopy,
    key: 'x',
    icon: 'template',
  },
  {
    path: '/dev_tools/console',
    group: texts.devTools,
    label: texts.console,
    keywords: texts.devToolsRequests,
    key: 'c',
    icon: 'terminal',
  },
  {
    path: '/dev_tools/grokdebugger',
    group: texts.devTools,
    label: texts.grokDebugger,
    keywords: texts.devToolsPatternLogstashExpression,
    key: 'k',
    icon: 'pattern',
  },
  {
    path: '/dev_tools/pipeline_debugger',
    group: texts.devTools,
    label: texts.pipelineDebugger,
    keywords: texts.devToolsLogstashFilters,
    key: 'e',
    icon: 'steps',
  },
  {
    path: '/dev_tools/profiler',
    group: texts.devTools,
    label: texts.queryProfiler,
    keywords: texts.devToolsProfileSlowSearch,
    key: 'q',
    icon: 'gauge',
  },
] as const

export type PagePath = (typeof PAGES)[number]['path']

/** The story of an id. */
export const storyUrl = (field: string, value: string | number) =>
  `/trace?${new URLSearchParams({ field, value: String(value) })}`

/** One document, among those before and after it. */
export const documentUrl = (index: string, id: string) =>
  `/document?${new URLSearchParams({ in: index, id })}`

/** The console with a text in it. */
export const formatConsoleUrl = (text: string) => `/dev_tools/console?${new URLSearchParams({ load: text })}`

/** The page that opens a saved object; null where none does. A data view is seen by its pattern. */
export function savedUrl({ type, id, attributes }: Pick<SavedObject, 'type' | 'id' | 'attributes'>) {
  if (type === 'search') return `/discover/view?${new URLSearchParams({ id })}`
  if (type === 'dashboard') return `/dashboards/${encodeURIComponent(id)}`
  if (type === 'canvas-workpad') return `/reports/${encodeURIComponent(id)}`
  if (type === 'visualization') return `/visualize/editor?${new URLSearchParams({ id })}`
  if (type !== 'index-pattern' || typeof attributes.title !== 'string') return null
  return `/discover?${new URLSearchParams({ index: attributes.title })}`
}
