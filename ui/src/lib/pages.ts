// The pages of the interface: the menu, the palette and the keys are views of this list.

import type { SavedObject } from './savedobjects'

/** Pages of one group stand together in the menu, and are tabs of each other. */
export const PAGE_GROUPS = ['Explore', 'Operate', 'Manage', 'Dev tools'] as const

export const PAGES = [
  {
    path: '/discover',
    group: 'Explore',
    label: 'Discover',
    keywords: 'logs events search',
    key: 'd',
    icon: 'search',
  },
  {
    path: '/dashboards',
    group: 'Explore',
    label: 'Dashboards',
    keywords: 'panels charts visualizations boards samples',
    key: 'b',
    icon: 'grid',
  },
  {
    path: '/visualize',
    group: 'Explore',
    label: 'Visualize',
    keywords: 'charts graphs visualizations lens aggregations',
    key: 'v',
    icon: 'chart',
  },
  {
    path: '/reports',
    group: 'Explore',
    label: 'Reports',
    keywords: 'canvas workpads print pdf slides presentation infographic',
    key: 'r',
    icon: 'page',
  },
  {
    path: '/monitoring',
    group: 'Operate',
    label: 'Stack monitoring',
    keywords: 'metrics rates latency memory disk watermarks segments slow searches shippers',
    key: 'm',
    icon: 'pulse',
  },
  {
    path: '/pipelines',
    group: 'Operate',
    label: 'Pipelines',
    keywords: 'logstash graph configuration throughput queue reload',
    key: 'p',
    icon: 'flow',
  },
  {
    path: '/dead_letters',
    group: 'Operate',
    label: 'Dead letters',
    keywords: 'logstash refused events replay dlq',
    key: 'l',
    icon: 'letter',
  },
  {
    path: '/management/indices',
    group: 'Manage',
    label: 'Indices',
    keywords: 'management index data streams mapping settings aliases segments size',
    key: 'i',
    icon: 'layers',
  },
  {
    path: '/management/templates',
    group: 'Manage',
    label: 'Templates',
    keywords: 'management index component legacy composable simulate',
    key: 't',
    icon: 'template',
  },
  {
    path: '/management/ingest_pipelines',
    group: 'Manage',
    label: 'Ingest pipelines',
    keywords: 'management processors simulate test',
    key: 'n',
    icon: 'funnel',
  },
  {
    path: '/management/saved_objects',
    group: 'Manage',
    label: 'Saved objects',
    keywords: 'management import export kibana ndjson dashboards data views searches',
    key: 'o',
    icon: 'box',
  },
  {
    path: '/management/data_views',
    group: 'Manage',
    label: 'Data views',
    keywords: 'management index patterns fields time field default',
    key: 'w',
    icon: 'eye',
  },
  {
    path: '/management/settings',
    group: 'Manage',
    label: 'Advanced settings',
    keywords: 'management defaults time zone theme columns rows',
    key: 's',
    icon: 'pen',
  },
  {
    path: '/management/spaces',
    group: 'Manage',
    label: 'Spaces',
    keywords: 'management rooms teams copy saved objects',
    key: 'x',
    icon: 'template',
  },
  {
    path: '/dev_tools/console',
    group: 'Dev tools',
    label: 'Console',
    keywords: 'dev tools requests elasticsearch api curl',
    key: 'c',
    icon: 'terminal',
  },
  {
    path: '/dev_tools/grokdebugger',
    group: 'Dev tools',
    label: 'Grok Debugger',
    keywords: 'dev tools pattern logstash expression',
    key: 'k',
    icon: 'pattern',
  },
  {
    path: '/dev_tools/pipeline_debugger',
    group: 'Dev tools',
    label: 'Pipeline Debugger',
    keywords: 'dev tools logstash filters steps event trial',
    key: 'e',
    icon: 'steps',
  },
  {
    path: '/dev_tools/profiler',
    group: 'Dev tools',
    label: 'Query Profiler',
    keywords: 'dev tools profile slow search time clauses',
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
