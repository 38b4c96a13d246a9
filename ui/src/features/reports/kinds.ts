// What can be put on a page, as the expressions it begins with. All of them are Kibana's own, so that a workpad opens there, too.

import type { IconName } from '../../components/Icon'
import { texts } from '../../texts/reports'

export interface Kind {
  id: string
  label: string
  icon: IconName
  width: number
  height: number
  /** `index` is a pattern with data in it. */
  expression: (index: string) => string
}

const quoted = (index: string) => index.replaceAll('"', '')
const count = (index: string, rest = '') => `filters
| essql query="SELECT COUNT(*) AS events${rest} FROM \\"${quoted(index)}\\""`

export const KINDS: readonly Kind[] = [
  {
    id: 'text',
    label: texts.text,
    icon: 'template',
    width: 360,
    height: 140,
    expression: () => `markdown "## Heading

Text with **marks**, and values of a query in braces."
  font={font size=16 align="left"}
| render`,
  },
  {
    id: 'number',
    label: texts.number,
    icon: 'pulse',
    width: 220,
    height: 110,
    expression: index => `${count(index)}
| math "events"
| metric "Events" metricFormat="0,0"
  metricFont={font size=48 align="left" weight="600" lHeight=52}
  labelFont={font size=14 align="left"}
| render`,
  },
  {
    id: 'progress',
    label: texts.progress,
    icon: 'gauge',
    width: 200,
    height: 200,
    expression: index => `${count(index, `, SUM(CASE WHEN log_level = 'ERROR' THEN 1 ELSE 0 END) AS errors`)}
| math "1 - errors / events"
| progress shape="wheel" label={formatnumber "0.0%"} valueWeight=16 barWeight=16
  font={font size=28 align="center" weight="600"}
| render`,
  },
  {
    id: 'chart',
    label: texts.chart,
    icon: 'chart',
    width: 480,
    height: 260,
    expression: index => `filters
| essql query="SELECT HISTOGRAM(\\"@timestamp\\", INTERVAL 1 HOUR) AS time, COUNT(*) AS events FROM \\"${quoted(index)}\\" GROUP BY time"
| pointseries x="time" y="sum(events)"
| plot defaultStyle={seriesStyle lines=2 fill=1} legend=false
| render`,
  },
  {
    id: 'pie',
    label: texts.pie,
    icon: 'clock',
    width: 320,
    height: 240,
    expression: index => `filters
| essql query="SELECT log_level, COUNT(*) AS events FROM \\"${quoted(index)}\\" GROUP BY log_level ORDER BY events DESC"
| pointseries color="log_level" size="sum(events)"
| pie hole=60 labels=true
| render`,
  },
  {
    id: 'table',
    label: texts.table,
    icon: 'column',
    width: 480,
    height: 220,
    expression: index => `filters
| essql query="SELECT log_level, COUNT(*) AS events FROM \\"${quoted(index)}\\" GROUP BY log_level ORDER BY events DESC"
| table perPage=8 font={font size=13}
| render`,
  },
  {
    id: 'shape',
    label: texts.shape,
    icon: 'box',
    width: 160,
    height: 120,
    expression: () => 'shape "square" fill="#e4e0d9" borderWidth=0 maintainAspect=false\n| render',
  },
  {
    id: 'line',
    label: texts.line,
    icon: 'minus',
    width: 300,
    height: 8,
    expression: () => 'shape "line" border="#55585f" borderWidth=2\n| render',
  },
]
