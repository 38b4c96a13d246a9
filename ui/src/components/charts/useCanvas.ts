import { type RefObject, useEffect, useState } from 'react'
import { type ECharts, type EChartsCoreOption, init } from './echarts'

/** A chart in a box, drawn anew when its option or its box changes. Null until the first drawing. */
export function useCanvas(
  box: RefObject<HTMLDivElement | null>,
  option: (width: number, height: number) => EChartsCoreOption,
): ECharts | null {
  const [chart, setChart] = useState<ECharts | null>(null)
  const [size, setSize] = useState({ width: 0, height: 0 })
  useEffect(() => {
    const element = box.current
    if (!element) return
    const made = init(element, null, { renderer: 'canvas' })
    setChart(made)
    const observer = new ResizeObserver(entries => {
      const { width, height } = entries[0]?.contentRect ?? { width: 0, height: 0 }
      made.resize({ width, height })
      setSize({ width, height })
    })
    observer.observe(element)
    return () => {
      observer.disconnect()
      made.dispose()
    }
  }, [box])
  useEffect(() => {
    if (chart && !chart.isDisposed() && size.width > 0)
      chart.setOption(option(size.width, size.height), { notMerge: true })
  }, [chart, option, size])
  return chart
}
