// Shapes as outlines in a square of 100 by 100, drawn for this program.

import type { ShapeName } from '../../../lib/canvas/values'

const polygon = (...points: number[]): string => {
  const pairs: string[] = []
  for (let at = 0; at < points.length; at += 2) pairs.push(`${points[at]} ${points[at + 1]}`)
  return `M${pairs.join('L')}Z`
}

/** The corners of a polygon of equal sides, the first at the top. */
const regular = (corners: number, turn = 0): string =>
  polygon(
    ...Array.from({ length: corners }, (_, i) => {
      const angle = ((i / corners) * 360 + turn - 90) * (Math.PI / 180)
      return [round(50 + 50 * Math.cos(angle)), round(50 + 50 * Math.sin(angle))]
    }).flat(),
  )

const round = (n: number) => Math.round(n * 100) / 100

const star = polygon(
  ...Array.from({ length: 10 }, (_, i) => {
    const angle = (i * 36 - 90) * (Math.PI / 180)
    const reach = i % 2 === 0 ? 50 : 20
    return [round(50 + reach * Math.cos(angle)), round(50 + reach * Math.sin(angle))]
  }).flat(),
)

export const OUTLINES: Record<ShapeName, string> = {
  arrow: polygon(0, 35, 60, 35, 60, 10, 100, 50, 60, 90, 60, 65, 0, 65),
  arrowMulti: polygon(0, 50, 28, 12, 28, 36, 72, 36, 72, 12, 100, 50, 72, 88, 72, 64, 28, 64, 28, 88),
  bookmark: polygon(0, 0, 100, 0, 100, 100, 50, 75, 0, 100),
  circle: 'M50 0A50 50 0 1 1 50 100A50 50 0 1 1 50 0Z',
  cross: polygon(
    0,
    18,
    18,
    0,
    50,
    32,
    82,
    0,
    100,
    18,
    68,
    50,
    100,
    82,
    82,
    100,
    50,
    68,
    18,
    100,
    0,
    82,
    32,
    50,
  ),
  diamond: polygon(50, 0, 100, 50, 50, 100, 0, 50),
  hexagon: polygon(25, 0, 75, 0, 100, 50, 75, 100, 25, 100, 0, 50),
  kite: polygon(50, 0, 100, 35, 50, 100, 0, 35),
  line: 'M0 50H100',
  octagon: polygon(30, 0, 70, 0, 100, 30, 100, 70, 70, 100, 30, 100, 0, 70, 0, 30),
  parallelogram: polygon(25, 0, 100, 0, 75, 100, 0, 100),
  pentagon: regular(5),
  plus: polygon(
    35,
    0,
    65,
    0,
    65,
    35,
    100,
    35,
    100,
    65,
    65,
    65,
    65,
    100,
    35,
    100,
    35,
    65,
    0,
    65,
    0,
    35,
    35,
    35,
  ),
  rhombus: polygon(50, 10, 100, 50, 50, 90, 0, 50),
  semicircle: 'M0 100A50 50 0 0 1 100 100Z',
  speechBubble: 'M8 0H92Q100 0 100 8V70Q100 78 92 78H45L25 100V78H8Q0 78 0 70V8Q0 0 8 0Z',
  square: polygon(0, 0, 100, 0, 100, 100, 0, 100),
  star,
  tag: polygon(0, 0, 75, 0, 100, 50, 75, 100, 0, 100),
  trapezoid: polygon(22, 0, 78, 0, 100, 100, 0, 100),
  triangle: polygon(50, 0, 100, 100, 0, 100),
  triangleRight: polygon(0, 0, 100, 100, 0, 100),
}
