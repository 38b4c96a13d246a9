import { type ReactNode, useEffect, useMemo, useState } from 'react'
import type { VisFilter } from '../../lib/vis/filter'
import { asText } from '../../lib/vis/json'
import { isDocuments, isXY, type Vis } from '../../lib/vis/model'
import { needsSearch } from '../../lib/vis/request'
import { xyCharts } from '../../lib/vis/series'
import { metricColumnsOf, type Table } from '../../lib/vis/table'
import { texts } from '../../texts/charts'
import { Icon } from '../Icon'
import { later } from '../later'
import { DocumentsPlot } from './DocumentsPlot'
import { GaugePlot } from './GaugePlot'
import { HeatPlot } from './HeatPlot'
import { Markdown } from './Markdown'
import { MarkMenu } from './MarkMenu'
import type { ChartEvents, Mark } from './mark'
import { Numbers } from './Numbers'
import { PiePlot } from './PiePlot'
import { TablePlot } from './TablePlot'
import { TagCloud } from './TagCloud'
import styles from './Visualization.module.css'

// The libraries that draw on a canvas and the outlines of the earth come while the first such chart waits for its
// numbers.
const XYPlot = later(() => import('./XYPlot').then(m => m.XYPlot), <Skeleton />)
const GeoPlot = later(() => import('./GeoPlot').then(m => m.GeoPlot), <Skeleton />)

/** Loads what most charts are drawn with before there is one. */
export const preloadCharts = () => XYPlot.preload()

interface Props {
  vis: Vis
  /** Null until the first answer. */
  table: Table | null
  error?: Error | null | undefined
  /** What is shown is of another time or filter: a new answer is on its way. */
  stale?: boolean
  /** Charts over time of one group show the moment under the pointer in all of them. */
  group?: string
  onFilter?: (filters: VisFilter[]) => void
  /** Leads to the documents behind a mark. */
  onDocuments?: (filters: VisFilter[]) => void
  /** A span of time was drawn over. */
  onZoom?: (from: number, to: number) => void
}

/** Any visualization, as large as the box it stands in, in every state it can be in. */
export function Visualization({
  vis,
  table,
  error,
  stale = false,
  group,
  onFilter,
  onDocuments,
  onZoom,
}: Props) {
  const [mark, setMark] = useState<Mark | null>(null)
  const acts = onFilter !== undefined || onDocuments !== undefined
  const events: ChartEvents = {
    marked: mark !== null,
    onMark: pressed => acts && pressed.filters.length > 0 && setMark(pressed),
    onZoom,
  }
  const notes = table?.notes ?? vis.notes
  useEffect(() => {
    if (isXY(vis.type)) XYPlot.preload()
    if (vis.type === 'tile_map') GeoPlot.preload()
  }, [vis.type])
  return (
    <figure
      className={styles.figure}
      aria-label={vis.title || texts.visualization}
      aria-busy={stale}
      data-stale={stale}
    >
      <div className={styles.body}>
        {error ? <Failed error={error} /> : <Drawing vis={vis} table={table} group={group} events={events} />}
      </div>
      {notes.length > 0 && !error && vis.type !== 'unsupported' && (
        <p className={styles.notes} title={notes.join('\n')}>
          {notes.join(' ')}
        </p>
      )}
      {mark && (
        <MarkMenu mark={mark} onClose={() => setMark(null)} onFilter={onFilter} onDocuments={onDocuments} />
      )}
    </figure>
  )
}

interface DrawingProps {
  vis: Vis
  table: Table | null
  group?: string | undefined
  events: ChartEvents
}

function Drawing({ vis, table, group, events }: DrawingProps): ReactNode {
  if (vis.type === 'markdown') return <Markdown text={asText(vis.params.markdown)} />
  if (vis.type === 'unsupported')
    return <Nothing title={texts.thisPanelCannotBeShown} text={vis.notes.join(' ')} />
  if (vis.type === 'controls') return <Nothing title={texts.controls} text={texts.theyNarrowADashboard} />
  if (vis.type === 'region_map') return <Nothing title={texts.mapsOfRegions} text={texts.theirOutlinesCome} />
  if (table === null) return needsSearch(vis) ? <Skeleton /> : null
  if (isEmpty(vis, table)) return <Nothing title={texts.nothingFound} text={texts.noDocumentOfThisTime} />
  if (isDocuments(vis.type)) return <DocumentsPlot vis={vis} table={table} {...events} />
  if (vis.type === 'table') return <TablePlot vis={vis} table={table} {...events} />
  return (
    <>
      <Plot vis={vis} table={table} group={group} events={events} />
      <Numbers title={vis.title} table={table} />
    </>
  )
}

function Plot({ vis, table, group, events }: DrawingProps & { table: Table }) {
  const charts = useMemo(() => (isXY(vis.type) ? xyCharts(vis, table) : []), [vis, table])
  switch (vis.type) {
    case 'pie':
      return <PiePlot vis={vis} table={table} {...events} />
    case 'metric':
    case 'gauge':
    case 'goal':
      return <GaugePlot vis={vis} table={table} {...events} />
    case 'heatmap':
      return <HeatPlot vis={vis} table={table} {...events} />
    case 'tagcloud':
      return <TagCloud vis={vis} table={table} {...events} />
    case 'tile_map':
      return <GeoPlot vis={vis} table={table} {...events} />
    default:
      return (
        <div className={styles.charts} data-several={charts.length > 1}>
          {charts.slice(0, MAX_CHARTS).map(chart => (
            <div key={chart.title ?? ''} className={styles.chart}>
              {chart.title !== null && <h4 className={styles.split}>{chart.title}</h4>}
              <XYPlot vis={vis} chart={chart} group={group} {...events} />
            </div>
          ))}
        </div>
      )
  }
}

/** Small charts side by side; more could not be read. */
const MAX_CHARTS = 12

/** A count of nothing is an answer, other metrics of nothing are none. */
/** Of several layers one with something to show is enough. */
const isEmpty = (vis: Vis, table: Table): boolean =>
  [table, ...(table.layers ?? [])].every(layer => isEmptyLayer(vis, layer))

function isEmptyLayer(vis: Vis, table: Table): boolean {
  if (table.rows.length === 0) return true
  if (vis.type === 'metric' || vis.type === 'gauge' || vis.type === 'goal' || isDocuments(vis.type))
    return false
  const metrics = metricColumnsOf(table)
  return metrics.length > 0 && table.rows.every(row => metrics.every(at => !row.cells[at]?.value))
}

function Nothing({ title, text }: { title: string; text: string }) {
  return (
    <div className={styles.state}>
      <p>{title}</p>
      <p>{text}</p>
    </div>
  )
}

function Failed({ error }: { error: Error }) {
  return (
    <div className={styles.state} data-failed="true" role="alert">
      <p>
        <Icon name="warning" /> {texts.thisChartCouldNotBeDrawn}
      </p>
      <p>{error.message}</p>
    </div>
  )
}

function Skeleton() {
  return (
    <div className={styles.skeleton} role="status">
      <span className="visually-hidden">{texts.loading}</span>
      <i />
      <i />
      <i />
      <i />
      <i />
      <i />
      <i />
    </div>
  )
}
