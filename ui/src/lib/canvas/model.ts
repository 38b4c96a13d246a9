// A workpad: pages of a fixed size, and on each elements at exact places. Kibana's `canvas-workpad`, checked.

import { texts } from '../../texts/canvas'
import type { Reference } from '../savedobjects'
import type { TimeRange } from '../time/range'
import type { Millis } from '../time/units'
import type { Json } from '../vis/json'

/** In CSS pixels of the page; the angle in degrees, clockwise, around the middle. */
export interface Place {
  left: number
  top: number
  width: number
  height: number
  angle: number
}

export interface Element {
  /** Unique in the workpad. */
  id: string
  place: Place
  /** What is drawn, as Canvas writes it. */
  expression: string
  /** The expression of a filter, which Kibana's time control has. */
  filter: string | null
  /** What else it is saved with, kept as it is. */
  kept: Json
}

export interface Page {
  id: string
  /** A colour; null is white. */
  background: string | null
  /** From the lowest to the topmost. */
  elements: Element[]
  kept: Json
}

export interface Asset {
  id: string
  /** A data URL of an image. */
  value: string
  kept: Json
}

export interface Workpad {
  name: string
  width: number
  height: number
  pages: Page[]
  assets: Asset[]
  colors: string[]
  css: string
  variables: { name: string; type: string; value: string | number | boolean }[]
  /** The time it is opened with; null keeps the time that the person has chosen. */
  range: TimeRange | null
  /** How often it asks again; null only on demand. */
  refresh: Millis | null
  /** What was read otherwise than it was written. */
  notes: string[]
  kept: { attributes: Json; references: Reference[] }
}

export const SIZES = [
  { id: 'workpad', label: texts.screen1080720, width: 1080, height: 720 },
  { id: 'wide', label: texts.slides169, width: 1280, height: 720 },
  { id: 'hd', label: texts.slidesFullHd, width: 1920, height: 1080 },
  { id: 'a4', label: texts.a4Upright, width: 794, height: 1123 },
  { id: 'a4-wide', label: texts.a4Across, width: 1123, height: 794 },
  { id: 'letter', label: texts.letterUpright, width: 816, height: 1056 },
  { id: 'letter-wide', label: texts.letterAcross, width: 1056, height: 816 },
] as const

export const LIMITS = {
  /** CSS pixels. */
  leastSide: 100,
  mostSide: 8000,
  pages: 100,
  elements: 500,
  leastElement: 2,
} as const

export const DEFAULT_COLORS = [
  '#1d1f24',
  '#55585f',
  '#8a919d',
  '#e4e0d9',
  '#ffffff',
  '#c84a34',
  '#2f6fd0',
  '#12826c',
  '#c0680f',
  '#8a4fc7',
]

export const newId = (prefix: 'page' | 'element' | 'asset'): string => `${prefix}-${crypto.randomUUID()}`

export const newPage = (background: string | null = null): Page => ({
  id: newId('page'),
  background,
  elements: [],
  kept: {},
})

export const newElement = (expression: string, place: Place): Element => ({
  id: newId('element'),
  place,
  expression,
  filter: null,
  kept: {},
})

export function newWorkpad(width = 1080, height = 720): Workpad {
  return {
    name: '',
    width,
    height,
    pages: [newPage()],
    assets: [],
    colors: DEFAULT_COLORS,
    css: '.canvasPage {\n\n}',
    variables: [],
    range: null,
    refresh: null,
    notes: [],
    kept: { attributes: {}, references: [] },
  }
}
