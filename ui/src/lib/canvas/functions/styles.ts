// Fonts, frames, palettes, the styles of series and axes.

import { texts } from '../../../texts/canvas'
import { readBorder, readColour, readPixels } from '../colour'
import type { AxisConfig, ContainerStyle, Font, SeriesStyle } from '../values'
import type { Args, Func } from './func'

export const PLAIN_FONT: Font = {
  type: 'style',
  family: null,
  size: 14,
  color: null,
  align: 'left',
  weight: 'normal',
  italic: false,
  underline: false,
  lineHeight: null,
}

const WEIGHTS = /^(normal|bold|bolder|lighter|[1-9]00)$/
/** Names of faces, and nothing that could end the declaration. */
const FAMILY = /^[\w\s,'"-]{1,300}$/

export const fontOf = (args: Args, name: string, otherwise: Font): Font =>
  args.typed(name, 'style').at(-1) ?? otherwise

const clamp = (value: number, least: number, most: number) => Math.min(Math.max(value, least), most)

const font: Func = {
  args: {
    align: {},
    color: {},
    family: {},
    italic: {},
    lHeight: { aliases: ['lineHeight'] },
    size: {},
    sizeUnit: {},
    underline: {},
    weight: {},
  },
  run: (_, args): Font => {
    const family = args.text('family')
    const height = args.number('lHeight', null)
    const size = args.number('size', PLAIN_FONT.size) * (args.text('sizeUnit') === 'pt' ? 4 / 3 : 1)
    const weight = args.text('weight') ?? 'normal'
    return {
      type: 'style',
      family: family !== null && FAMILY.test(family) ? family : null,
      size: clamp(size, 1, 1000),
      color: readColour(args.text('color')),
      align: args.one('align', ['left', 'center', 'right', 'justify'], 'left'),
      weight: WEIGHTS.test(weight) ? weight : 'normal',
      italic: args.flag('italic', false),
      underline: args.flag('underline', false),
      lineHeight: height === null ? null : clamp(height, 1, 2000),
    }
  },
}

export const PLAIN_CONTAINER: ContainerStyle = {
  type: 'containerStyle',
  background: null,
  image: null,
  imageSize: 'contain',
  border: null,
  radius: 0,
  padding: 0,
  opacity: 1,
  visible: false,
}

const containerStyle: Func = {
  args: {
    backgroundColor: {},
    backgroundImage: {},
    backgroundRepeat: {},
    backgroundSize: {},
    border: {},
    borderRadius: {},
    opacity: {},
    overflow: {},
    padding: {},
  },
  run: (_, args, env): ContainerStyle => {
    const image = args.text('backgroundImage')
    const own = image?.startsWith('data:') ?? false
    if (image && !own) env.note(texts.aBackgroundImageIsNotLoaded)
    const size = args.text('backgroundSize')
    return {
      type: 'containerStyle',
      background: readColour(args.text('backgroundColor')),
      image: own ? image : null,
      imageSize: size === 'cover' ? 'cover' : size === '100% 100%' ? 'stretch' : 'contain',
      border: readBorder(args.text('border')),
      radius: readPixels(args.text('borderRadius')),
      padding: readPixels(args.text('padding')),
      opacity: clamp(args.number('opacity', 1), 0, 1),
      visible: args.text('overflow') === 'visible',
    }
  },
}

const palette: Func = {
  unnamed: 'color',
  args: {
    color: {},
    gradient: {},
    reverse: {},
    stop: { ignored: texts.palettesHaveNoStopsHere },
    range: { ignored: texts.palettesHaveNoRangesHere },
    rangeMin: { ignored: texts.palettesHaveNoRangesHere },
    rangeMax: { ignored: texts.palettesHaveNoRangesHere },
    continuity: { ignored: texts.palettesHaveNoRangesHere },
  },
  run: (_, args) => {
    const colors = args.all('color').flatMap(c => readColour(String(c)) ?? [])
    return {
      type: 'palette',
      colors: args.flag('reverse', false) ? colors.toReversed() : colors,
      gradient: args.flag('gradient', false),
    }
  },
}

export const PLAIN_SERIES: SeriesStyle = {
  type: 'seriesStyle',
  label: null,
  color: null,
  lines: 0,
  bars: 0,
  points: 5,
  fill: 0,
  stack: null,
  horizontal: false,
}

const seriesStyle: Func = {
  args: {
    bars: {},
    color: {},
    fill: {},
    horizontalBars: {},
    label: {},
    lines: {},
    points: {},
    stack: {},
  },
  run: (_, args): SeriesStyle => {
    const fill = args.value('fill')
    const stack = args.value('stack')
    return {
      type: 'seriesStyle',
      label: args.text('label'),
      color: readColour(args.text('color')),
      lines: args.number('lines', 0),
      bars: args.number('bars', 0),
      points: args.number('points', 0),
      fill: typeof fill === 'boolean' ? Number(fill) : args.number('fill', 0),
      stack: stack === undefined || stack === null || stack === false ? null : String(stack),
      horizontal: args.flag('horizontalBars', false),
    }
  },
}

export const PLAIN_AXIS: AxisConfig = { type: 'axisConfig', show: true, min: null, max: null, tickSize: null }

const boundOf = (args: Args, name: string): number | null => {
  const value = args.value(name)
  if (typeof value !== 'string' || value === '') return args.number(name, null)
  const n = Number(value)
  const at = Number.isFinite(n) ? n : Date.parse(value)
  return Number.isFinite(at) ? at : null
}

const axisConfig: Func = {
  args: {
    max: {},
    min: {},
    position: { ignored: texts.theAxesOfAPlot },
    show: {},
    tickSize: {},
  },
  run: (_, args): AxisConfig => ({
    type: 'axisConfig',
    show: args.flag('show', true),
    min: boundOf(args, 'min'),
    max: boundOf(args, 'max'),
    tickSize: args.number('tickSize', null),
  }),
}

/** An axis is there or not, or has its own settings. */
export function axisOf(args: Args, name: string): AxisConfig {
  const value = args.value(name)
  if (typeof value === 'boolean') return { ...PLAIN_AXIS, show: value }
  return args.typed(name, 'axisConfig').at(-1) ?? PLAIN_AXIS
}

export const STYLES = { axisConfig, containerStyle, font, palette, seriesStyle }
