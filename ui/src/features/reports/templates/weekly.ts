// "Weekly numbers": two sheets of A4 to print and hand round.

import type { Json } from '../../../lib/vis/json'
import { texts } from '../../../texts/reports'
import {
  ACCENT,
  AMBER,
  at,
  BLUE,
  box,
  font,
  GREEN,
  INK,
  LINE,
  number,
  PALETTE,
  page,
  QUIET,
  rule,
  sql,
  text,
} from './parts'

const APP = '"chatgpt-logs-*"'
const MODELS = '"llm-logs-*"'

export function weeklyNumbers(): Json {
  return {
    name: texts.weeklyNumbers,
    width: 794,
    height: 1123,
    css: '',
    assets: {},
    variables: [
      { name: 'timeFrom', type: 'string', value: 'now-7d' },
      { name: 'timeTo', type: 'string', value: 'now' },
    ],
    pages: [front(), back()],
  }
}

function front(): Json {
  const query = `SELECT COUNT(*) AS calls, SUM(cost) AS cost, SUM(tokens_used) AS tokens, AVG(latency_ms) AS mean FROM ${MODELS}`
  return page('#ffffff', [
    at([0, 0, 794, 196], box(INK)),
    at([56, 52, 600, 54], text(texts.weeklyNumbersText, { size: 21, color: '#ffffff', weight: '600' })),
    at([56, 112, 600, 30], 'timefilterControl\n| render'),
    at([56, 112, 600, 30], box(INK)),
    at(
      [56, 110, 680, 30],
      text(
        'The assistant answered **{{format calls "0,0"}}** calls for **{{format people "0,0"}}** people.',
        { size: 16, color: '#d8dbe1' },
        sql(`SELECT COUNT(*) AS calls, COUNT(DISTINCT user_id) AS people FROM ${MODELS}`),
      ),
    ),
    at([56, 150, 64, 4], box(ACCENT)),
    at([56, 236, 160, 88], number(query, 'calls', 'calls', '0.0a', INK, 40)),
    at([236, 236, 160, 88], number(query, 'cost', 'spent', '$0,0', INK, 40)),
    at([416, 236, 160, 88], number(query, 'tokens', 'tokens', '0.0a', INK, 40)),
    at([596, 236, 150, 88], number(query, 'mean / 1000', texts.sForAnAnswerMean, '0.00', INK, 40)),
    at([56, 344, 682, 1], rule()),
    at([56, 366, 682, 28], text(texts.callsOfEachModel, { size: 14 })),
    at(
      [56, 398, 682, 250],
      `${sql(`SELECT HISTOGRAM("@timestamp", INTERVAL 3 HOURS) AS time, model, COUNT(*) AS calls FROM ${MODELS} WHERE model IS NOT NULL GROUP BY time, model`)}
| pointseries x="time" y="sum(calls)" color="model"
| plot defaultStyle={seriesStyle lines=2} legend="nw" ${PALETTE} font=${font({ size: 11, color: QUIET })}
| render`,
    ),
    at([56, 672, 330, 28], text(texts.whatPeopleAskFor, { size: 14 })),
    at(
      [56, 706, 330, 300],
      `${sql(`SELECT prompt_category, COUNT(*) AS calls FROM ${MODELS} WHERE prompt_category IS NOT NULL GROUP BY prompt_category ORDER BY calls DESC LIMIT 8`)}
| pointseries color="prompt_category" size="sum(calls)"
| pie hole=62 labels=true ${PALETTE} font=${font({ size: 11, color: INK })}
| render`,
    ),
    at([408, 672, 330, 28], text(texts.whatItCosts, { size: 14 })),
    at(
      [408, 706, 330, 300],
      `${sql(`SELECT model, SUM(cost) AS cost FROM ${MODELS} WHERE model IS NOT NULL GROUP BY model ORDER BY cost DESC LIMIT 8`)}
| pointseries y="model" x="sum(cost)"
| plot defaultStyle={seriesStyle bars=0.6 horizontalBars=true color="${BLUE}"} legend=false font=${font({ size: 11, color: QUIET })}
| render`,
    ),
    ...foot(1),
  ])
}

function back(): Json {
  return page('#ffffff', [
    at([56, 52, 682, 40], text(texts.toolsAndTheirHealth, { size: 18 })),
    at([56, 94, 64, 4], box(ACCENT)),
    at(
      [56, 124, 682, 330],
      `${sql(`SELECT tool_name AS tool, COUNT(*) AS calls, ROUND(AVG(response_time), 0) AS "mean ms", PERCENTILE(response_time, 95) AS "p95 ms", ROUND(100 * SUM(CASE WHEN log_level IN ('ERROR', 'CRITICAL') THEN 1 ELSE 0 END) / COUNT(*), 2) AS "failed %" FROM ${APP} WHERE tool_name IS NOT NULL GROUP BY tool_name ORDER BY calls DESC LIMIT 10`)}
| table perPage=10 font=${font({ size: 12.5, color: INK })}
| render`,
    ),
    at([56, 486, 330, 28], text(texts.callsThatCameThrough, { size: 14 })),
    at(
      [96, 524, 230, 200],
      `${sql(`SELECT COUNT(*) AS calls, SUM(CASE WHEN log_level IN ('ERROR', 'CRITICAL') THEN 1 ELSE 0 END) AS failed FROM ${APP}`)}
| math "1 - failed / calls"
| progress shape="gauge" label={formatnumber "0.00%"} valueWeight=18 barWeight=18 valueColor="${GREEN}" barColor="${LINE}" font=${font({ size: 26, weight: '600', align: 'center' })}
| render`,
    ),
    at([408, 486, 330, 28], text(texts.failuresByTheirKind, { size: 14 })),
    at(
      [408, 520, 330, 210],
      `${sql(`SELECT error_type AS kind, COUNT(*) AS failures FROM ${APP} WHERE error_type IS NOT NULL GROUP BY error_type ORDER BY failures DESC LIMIT 7`)}
| pointseries y="kind" x="sum(failures)"
| plot defaultStyle={seriesStyle bars=0.6 horizontalBars=true color="${AMBER}"} legend=false font=${font({ size: 11, color: QUIET })}
| render`,
    ),
    at([56, 762, 682, 28], text(texts.timeToAnswerMean, { size: 14 })),
    at(
      [56, 796, 682, 240],
      `${sql(`SELECT HISTOGRAM("@timestamp", INTERVAL 1 HOUR) AS time, AVG(response_time) AS ms FROM ${APP} GROUP BY time`)}
| pointseries x="time" y="mean(ms)"
| plot defaultStyle={seriesStyle lines=2 fill=1 color="${BLUE}"} legend=false font=${font({ size: 11, color: QUIET })}
| render`,
    ),
    ...foot(2),
  ])
}

const foot = (number: number): Json[] => [
  at([56, 1066, 682, 1], rule()),
  at([56, 1074, 400, 24], text(texts.liveDataOfThisInstallation, { size: 11, color: QUIET })),
  at([638, 1074, 100, 24], text(texts.pageOfTwo(number), { size: 11, color: QUIET, align: 'right' })),
]
