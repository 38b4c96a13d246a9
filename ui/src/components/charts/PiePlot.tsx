import { useMemo, useState } from 'react'
import { formatShare } from '../../lib/numbers'
import { seriesToken } from '../../lib/vis/colours'
import { asJson, asText } from '../../lib/vis/json'
import type { Vis } from '../../lib/vis/model'
import { type Slice, slicesOf } from '../../lib/vis/slices'
import type { Table } from '../../lib/vis/table'
import { texts } from '../../texts/charts'
import type { ChartEvents } from './mark'
import styles from './PiePlot.module.css'

interface Props extends ChartEvents {
  vis: Vis
  table: Table
}

interface Arc {
  slice: Slice
  path: string[]
  token: string
  /** Of the full turn, from 0 to 1. */
  from: number
  to: number
  ring: number
}

/** Shares of a whole as a ring, one ring per level, with a list that names them. */
export function PiePlot({ vis, table, onMark }: Props) {
  const [pointed, setPointed] = useState<string | null>(null)
  const slices = useMemo(() => slicesOf(table), [table])
  const own = asJson(vis.params.colours)
  const total = slices.reduce((sum, s) => sum + s.value, 0)
  const arcs = arcsOf(
    slices,
    total,
    (slice, at) => asText(own[slice.name]) || (slice.rest ? 'series-plain' : seriesToken(slice.name, at)),
  )
  const rings = Math.max(1, ...arcs.map(a => a.ring + 1))
  const hole = vis.params.isDonut === false ? 0 : 0.52
  const labels = asJson(vis.params.labels)
  const focus = arcs.find(a => a.path.join('/') === pointed)
  const mark = (arc: Arc, x: number, y: number) =>
    onMark({
      title: arc.path.join(' · '),
      text: `${arc.slice.text} · ${formatShare(arc.slice.value, total)}`,
      filters: arc.slice.filters,
      x,
      y,
    })
  return (
    <div className={styles.pie} data-legend={vis.params.addLegend !== false}>
      <svg viewBox="-100 -100 200 200" className={styles.drawing} aria-hidden="true">
        {arcs.map(arc => (
          // biome-ignore lint/a11y/noStaticElementInteractions: the list beside it has a button for each
          <path
            key={arc.path.join('/')}
            d={outline(arc, rings, hole)}
            fill={`var(--${arc.token})`}
            className={styles.arc}
            data-dim={pointed !== null && arc !== focus}
            data-whole={arc.to - arc.from > 0.9999}
            data-ring={Math.min(3, arc.ring)}
            onPointerEnter={() => setPointed(arc.path.join('/'))}
            onPointerLeave={() => setPointed(null)}
            onClick={event => mark(arc, event.clientX, event.clientY)}
          />
        ))}
        {labels.show !== false &&
          arcs
            .filter(a => a.to - a.from > 0.06 && a.ring === 0)
            .map(arc => {
              const [x, y] = middle(arc, rings, hole)
              return (
                <text key={arc.path.join('/')} x={x} y={y} className={styles.share}>
                  {formatShare(arc.slice.value, total)}
                </text>
              )
            })}
        {hole > 0 && (
          <>
            <text y={focus ? -2 : 5} className={styles.middle}>
              {focus ? focus.slice.text : totalText(table, slices, total)}
            </text>
            {focus && (
              <text y={13} className={styles.under}>
                {focus.slice.name.slice(0, 18)}
              </text>
            )}
          </>
        )}
      </svg>
      {vis.params.addLegend !== false && (
        <ul className={styles.list} aria-label={texts.slices}>
          {arcs
            .filter(a => a.ring === 0)
            .map(arc => (
              <li key={arc.slice.name}>
                <button
                  type="button"
                  title={`${arc.slice.name}: ${arc.slice.text} · ${formatShare(arc.slice.value, total)}`}
                  onPointerEnter={() => setPointed(arc.path.join('/'))}
                  onPointerLeave={() => setPointed(null)}
                  onClick={event => mark(arc, event.clientX, event.clientY)}
                >
                  <i style={{ background: `var(--${arc.token})` }} />
                  <span>{arc.slice.name}</span>
                  <b>{arc.slice.text}</b>
                  <em>{formatShare(arc.slice.value, total)}</em>
                </button>
              </li>
            ))}
        </ul>
      )}
    </div>
  )
}

/** Only what adds up has a total worth saying. */
function totalText(table: Table, slices: Slice[], total: number): string {
  const additive = table.columns.some(c => c.kind === 'metric' && c.additive)
  return additive && slices.length > 0 ? total.toLocaleString('en') : ''
}

function arcsOf(slices: Slice[], total: number, tokenOf: (slice: Slice, at: number) => string): Arc[] {
  const out: Arc[] = []
  const place = (
    list: Slice[],
    start: number,
    size: number,
    path: string[],
    ring: number,
    token: string | null,
  ) => {
    const sum = list.reduce((s, x) => s + x.value, 0)
    let at = start
    for (const [i, slice] of list.entries()) {
      const width = sum === 0 ? 0 : (slice.value / sum) * size
      const own = token ?? tokenOf(slice, i)
      out.push({ slice, path: [...path, slice.name], token: own, from: at, to: at + width, ring })
      place(slice.children, at, width, [...path, slice.name], ring + 1, own)
      at += width
    }
  }
  if (total > 0) place(slices, 0, 1, [], 0, null)
  return out
}

const RADIUS = 96

function radii(ring: number, rings: number, hole: number): [number, number] {
  const inner = RADIUS * hole
  const width = (RADIUS - inner) / rings
  return [inner + ring * width, inner + (ring + 1) * width - (ring < rings - 1 ? 1 : 0)]
}

const point = (turn: number, radius: number): [number, number] => [
  radius * Math.sin(2 * Math.PI * turn),
  -radius * Math.cos(2 * Math.PI * turn),
]

function outline(arc: Arc, rings: number, hole: number): string {
  const [inner, outer] = radii(arc.ring, rings, hole)
  // A full turn would begin where it ends and draw nothing.
  const to = Math.min(arc.to, arc.from + 0.9999)
  const large = to - arc.from > 0.5 ? 1 : 0
  const [a, b, c, d] = [point(arc.from, outer), point(to, outer), point(to, inner), point(arc.from, inner)]
  const back = inner === 0 ? 'L 0 0' : `L ${c.join(' ')} A ${inner} ${inner} 0 ${large} 0 ${d.join(' ')}`
  return `M ${a.join(' ')} A ${outer} ${outer} 0 ${large} 1 ${b.join(' ')} ${back} Z`
}

function middle(arc: Arc, rings: number, hole: number): [number, number] {
  const [inner, outer] = radii(arc.ring, rings, hole)
  const [x, y] = point((arc.from + arc.to) / 2, inner === 0 ? outer * 0.65 : (inner + outer) / 2)
  return [x, y + 3]
}
