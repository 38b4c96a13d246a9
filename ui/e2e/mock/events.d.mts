export interface MockEvent extends Record<string, unknown> {
  '@timestamp': string
  log_level: string
  service_name: string
  response_time: number
  trace_id: string
}

export function makeEvents(options: {
  seed?: number
  end?: number
  minutes?: number
  perMinute?: number
}): MockEvent[]

export const MAPPING: Record<string, unknown>
