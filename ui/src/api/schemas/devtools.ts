import type { Catalogue } from '../../lib/console/complete'
import type { GrokResult, NamedPattern } from '../../lib/grok'
import { array, number, object, string } from './shape'

const strings = (value: unknown, place: string) => array(value, place).map(s => string(s, place))

/** `/api/console/endpoints`: what the console completes, and where the REST API listens. */
export function decodeEndpoints(
  answer: unknown,
): Omit<Catalogue, 'indices' | 'fields'> & { address: string | null } {
  const found = object(answer, 'endpoints')
  return {
    address: typeof found.address === 'string' ? found.address : null,
    endpoints: array(found.endpoints, 'endpoints').map(one => {
      const endpoint = object(one, 'endpoint')
      return {
        path: string(endpoint.path, 'endpoint.path'),
        methods: strings(endpoint.methods, 'endpoint.methods'),
        params: endpoint.params === undefined ? [] : strings(endpoint.params, 'endpoint.params'),
        help: endpoint.help === undefined ? '' : string(endpoint.help, 'endpoint.help'),
      }
    }),
    commonParams: strings(found.common_params, 'common_params'),
    queries: strings(found.queries, 'queries'),
    aggregations: strings(found.aggregations, 'aggregations'),
  }
}

export function decodePatterns(answer: unknown): NamedPattern[] {
  return array(object(answer, 'patterns').patterns, 'patterns').map(one => {
    const pattern = object(one, 'pattern')
    return {
      name: string(pattern.name, 'pattern.name'),
      definition: string(pattern.definition, 'pattern.definition'),
    }
  })
}

export function decodeGrok(answer: unknown): GrokResult {
  const found = object(answer, 'trial')
  const match = found.match === undefined ? null : object(found.match, 'match')
  const stop = found.stop === undefined ? null : object(found.stop, 'stop')
  return {
    matched: found.matched === true,
    event: object(found.structuredEvent, 'structuredEvent'),
    error: typeof found.error === 'string' ? found.error : null,
    hint: typeof found.hint === 'string' ? found.hint : null,
    match: match && { start: number(match.start, 'match.start'), end: number(match.end, 'match.end') },
    stop: stop && { pattern: number(stop.pattern, 'stop.pattern'), text: number(stop.text, 'stop.text') },
    captures: array(found.captures, 'captures').map(one => {
      const capture = object(one, 'capture')
      return {
        field: string(capture.field, 'capture.field'),
        start: number(capture.start, 'capture.start'),
        end: number(capture.end, 'capture.end'),
        value: capture.value,
      }
    }),
  }
}
