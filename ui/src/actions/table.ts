import type { Action, GlobalContext, ViewContext } from './action'
import { resetColumns } from './columns_reset'
import { clearConditions } from './conditions_clear'
import { switchDensity } from './density_toggle'
import { switchFieldList } from './fields_toggle'
import { openHelp } from './help_open'
import { copyLink } from './link_copy'
import { toggleLive } from './live_toggle'
import { goConsole } from './page_console'
import { goDashboards } from './page_dashboards'
import { goDataViews } from './page_data_views'
import { goDeadLetters } from './page_dead_letters'
import { goDiscover } from './page_discover'
import { goGrok } from './page_grok'
import { goIndices } from './page_indices'
import { goIngestPipelines } from './page_ingest_pipelines'
import { goMonitoring } from './page_monitoring'
import { goPipelineDebugger } from './page_pipeline_debugger'
import { goPipelines } from './page_pipelines'
import { goProfiler } from './page_profiler'
import { goReports } from './page_reports'
import { goSavedObjects } from './page_saved_objects'
import { goSettings } from './page_settings'
import { goSpaces } from './page_spaces'
import { goTemplates } from './page_templates'
import { goVisualize } from './page_visualize'
import { openPalette } from './palette_open'
import { refresh } from './refresh'
import { nextRow } from './row_next'
import { previousRow } from './row_previous'
import { toggleRow } from './row_toggle'
import { closeRows } from './rows_close'
import { focusSearch } from './search_focus'
import { systemTheme } from './theme_system'
import { toggleTheme } from './theme_toggle'
import { openTimePicker } from './time_open'
import { zoomOut } from './time_zoom_out'
import { toggleWrap } from './wrap_toggle'

/** The commands that every page has. */
export const GLOBAL_ACTIONS: readonly Action<GlobalContext>[] = [
  goDiscover,
  goDashboards,
  goVisualize,
  goReports,
  goMonitoring,
  goPipelines,
  goDeadLetters,
  goIndices,
  goTemplates,
  goIngestPipelines,
  goSavedObjects,
  goDataViews,
  goSettings,
  goSpaces,
  goConsole,
  goGrok,
  goPipelineDebugger,
  goProfiler,
  toggleTheme,
  systemTheme,
  openPalette,
  openHelp,
]

/** The commands of every page that has a search and a time. */
export const VIEW_ACTIONS: readonly Action<ViewContext>[] = [focusSearch, openTimePicker, zoomOut, refresh]

/** Every command of Discover, in the order in which the palette and the help sheet list them. */
export const ACTIONS: readonly Action[] = [
  focusSearch,
  openTimePicker,
  zoomOut,
  nextRow,
  previousRow,
  toggleRow,
  closeRows,
  refresh,
  toggleLive,
  switchFieldList,
  toggleWrap,
  switchDensity,
  resetColumns,
  clearConditions,
  copyLink,
  ...GLOBAL_ACTIONS,
]
