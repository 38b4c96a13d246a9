// What links to the pipeline pages reproduce.

export const PIPELINE_TABS = ['graph', 'edit'] as const
export type PipelineTab = (typeof PIPELINE_TABS)[number]

export interface PipelinesState {
  /** The pipeline that is open; null for none. */
  open: string | null
  tab: PipelineTab
}

export function parsePipelinesUrl(search: string): PipelinesState {
  const params = new URLSearchParams(search)
  return { open: params.get('open'), tab: params.get('tab') === 'edit' ? 'edit' : 'graph' }
}

/** The query part without a question mark; empty when everything is at its default. */
export function formatPipelinesUrl(state: PipelinesState): string {
  const params = new URLSearchParams()
  if (state.open !== null) params.set('open', state.open)
  if (state.tab !== 'graph') params.set('tab', state.tab)
  return params.toString()
}

export interface DebuggerState {
  /** The running pipeline whose configuration is tried; '' for a text of one's own. */
  pipeline: string
  /** The configuration, where it is another than the pipeline's; null else. */
  text: string | null
  event: string
}

export function parseDebuggerUrl(search: string): DebuggerState {
  const params = new URLSearchParams(search)
  return {
    pipeline: params.get('pipeline') ?? '',
    text: params.get('text'),
    event: params.get('event') ?? '',
  }
}

export function formatDebuggerUrl(state: DebuggerState): string {
  const params = new URLSearchParams()
  if (state.pipeline !== '') params.set('pipeline', state.pipeline)
  if (state.text !== null) params.set('text', state.text)
  if (state.event !== '') params.set('event', state.event)
  return params.toString()
}
