// What links to the tools reproduce.

import type { EcsCompatibility } from '../../api/client'

/** The text that a link to the console brings (lib/pages.ts makes them), or null. */
export const parseConsoleUrl = (search: string): string | null => new URLSearchParams(search).get('load')

export interface GrokState {
  text: string
  pattern: string
  /** Definitions, one a line. */
  custom: string
  ecs: EcsCompatibility
}

export const EMPTY_TRIAL: GrokState = { text: '', pattern: '', custom: '', ecs: 'disabled' }

export function parseGrokUrl(search: string): GrokState {
  const params = new URLSearchParams(search)
  return {
    text: params.get('text') ?? '',
    pattern: params.get('pattern') ?? '',
    custom: params.get('custom') ?? '',
    ecs: params.get('ecs') === 'v8' ? 'v8' : 'disabled',
  }
}

/** The query part without a question mark; empty when everything is at its default. */
export function formatGrokUrl(state: GrokState): string {
  const params = new URLSearchParams()
  for (const key of ['text', 'pattern', 'custom'] as const) if (state[key] !== '') params.set(key, state[key])
  if (state.ecs !== 'disabled') params.set('ecs', state.ecs)
  return params.toString()
}
