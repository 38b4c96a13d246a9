// Functions that end an expression: what stands on the page.

import { texts } from '../../../texts/canvas'
import { asJson, asText, type Json, parseObject } from '../../vis/json'
import { readColour } from '../colour'
import { CanvasError } from '../error'
import { formatNumeral } from '../numeral'
import { fillTemplate } from '../template'
import {
  type Datatable,
  type Drawing,
  isTyped,
  PROGRESS_SHAPES,
  type Render,
  type Saved,
  SHAPES,
  typeOf,
  type Value,
} from '../values'
import { type Args, cellOf, type Func, numberOf, tableOf } from './func'
import { axisOf, fontOf, PLAIN_CONTAINER, PLAIN_FONT, PLAIN_SERIES } from './styles'

const drawn = (drawing: Drawing): Render => ({ type: 'render', drawing, container: PLAIN_CONTAINER })

/** What a value is drawn as when no function says it. */
export function renderOf(value: Value): Render {
  if (isTyped(value)) {
    if (value.type === 'render') return value
    if (value.type === 'image') return drawn({ kind: 'image', source: value.source, mode: value.mode })
    if (value.type === 'datatable') return drawn(plainTable(value))
    throw new CanvasError(texts.theExpressionEndsInNoDrawing(typeOf(value)))
  }
  if (value === null) return drawn({ kind: 'nothing' })
  return drawn({ kind: 'markdown', text: String(value), font: PLAIN_FONT })
}

const plainTable = (table: Datatable): Drawing => ({
  kind: 'table',
  table,
  font: PLAIN_FONT,
  showHeader: true,
  perPage: 10,
})

const NO_CSS = texts.cssOfItsOwn

const render: Func = {
  args: { as: {}, containerStyle: {}, css: {} },
  run: (input, args, env) => {
    const of = renderOf(input)
    const css = args.text('css') ?? ''
    if (/[a-z-]+\s*:/i.test(css.replace(/^[^{]*/, ''))) env.note(NO_CSS)
    const as = args.text('as')
    if (as && as !== 'debug' && as !== of.drawing.kind) throw new CanvasError(texts.renderDrawsItsInput(as))
    return { ...of, container: args.typed('containerStyle', 'containerStyle').at(-1) ?? of.container }
  },
}

const NEW_TAB = texts.linksOpenInANew

const markdown: Func = {
  unnamed: 'content',
  args: { content: { aliases: ['expression'] }, font: {}, openLinksInNewTab: { ignored: NEW_TAB } },
  run: (input, args) => {
    const table = isTyped(input) && input.type === 'datatable' ? input : null
    const text = args
      .all('content')
      .map(part => fillTemplate(String(cellOf(part, 'markdown') ?? ''), table))
      .join('')
    return drawn({ kind: 'markdown', text, font: fontOf(args, 'font', PLAIN_FONT) })
  },
}

const metric: Func = {
  unnamed: 'label',
  args: {
    label: { aliases: ['description', 'text'] },
    labelFont: {},
    metricFont: {},
    metricFormat: { aliases: ['format'] },
  },
  run: (input, args) => {
    const cell = cellOf(input, 'metric')
    const format = args.text('metricFormat')
    const value =
      cell === null ? '–' : typeof cell === 'number' && format ? formatNumeral(cell, format) : String(cell)
    const centred = { ...PLAIN_FONT, align: 'center' as const }
    return drawn({
      kind: 'metric',
      value,
      label: args.text('label') ?? '',
      metricFont: fontOf(args, 'metricFont', { ...centred, size: 48, lineHeight: 48 }),
      labelFont: fontOf(args, 'labelFont', centred),
    })
  },
}

const image: Func = {
  unnamed: 'dataurl',
  args: { dataurl: { aliases: ['url'] }, mode: {} },
  run: (_, args, env) => {
    const source = args.text('dataurl')
    if (source && !source.startsWith('data:')) env.note(texts.anImageIsNotLoaded)
    return {
      type: 'image',
      source: source?.startsWith('data:') ? source : null,
      mode: args.one('mode', ['contain', 'cover', 'stretch'], 'contain'),
    }
  },
}

const shape: Func = {
  unnamed: 'shape',
  args: {
    shape: {},
    border: { aliases: ['stroke'] },
    borderWidth: { aliases: ['strokeWidth'] },
    fill: {},
    maintainAspect: {},
  },
  run: (_, args) =>
    drawn({
      kind: 'shape',
      shape: args.one('shape', SHAPES, 'square'),
      fill: readColour(args.text('fill') ?? 'black'),
      border: readColour(args.text('border')),
      borderWidth: Math.min(Math.max(args.number('borderWidth', 0), 0), 200),
      maintainAspect: args.flag('maintainAspect', false),
    }),
}

const progress: Func = {
  unnamed: 'shape',
  args: {
    shape: {},
    barColor: {},
    barWeight: {},
    font: {},
    label: {},
    max: {},
    valueColor: {},
    valueWeight: {},
  },
  run: (input, args) => {
    const value = numberOf(input, 'progress') ?? 0
    const max = args.number('max', 1)
    if (!(max > 0)) throw new CanvasError(texts.progressNeedsAMaxAbove)
    const label = args.value('label')
    const weight = (name: string) => Math.min(Math.max(args.number(name, 20), 0), 500)
    return drawn({
      kind: 'progress',
      shape: args.one('shape', PROGRESS_SHAPES, 'gauge'),
      share: Math.min(Math.max(value / max, 0), 1),
      label:
        label === false ? null : label === undefined || label === true ? String(value) : args.text('label'),
      valueColor: readColour(args.text('valueColor')),
      barColor: readColour(args.text('barColor')),
      valueWeight: weight('valueWeight'),
      barWeight: weight('barWeight'),
      font: fontOf(args, 'font', { ...PLAIN_FONT, size: 24, align: 'center' }),
    })
  },
}

const table: Func = {
  args: { font: {}, paginate: {}, perPage: {}, showHeader: {} },
  run: (input, args) =>
    drawn({
      kind: 'table',
      table: tableOf(input, 'table'),
      font: fontOf(args, 'font', PLAIN_FONT),
      showHeader: args.flag('showHeader', true),
      perPage: Math.max(1, Math.min(args.number('perPage', 10), 1000)),
    }),
}

function pointsOf(input: Value, of: string) {
  if (isTyped(input) && input.type === 'pointseries') return input
  throw new CanvasError(texts.needsPointseriesBefore(of, typeOf(input)))
}

/** `false` shows none, anything else where it stands. */
function legendOf(args: Args, otherwise: string | false): string | false {
  const value = args.value('legend')
  if (value === undefined || value === true) return otherwise === false && value === true ? 'ne' : otherwise
  return value === false || value === 'false' ? false : (args.text('legend') ?? otherwise)
}

const plot: Func = {
  args: {
    defaultStyle: {},
    font: {},
    legend: {},
    palette: {},
    seriesStyle: {},
    xaxis: {},
    yaxis: {},
  },
  run: (input, args) =>
    drawn({
      kind: 'plot',
      series: pointsOf(input, 'plot'),
      defaultStyle: args.typed('defaultStyle', 'seriesStyle').at(-1) ?? PLAIN_SERIES,
      styles: args.typed('seriesStyle', 'seriesStyle'),
      palette: args.typed('palette', 'palette').at(-1) ?? null,
      legend: legendOf(args, 'ne'),
      xaxis: axisOf(args, 'xaxis'),
      yaxis: axisOf(args, 'yaxis'),
      font: fontOf(args, 'font', { ...PLAIN_FONT, size: 12 }),
    }),
}

const FLAT = texts.piesLieFlatAndFill

const pie: Func = {
  args: {
    font: {},
    hole: {},
    labelRadius: { ignored: FLAT },
    labels: {},
    legend: {},
    palette: {},
    radius: { ignored: FLAT },
    seriesStyle: {},
    tilt: { ignored: FLAT },
  },
  run: (input, args) =>
    drawn({
      kind: 'pie',
      series: pointsOf(input, 'pie'),
      styles: args.typed('seriesStyle', 'seriesStyle'),
      palette: args.typed('palette', 'palette').at(-1) ?? null,
      hole: Math.min(Math.max(args.number('hole', 0), 0), 95),
      labels: args.flag('labels', true),
      legend: legendOf(args, false),
      font: fontOf(args, 'font', { ...PLAIN_FONT, size: 12 }),
    }),
}

/** Kibana writes `timerange={timerange from=… to=…}`, which comes here as a text of two bounds. */
const timerange: Func = {
  args: { from: {}, to: {} },
  run: (_, args) => JSON.stringify({ from: args.needText('from'), to: args.needText('to') }),
}

function rangeOf(args: Args): Saved['range'] {
  const read = parseObject(args.text('timerange') ?? '')
  return read ? { from: asText(read.from), to: asText(read.to) } : null
}

const KEPT = texts.coloursAndLegends

const library = (type: string): Func => ({
  unnamed: 'id',
  args: {
    id: {},
    title: {},
    timerange: {},
    palette: { ignored: KEPT },
    colors: { ignored: KEPT },
    hideLegend: { ignored: KEPT },
  },
  run: (_, args) =>
    drawn({
      kind: 'saved',
      saved: {
        key: { type, id: args.needText('id') },
        own: null,
        title: args.text('title'),
        range: rangeOf(args),
      },
    }),
})

/** What Kibana 8 writes for everything of its library: a configuration in Base64. */
const embeddable: Func = {
  unnamed: 'config',
  args: { config: {}, type: {} },
  run: (_, args) => {
    const config = configOf(args.needText('config'))
    const type = args.needText('type')
    const id = asText(config.savedObjectId)
    const range = asJson(config.timeRange)
    return drawn({
      kind: 'saved',
      saved: {
        key: id === '' ? null : { type, id },
        own: id === '' ? { type, attributes: asJson(config.attributes) } : null,
        title: asText(config.title) || null,
        range: asText(range.from) === '' ? null : { from: asText(range.from), to: asText(range.to) },
      },
    })
  },
}

function configOf(text: string): Json {
  try {
    const bytes = Uint8Array.from(atob(text), c => c.charCodeAt(0))
    const read = parseObject(new TextDecoder().decode(bytes))
    if (read) return read
  } catch {
    // Said below.
  }
  throw new CanvasError(texts.theConfigurationCannotBeRead)
}

/** The time of the workpad, which is chosen above the page. */
const timefilterControl: Func = {
  args: { column: {}, compact: {}, filterGroup: {} },
  run: (_, _args, env) => drawn({ kind: 'markdown', text: env.rangeText, font: PLAIN_FONT }),
}

export const DRAWINGS = {
  embeddable,
  image,
  markdown,
  metric,
  pie,
  plot,
  progress,
  render,
  savedLens: library('lens'),
  savedSearch: library('search'),
  savedVisualization: library('visualization'),
  shape,
  table,
  timefilterControl,
  timerange,
}
