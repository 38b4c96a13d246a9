// What the help sheet shows of each language, and the example in an empty search.

import { chooseBreakdown, type Field } from '../../lib/fields'
import { LEVEL_FIELDS } from '../../lib/levels'
import type { Language } from './url'

export const EXAMPLES: Record<Language, { title: string; rows: readonly (readonly [string, string])[] }> = {
  kql: {
    title: 'Searching with KQL',
    rows: [
      ['timeout', 'the word in any field'],
      ['log_level:ERROR and not tool_name:health', 'one condition and not another'],
      ['message:"connection lost"', 'the phrase'],
      ['service_name:(auth-service or mcp-server)', 'one of two'],
      ['response_time > 500', 'a comparison'],
      ['error_message:*', 'has the field'],
      ['user_id:user_1*', 'begins with'],
    ],
  },
  lucene: {
    title: 'Searching with Lucene',
    rows: [
      ['timeout', 'the word in any field'],
      ['log_level:ERROR AND NOT tool_name:health', 'one condition and not another'],
      ['+log_level:ERROR -tool_name:health', 'the same, with signs'],
      ['message:"connection lost"~2', 'the words, at most two places apart'],
      ['service_name:(auth-service OR mcp-server)', 'one of two'],
      ['response_time:[500 TO 1000}', 'from 500 to below 1000'],
      ['response_time:>500', 'a comparison'],
      ['_exists_:error_message', 'has the field'],
      ['user_id:user_1*', 'begins with'],
      ['message:tmieout~1', 'one letter may differ'],
      ['message:/time(d )?out/', 'a regular expression'],
    ],
  },
}

/** Numbers that people compare, best first. */
const MEASURES = /^(response_time|latency|duration|took|bytes|status|http_status|.*_ms|.*_millis)$/

/** A search that finds something here, from the fields there are; null where none suggests one. */
export function exampleOf(fields: readonly Field[], language: Language): string | null {
  const level = LEVEL_FIELDS.find(name => fields.some(f => f.name === name))
  const group = level === undefined ? chooseBreakdown(fields) : level
  const measure = fields.find(f => f.kind === 'number' && MEASURES.test(f.name))?.name
  const parts = [
    ...(level !== undefined ? [`${level}:ERROR`] : group !== null ? [`${group}:*`] : []),
    ...(measure === undefined ? [] : [language === 'kql' ? `${measure} > 500` : `${measure}:>500`]),
  ]
  return parts.length === 0 ? null : parts.join(language === 'kql' ? ' and ' : ' AND ')
}
