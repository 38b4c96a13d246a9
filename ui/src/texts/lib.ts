// Names of pages and of what fields are about.

import { plural } from './plural'

export const texts = {
  // fieldformats
  nanoseconds: (count: number) => plural(count, 'nanosecond', 'nanoseconds'),
  microseconds: (count: number) => plural(count, 'microsecond', 'microseconds'),
  milliseconds: (count: number) => plural(count, 'millisecond', 'milliseconds'),
  seconds: (count: number) => plural(count, 'second', 'seconds'),
  minutes: (count: number) => plural(count, 'minute', 'minutes'),
  hours: (count: number) => plural(count, 'hour', 'hours'),
  days: (count: number) => plural(count, 'day', 'days'),
  weeks: (count: number) => plural(count, 'week', 'weeks'),
  months: (count: number) => plural(count, 'month', 'months'),
  years: (count: number) => plural(count, 'year', 'years'),
  bytes: 'Bytes',
  number: 'Number',
  percent: 'Percent',
  duration: 'Duration',
  link: 'Link',
  colour: 'Colour',
  text: 'Text',
  shortenedText: 'Shortened text',
  namesOfValues: 'Names of values',

  // fields
  service: 'Service',
  toolOrModel: 'Tool or model',
  summary: 'Summary',

  // grok
  lineAPatternWants: (line: number) => `Line ${line}: a pattern wants a name, a blank and an expression`,

  // pages
  explore: 'Explore',
  operate: 'Operate',
  manage: 'Manage',
  devTools: 'Dev tools',
  discover: 'Discover',
  logsEventsSearch: 'logs events search',
  dashboards: 'Dashboards',
  panelsChartsVisualizationsBoardsSamples: 'panels charts visualizations boards samples',
  visualize: 'Visualize',
  chartsGraphsVisualizationsLensAggregations: 'charts graphs visualizations lens aggregations',
  stackMonitoring: 'Stack monitoring',
  metricsRatesLatencyMemory: 'metrics rates latency memory disk watermarks segments slow searches shippers',
  pipelines: 'Pipelines',
  logstashGraphConfiguration: 'logstash graph configuration throughput queue reload',
  deadLetters: 'Dead letters',
  logstashRefusedEventsReplayDlq: 'logstash refused events replay dlq',
  indices: 'Indices',
  managementIndexData: 'management index data streams mapping settings aliases segments size',
  templates: 'Templates',
  managementIndexComponent: 'management index component legacy composable simulate',
  ingestPipelines: 'Ingest pipelines',
  managementProcessorsSimulateTest: 'management processors simulate test',
  savedObjects: 'Saved objects',
  managementImportExport: 'management import export kibana ndjson dashboards data views searches',
  dataViews: 'Data views',
  managementIndexPatterns: 'management index patterns fields time field default',
  advancedSettings: 'Advanced settings',
  managementDefaultsTime: 'management defaults time zone theme columns rows',
  console: 'Console',
  devToolsRequests: 'dev tools requests elasticsearch api curl',
  grokDebugger: 'Grok Debugger',
  devToolsPatternLogstashExpression: 'dev tools pattern logstash expression',
  pipelineDebugger: 'Pipeline Debugger',
  devToolsLogstashFilters: 'dev tools logstash filters steps event trial',
  queryProfiler: 'Query Profiler',
  devToolsProfileSlowSearch: 'dev tools profile slow search time clauses',
  spaces: 'Spaces',
  managementRoomsTeamsCopy: 'management rooms teams copy saved objects',
  reports: 'Reports',
  canvasWorkpadsPrintPdf: 'canvas workpads print pdf slides presentation infographic',

  // settings
  to: (from: string, to: string) => `${from} to ${to}`,
}
