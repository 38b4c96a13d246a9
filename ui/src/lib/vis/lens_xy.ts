// Lens' charts with axes: layers of data, of reference lines and of annotations.

import { texts } from '../../texts/vis'
import { nearestToken } from './colours'
import { VisError } from './error'
import { readFitting } from './fit'
import { asJson, asList, asNumber, asText, type Json } from './json'
import { all, collapseOf, idsOf, type LensChart, type LensLayers, lensAggs } from './lens'
import type { LensColumns } from './lens_columns'
import type { VisAgg } from './model'

/** Names of series: bar_horizontal_percentage_stacked is a horizontal bar, stacked to a hundred. */
function shapeOf(name: string): { type: 'line' | 'area' | 'histogram'; mode: string; horizontal: boolean } {
  const type = name.startsWith('line') ? 'line' : name.startsWith('area') ? 'area' : 'histogram'
  const mode = name.includes('percentage') ? 'percentage' : name.includes('stacked') ? 'stacked' : 'normal'
  return { type, mode, horizontal: name.includes('horizontal') }
}

type Shape = ReturnType<typeof shapeOf>

interface Styled {
  agg: string
  shape: Shape
  right: boolean
  colour: string | null
  name: string
}

export function lensXY(layers: LensLayers, shown: Json): LensChart {
  const listed = asList(shown.layers).map(asJson)
  const kindOf = (layer: Json) => asText(layer.layerType, 'data')
  const data = listed.filter(l => kindOf(l) === 'data' && idsOf(l.accessors).length > 0)
  const [first] = data
  if (!first) throw new VisError(texts.itHasNoLayer)
  const notes: string[] = []
  const base = layerOf(layers, first, '', asText(shown.preferredSeriesType, 'bar_stacked'))
  const aggs = [...base.aggs]
  const styled = [...base.styled]
  const collapse = [...base.collapse]
  const further: Json[] = []
  for (const [at, layer] of data.slice(1).entries()) {
    const other = layerOf(layers, layer, `l${at + 2}_`, 'line')
    styled.push(...other.styled)
    collapse.push(...other.collapse)
    const view = layers.view(layer.layerId)
    const elsewhere = view !== null && view !== layers.view(first.layerId)
    // The same buckets are one search, whose metrics formulas may name together.
    const alike =
      !elsewhere &&
      base.split.length + other.split.length === 0 &&
      other.columns.sameBucket(other.x[0], base.columns, base.x[0])
    if (alike) aggs.push(...other.aggs.filter(a => a.schema === 'metric'))
    else if (other.scale !== base.scale) notes.push(texts.aLayerAlong(other.scale, base.scale))
    else further.push({ aggs: other.aggs, ...(elsewhere && { index: view }) })
  }
  const references = listed
    .filter(l => kindOf(l) === 'referenceLine')
    .flatMap(l => linesOrNote(layers, l, notes))
  const thresholds = references.flatMap(r => r.written)
  further.push(...references.flatMap(r => r.measured))
  const annotations = listed
    .filter(l => kindOf(l) === 'annotations')
    .flatMap(l => annotationsOf(layers, l, notes))
  const right = styled.some(s => s.right) || references.some(r => r.right)
  const colours = Object.fromEntries(styled.flatMap(s => (s.colour === null ? [] : [[s.name, s.colour]])))
  return {
    type: base.shape.type === 'histogram' && base.shape.horizontal ? 'horizontal_bar' : base.shape.type,
    aggs,
    params: {
      addLegend: asJson(shown.legend).isVisible !== false,
      legendPosition: asText(asJson(shown.legend).position, 'right'),
      valueAxes: [
        axisOf('left', shown.yLeftScale, shown.yLeftExtent, base.shape.mode === 'percentage'),
        ...(right ? [axisOf('right', shown.yRightScale, shown.yRightExtent, false)] : []),
      ],
      seriesParams: styled.map(s => ({
        type: s.shape.type,
        mode: s.shape.mode === 'percentage' ? 'stacked' : s.shape.mode,
        data: { id: s.agg },
        valueAxis: s.right ? 'right' : 'left',
      })),
      fittingFunction: readFitting(shown.fittingFunction),
      ...(typeof shown.endValue === 'string' && { endValue: shown.endValue.toLowerCase() }),
      ...(asText(shown.curveType).startsWith('CURVE_MONOTONE') && { interpolate: 'cardinal' }),
      ...(asText(shown.curveType).startsWith('CURVE_STEP') && { interpolate: 'step-after' }),
      ...(shown.valueLabels === 'show' && { labels: { show: true } }),
      ...(shown.showCurrentTimeMarker === true && { addTimeMarker: true }),
      ...(Object.keys(colours).length > 0 && { colours }),
      ...(thresholds.length > 0 && { thresholds }),
      ...(further.length > 0 && { layers: further }),
      ...(annotations.length > 0 && { annotations }),
      ...(collapse.length > 0 && { collapse }),
    },
    notes,
  }
}

function layerOf(layers: LensLayers, layer: Json, prefix: string, preferred: string) {
  const columns = layers.columns(layer.layerId, prefix)
  const split = idsOf(layer.splitAccessor, layer.splitAccessors)
  const x = idsOf(layer.xAccessor)
  const metrics = idsOf(layer.accessors)
  const shape = shapeOf(asText(layer.seriesType, preferred))
  const wanted = [...all(metrics, 'metric'), ...all(split, 'group'), ...all(x, 'segment')]
  const config = asList(layer.yConfig).map(asJson)
  const styled = metrics.flatMap((id): Styled[] => {
    const column = columns.get(id)
    const { axisMode, color } = config.find(c => c.forAccessor === id) ?? {}
    if (!column) return []
    const colour = split.length === 0 ? nearestToken(asText(color), new Set()) : null
    return [{ agg: column.agg, shape, right: axisMode === 'right', colour, name: column.label }]
  })
  return {
    columns,
    split,
    x,
    shape,
    styled,
    aggs: unique(lensAggs(columns, wanted)),
    collapse: collapseOf(columns, Object.fromEntries(split.map(id => [id, layer.collapseFn]))),
    scale: scaleOf(columns, x[0]),
  }
}

/** What the axis of a layer is: layers of one kind can share it. */
function scaleOf(columns: LensColumns, x: string | undefined): string {
  const operation = x === undefined ? undefined : columns.get(x)?.raw.operationType
  return operation === 'date_histogram' ? 'time' : operation === 'range' ? 'numbers' : 'values'
}

function axisOf(id: 'left' | 'right', scale: unknown, extent: unknown, percentage: boolean): Json {
  const { mode, lowerBound, upperBound } = asJson(extent)
  const [min, max] = [asNumber(lowerBound), asNumber(upperBound)]
  const custom = mode === 'custom'
  return {
    id,
    position: id,
    scale: {
      mode: percentage ? 'percentage' : 'normal',
      ...(scale === 'log' && { type: 'log' }),
      ...(scale === 'sqrt' && { type: 'square root' }),
      ...(mode === 'dataBounds' && { defaultYExtents: true }),
      ...(custom && { setYExtents: true, ...(min !== null && { min }), ...(max !== null && { max }) }),
    },
  }
}

interface Lines {
  /** As `params.thresholds`. */
  written: Json[]
  /** As `params.layers`. */
  measured: Json[]
  right: boolean
}

/** A line that cannot be read is no reason to show nothing. */
function linesOrNote(layers: LensLayers, layer: Json, notes: string[]): Lines[] {
  try {
    return [linesOf(layers, layer, notes)]
  } catch (error) {
    if (!(error instanceof VisError)) throw error
    notes.push(texts.itsReferenceLinesAreNotDrawn(error.message))
    return []
  }
}

/** Kibana's grey, of a line that nobody has coloured. */
const PLAIN_LINE = 'text-2'

function linesOf(layers: LensLayers, layer: Json, notes: string[]): Lines {
  const columns = layers.columns(layer.layerId, `r${asText(layer.layerId).replace(/[^\w-]/g, '_')}_`)
  const config = asList(layer.yConfig).map(asJson)
  const out: Lines = { written: [], measured: [], right: false }
  const measured: { id: string; style: Json }[] = []
  for (const id of idsOf(layer.accessors)) {
    const one = config.find(c => c.forAccessor === id) ?? {}
    const column = columns.get(id)
    if (!column) throw new VisError(texts.itNamesAColumn)
    if (one.axisMode === 'bottom') {
      notes.push(texts.itsUprightReferenceLine(column.label))
      continue
    }
    if (one.axisMode === 'right') out.right = true
    const style = {
      label: column.label,
      showLabel:
        one.textVisibility === true || (column.raw.customLabel === true && one.textVisibility !== false),
      colour: nearestToken(asText(one.color), new Set()) ?? PLAIN_LINE,
      style: asText(one.lineStyle, 'solid'),
      width: asNumber(one.lineWidth) ?? 1,
      fill: asText(one.fill, 'none'),
      axis: one.axisMode === 'right' ? 'right' : 'left',
    }
    const value = columns.constant(id)
    if (value === null) measured.push({ id, style })
    else out.written.push({ value, ...style })
  }
  if (measured.length > 0)
    out.measured.push({
      aggs: lensAggs(
        columns,
        all(
          measured.map(m => m.id),
          'metric',
        ),
      ),
      lines: Object.fromEntries(measured.map(m => [columns.get(m.id)?.agg ?? m.id, m.style])),
    })
  return out
}

/** Their colour, where nobody has chosen one. */
const MOMENT = 'series-4'

function annotationsOf(layers: LensLayers, layer: Json, notes: string[]): Json[] {
  if (asText(layer.annotationGroupId) !== '' || layer.persistanceType === 'byReference')
    notes.push(texts.itsAnnotations)
  return asList(layer.annotations)
    .map(asJson)
    .filter(one => one.isHidden !== true)
    .map((one): Json => {
      const key = asJson(one.key)
      const style = {
        colour: nearestToken(asText(one.color), new Set()) ?? MOMENT,
        style: asText(one.lineStyle, 'solid'),
      }
      if (one.type !== 'query')
        return {
          label: asText(one.label),
          at: key.timestamp,
          ...(key.type === 'range' && { end: key.endTimestamp }),
          ...style,
        }
      const field = asText(one.textField)
      const view = layers.view(layer.layerId)
      return {
        label: field === '' ? asText(one.label, texts.event) : `{{${field}}}`,
        query: {
          query: asText(asJson(one.filter).query),
          language: asText(asJson(one.filter).language, 'kuery'),
        },
        ...(view !== null && { index: view }),
        ...(asText(one.timeField) !== '' && { timeField: asText(one.timeField) }),
        ...(layer.ignoreGlobalFilters === true && { ignoresFilters: true }),
        ...style,
      }
    })
}

/** A column that is named twice is asked once. */
const unique = (aggs: VisAgg[]): VisAgg[] => aggs.filter((a, at) => aggs.findIndex(b => b.id === a.id) === at)
