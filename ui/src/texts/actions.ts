// The commands of the palette, with the words they are also found by.

export const texts = {
  // columns_reset
  chooseTheColumns: 'Choose the columns from the data',
  tableDefaultReset: 'table default reset',

  // conditions_clear
  clearTheSearchAndAll: 'Clear the search and all filters',
  resetRemove: 'reset remove',

  // density_toggle
  tightOrRoomyRows: 'Tight or roomy rows',
  densityCompactRelaxedTableHeight: 'density compact relaxed table height',

  // fields_toggle
  showOrHideTheFields: 'Show or hide the fields',
  sidebarFieldList: 'sidebar side bar list panel',

  // help_open
  keyboardShortcuts: 'Keyboard shortcuts',
  helpKeys: 'help keys',

  // link_copy
  copyALink: 'Copy a link to this view',
  shareUrl: 'share url',

  // live_toggle
  switchLiveRefresh: 'Switch live refresh on or off',
  tailFollowAuto: 'tail follow auto',

  // page_console
  goToConsole: 'Go to Console',
  pageDevToolsRequestsApi: 'page dev tools requests api',

  // page_dashboards
  goToDashboards: 'Go to Dashboards',
  pagePanelsChartsBoards: 'page panels charts boards',

  // page_data_views
  goToDataViews: 'Go to Data views',
  pageManagementIndexPatterns: 'page management index patterns fields time field default',

  // page_dead_letters
  goToDeadLetters: 'Go to Dead letters',
  pageRefusedEventsReplayDlq: 'page refused events replay dlq',

  // page_discover
  goToDiscover: 'Go to Discover',
  pageLogsEvents: 'page logs events',

  // page_grok
  goToGrokDebugger: 'Go to Grok Debugger',
  pageDevToolsPatternExpression: 'page dev tools pattern expression',

  // page_indices
  goToIndices: 'Go to Indices',
  pageManagementDataStreams: 'page management data streams mapping settings',

  // page_ingest_pipelines
  goToIngestPipelines: 'Go to Ingest pipelines',
  pageManagementProcessorsSimulateTest: 'page management processors simulate test',

  // page_monitoring
  goToStackMonitoring: 'Go to Stack monitoring',
  pageMetricsRatesLatency: 'page metrics rates latency memory disk slow searches shippers',

  // page_pipeline_debugger
  goToPipelineDebugger: 'Go to Pipeline Debugger',
  pageDevToolsLogstash: 'page dev tools logstash filters steps',

  // page_pipelines
  goToPipelines: 'Go to Pipelines',
  pageLogstashGraphConfigurationThroughput: 'page logstash graph configuration throughput',

  // page_profiler
  goToQueryProfiler: 'Go to Query Profiler',
  pageDevToolsProfileSlow: 'page dev tools profile slow search time',

  // page_reports
  goToReports: 'Go to Reports',
  pageCanvasWorkpadPrintPdf: 'page canvas workpad print pdf slides presentation',

  // page_saved_objects
  goToSavedObjects: 'Go to Saved objects',
  pageManagementImport: 'page management import export kibana ndjson',

  // page_settings
  goToAdvancedSettings: 'Go to Advanced settings',
  pageManagementDefaults: 'page management defaults time zone theme columns rows',

  // page_spaces
  goToSpaces: 'Go to Spaces',
  pageManagementRoomsTeams: 'page management rooms teams copy saved objects',

  // page_templates
  goToTemplates: 'Go to Templates',
  pageManagementIndex: 'page management index component legacy simulate',

  // page_visualize
  goToVisualize: 'Go to Visualize',
  pageChartsGraphsVisualizations: 'page charts graphs visualizations',

  // palette_open
  allCommands: 'All commands',
  paletteMenu: 'palette menu',

  // refresh
  searchAgain: 'Search again',
  reloadUpdateNow: 'reload update now',

  // row_next
  nextEvent: 'Next event',
  downMoveSelect: 'down move select',

  // row_previous
  previousEvent: 'Previous event',
  upMoveSelect: 'up move select',

  // row_toggle
  openOrCloseTheEvent: 'Open or close the event',
  expandDocumentDetails: 'expand document details',

  // rows_close
  closeAllOpenedEvents: 'Close all opened events',
  collapse: 'collapse',

  // search_focus
  search: 'Search',
  queryKqlLuceneFind: 'query kql lucene find',

  // theme_system
  followTheSystemsTheme: "Follow the system's theme",
  coloursDarkLightAuto: 'colours dark light auto',

  // theme_toggle
  switchBetweenDarkAndLight: 'Switch between dark and light',
  themeColoursNightDay: 'theme colours night day',

  // time_open
  chooseATimeRange: 'Choose a time range',
  dateFromToRange: 'date from to range',

  // time_zoom_out
  zoomOut: 'Zoom out',
  widerTimeRange: 'wider time range',

  // wrap_toggle
  wrapLongLinesOrCut: 'Wrap long lines or cut them',
  tableLines: 'table lines',
}
