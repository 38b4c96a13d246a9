// What the help sheet shows of each language.

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
