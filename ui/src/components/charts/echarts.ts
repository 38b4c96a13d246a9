// The parts of ECharts that are used; everything that draws on a canvas is in this chunk.

import { BarChart, LineChart } from 'echarts/charts'
import { GridComponent, MarkAreaComponent, MarkLineComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'

use([BarChart, LineChart, GridComponent, MarkAreaComponent, MarkLineComponent, CanvasRenderer])

export type { ECharts, EChartsCoreOption } from 'echarts/core'
export { init }
