// What templates are made of: elements of Canvas at places, in the colours of paper.

import type { Json } from '../../../lib/vis/json'

export const INK = '#1d1f24'
export const QUIET = '#62666f'
export const LINE = '#e2ded6'
export const WARM = '#f6f3ee'
export const ACCENT = '#c84a34'
export const BLUE = '#2f6fd0'
export const GREEN = '#12826c'
export const AMBER = '#c0680f'
export const VIOLET = '#8a4fc7'
export const SERIES = [BLUE, AMBER, GREEN, VIOLET, '#94760a', '#c24278', '#4a8220', '#0d7fa3']

export const PALETTE = `palette={palette ${SERIES.map(c => `"${c}"`).join(' ')} gradient=false}`

let next = 0

/** An element at [left, top, width, height]. */
export const at = (place: readonly [number, number, number, number], expression: string): Json => ({
  id: `element-${++next}`,
  position: { left: place[0], top: place[1], width: place[2], height: place[3], angle: 0, parent: null },
  expression,
})

const quoted = (text: string) => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`

export const sql = (query: string) => `filters\n| essql query=${quoted(query)}`

interface TextStyle {
  size?: number
  color?: string
  weight?: string
  align?: string
  height?: number
}

export const font = ({ size = 14, color = INK, weight = 'normal', align = 'left', height }: TextStyle = {}) =>
  `{font size=${size} color="${color}" weight="${weight}" align="${align}"${height ? ` lHeight=${height}` : ''}}`

export const text = (words: string, style: TextStyle = {}, source = '') =>
  `${source === '' ? '' : `${source}\n| `}markdown ${quoted(words)} font=${font(style)}\n| render`

export const box = (fill: string, more = '') =>
  `shape "square" fill="${fill}" borderWidth=0 maintainAspect=false\n| render${more}`

export const card = () =>
  `shape "square" fill="rgba(255,255,255,0)" borderWidth=0 maintainAspect=false\n| render containerStyle={containerStyle backgroundColor="#ffffff" border="1px solid ${LINE}" borderRadius="10px"}`

export const rule = (color = LINE, width = 1) =>
  `shape "line" border="${color}" borderWidth=${width}\n| render`

/** A number of a query with what it means beneath it. */
export const number = (query: string, math: string, label: string, format: string, color = INK, size = 44) =>
  `${sql(query)}
| math ${quoted(math)}
| metric ${quoted(label)} metricFormat="${format}" metricFont=${font({ size, color, weight: '600', height: Math.round(size * 1.15) })} labelFont=${font({ size: 14, color: QUIET })}
| render`

export const page = (background: string, elements: Json[]): Json => ({
  id: `page-${++next}`,
  style: { background },
  elements,
  transition: {},
  groups: [],
})
