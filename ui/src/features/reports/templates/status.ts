// "Status of the AI service": one slide for the people who pay for it.

import type { Json } from '../../../lib/vis/json'
import { texts } from '../../../texts/reports'
import {
  ACCENT,
  at,
  BLUE,
  card,
  font,
  GREEN,
  INK,
  LINE,
  number,
  PALETTE,
  page,
  QUIET,
  sql,
  text,
  WARM,
} from './parts'

const APP = '"chatgpt-logs-*"'
const MODELS = '"llm-logs-*"'
const FAILED = "SUM(CASE WHEN log_level IN ('ERROR', 'CRITICAL', 'FATAL') THEN 1 ELSE 0 END)"

export function statusOfService(): Json {
  return {
    name: texts.statusOfTheAiService,
    width: 1280,
    height: 720,
    css: '',
    assets: {},
    variables: [
      { name: 'timeFrom', type: 'string', value: 'now-24h' },
      { name: 'timeTo', type: 'string', value: 'now' },
    ],
    pages: [
      page(WARM, [
        at([56, 44, 8, 64], `shape "square" fill="${ACCENT}" borderWidth=0\n| render`),
        at([80, 38, 760, 46], text(texts.statusOfTheAiServiceText, { size: 17, weight: '600' })),
        at([81, 86, 760, 28], 'timefilterControl\n| render'),
        at(
          [860, 52, 364, 52],
          text(
            '**{{format people "0,0"}}** people in **{{format sessions "0,0"}}** sessions',
            { size: 17, color: QUIET, align: 'right' },
            sql(
              `SELECT COUNT(DISTINCT user_id) AS people, COUNT(DISTINCT session_id) AS sessions FROM ${APP}`,
            ),
          ),
        ),
        ...tiles(),
        at([56, 306, 748, 366], card()),
        at([80, 324, 500, 26], text('**Calls and failures**, by the hour', { size: 15 })),
        at(
          [76, 356, 710, 300],
          `${sql(`SELECT HISTOGRAM("@timestamp", INTERVAL 1 HOUR) AS time, log_level, COUNT(*) AS calls FROM ${MODELS} GROUP BY time, log_level`)}
| pointseries x="time" y="sum(calls)" color="log_level"
| plot defaultStyle={seriesStyle bars=0.82 stack=1} seriesStyle={seriesStyle label="INFO" color="${BLUE}"} seriesStyle={seriesStyle label="WARN" color="#d99a1c"} seriesStyle={seriesStyle label="ERROR" color="#d2353f"} legend="ne" font=${font({ size: 12, color: QUIET })}
| render`,
        ),
        at([828, 306, 396, 366], card()),
        at([852, 324, 340, 26], text('**Models**, by calls', { size: 15 })),
        at(
          [852, 356, 348, 300],
          `${sql(`SELECT model, COUNT(*) AS calls FROM ${MODELS} WHERE model IS NOT NULL GROUP BY model ORDER BY calls DESC LIMIT 7`)}
| pointseries y="model" x="sum(calls)" color="model"
| plot defaultStyle={seriesStyle bars=0.62 horizontalBars=true} legend=false xaxis={axisConfig show=false} ${PALETTE} font=${font({ size: 12.5, color: INK })}
| render`,
        ),
        at([56, 690, 1168, 20], text(texts.liveDataOfThisInstallation, { size: 11, color: QUIET })),
      ]),
    ],
  }
}

function tiles(): Json[] {
  const query = `SELECT COUNT(*) AS calls, ${FAILED} AS failed, SUM(cost) AS cost, SUM(tokens_used) AS tokens, PERCENTILE(latency_ms, 95) AS slow FROM ${MODELS}`
  const left = (n: number) => 56 + n * 296
  return [
    ...[0, 1, 2, 3].map(n => at([left(n), 140, 280, 142], card())),
    at([left(0) + 24, 166, 232, 92], number(query, 'calls', texts.callsOfLanguageModels, '0,0')),
    at([left(1) + 24, 166, 232, 92], number(query, 'slow / 1000', texts.secondsForCalls, '0.0')),
    at([left(2) + 24, 166, 232, 92], number(query, 'cost', texts.spentOnModels, '$0,0.00')),
    at([left(3) + 24, 166, 128, 92], number(query, 'tokens', 'tokens', '0a')),
    at(
      [left(3) + 160, 160, 104, 104],
      `${sql(query)}
| math "1 - failed / calls"
| progress shape="wheel" label={formatnumber "0.0%"} valueWeight=10 barWeight=10 valueColor="${GREEN}" barColor="${LINE}" font=${font({ size: 17, weight: '600', align: 'center' })}
| render`,
    ),
  ]
}
