import { type Chart, chartOfPlot, type Series, ticksOf, timeStep } from '../../../lib/canvas/plot'
import type { Cell, Drawing } from '../../../lib/canvas/values'
import { formatShort } from '../../../lib/numbers'
import { formatTick } from '../../../lib/time/format'
import { offsetAt } from '../../../lib/time/zone'
import { texts } from '../../../texts/reports'
import styles from './chart.module.css'
import { ChartNumbers, colourOf, Key } from './key'

type PlotDrawing = Extract<Drawing, { kind: 'plot' }>
type Props = { drawing: PlotDrawing; width: number; height: number }

interface Tick {
  /** Pixels along the axis. */
  at: number
  text: string
}

/** Lines, bars and points as an SVG, so that they are as sharp on paper as on the screen. */
export function Plot({ drawing, width, height }: Props) {
  const chart = chartOfPlot(drawing)
  const { font, xaxis, yaxis, legend } = drawing
  const named = chart.series.length > 1 || (chart.series[0]?.name ?? '') !== ''
  const keyed = legend !== false && named && !sameAsAxis(chart)
  const size = font.size
  const keyHeight = keyed ? size * 1.7 : 0
  const [across, along] = chart.horizontal ? [xaxis, yaxis] : [yaxis, xaxis]
  const least = across.min ?? chart.least
  const most = Math.max(across.max ?? chart.most, least + Number.EPSILON)
  const values = ticksOf(
    least,
    most,
    chart.horizontal ? width / 110 : (height - keyHeight) / (size * 4.2),
    across.tickSize,
  )
  const top = across.max ?? Math.max(most, roundedUp(values, most))
  const valueTexts = ticksOf(least, top, values.length, stepOf(values)).map(v => ({
    value: v,
    text: shortOf(v),
  }))
  const left = chart.horizontal
    ? along.show
      ? Math.min(width * 0.4, longest(labelsOf(chart)) * size * 0.58 + 10)
      : 2
    : across.show
      ? longest(valueTexts.map(t => t.text)) * size * 0.6 + 8
      : 2
  const bottom = (chart.horizontal ? across.show : along.show) ? size * 1.7 : 4
  const area = {
    left,
    top: keyHeight + size * 0.6,
    width: Math.max(1, width - left - size * 0.8),
    height: Math.max(1, height - keyHeight - bottom - size * 0.6),
  }
  const scale = (value: number) => {
    const share = Math.min(Math.max((value - least) / (top - least || 1), 0), 1)
    return chart.horizontal ? area.left + share * area.width : area.top + (1 - share) * area.height
  }
  const place = placer(chart, along.min, along.max, area)
  const ticks = alongTicks(chart, place, area, size)
  return (
    <figure className={styles.figure} aria-label={texts.chartOf(nameOf(drawing))}>
      <svg
        className={styles.svg}
        viewBox={`0 0 ${width} ${height}`}
        fontSize={size}
        fontFamily={font.family ?? undefined}
        style={font.color === null ? undefined : { color: font.color }}
        aria-hidden="true"
      >
        {valueTexts.map(({ value, text }) =>
          chart.horizontal ? (
            <g key={value}>
              <line
                className={styles.grid}
                x1={scale(value)}
                x2={scale(value)}
                y1={area.top}
                y2={area.top + area.height}
              />
              {across.show && (
                <text className={styles.tick} x={scale(value)} y={height - size * 0.4} textAnchor="middle">
                  {text}
                </text>
              )}
            </g>
          ) : (
            <g key={value}>
              <line
                className={styles.grid}
                x1={area.left}
                x2={area.left + area.width}
                y1={scale(value)}
                y2={scale(value)}
              />
              {across.show && (
                <text
                  className={styles.tick}
                  x={area.left - 7}
                  y={scale(value) + size * 0.35}
                  textAnchor="end"
                >
                  {text}
                </text>
              )}
            </g>
          ),
        )}
        <Marks chart={chart} place={place} scale={scale} zero={scale(Math.max(least, Math.min(0, top)))} />
        {along.show &&
          ticks.map(({ at, text }) =>
            chart.horizontal ? (
              <text
                key={text}
                className={styles.label}
                x={area.left - 7}
                y={at + size * 0.35}
                textAnchor="end"
              >
                {text}
              </text>
            ) : (
              <text key={text} className={styles.tick} x={at} y={height - size * 0.4} textAnchor="middle">
                {text}
              </text>
            ),
          )}
      </svg>
      {keyed && <Key series={chart.series} size={size} corner={legend} />}
      <ChartNumbers
        head={[
          chart.horizontal ? (drawing.series.y?.label ?? '') : (drawing.series.x?.label ?? ''),
          texts.series,
          texts.value,
        ]}
        rows={chart.series.flatMap(s => s.points.map(p => [keyText(chart, p.key), s.name, shortOf(p.value)]))}
      />
    </figure>
  )
}

const nameOf = ({ series }: PlotDrawing) =>
  [series.y?.label, series.x?.label].filter(Boolean).join(' by ') || 'points'

/** A series for each mark of the axis needs no key: the axis names it. */
const sameAsAxis = (chart: Chart) =>
  chart.axis.kind === 'category' && chart.series.every(s => s.points.every(p => String(p.key) === s.name))

const longest = (texts: readonly string[]) => Math.min(28, Math.max(1, ...texts.map(t => t.length)))
const labelsOf = (chart: Chart) => (chart.axis.kind === 'category' ? chart.axis.keys.map(String) : [])
const shortOf = (value: number) =>
  (value < 0 ? '−' : '') + formatShort(Number(Math.abs(value).toPrecision(4)))
const stepOf = (values: readonly number[]) =>
  values.length > 1 ? (values[1] as number) - (values[0] as number) : null

function roundedUp(values: readonly number[], most: number): number {
  const step = stepOf(values)
  return step === null ? most : Math.ceil(most / step - 1e-9) * step
}

interface Area {
  left: number
  top: number
  width: number
  height: number
}

interface Placer {
  /** The middle of a key's place, in pixels along the axis. */
  of: (key: Cell) => number
  /** Pixels that a key has for itself. */
  step: number
}

function placer(chart: Chart, min: number | null, max: number | null, area: Area): Placer {
  const { axis } = chart
  const length = chart.horizontal ? area.height : area.width
  const start = chart.horizontal ? area.top : area.left
  if (axis.kind === 'category') {
    const step = length / Math.max(1, axis.keys.length)
    const at = new Map(axis.keys.map((key, i) => [key, i]))
    return { of: key => start + ((at.get(key) ?? 0) + 0.5) * step, step }
  }
  const barred = chart.series.some(s => s.style.bars > 0)
  const pad = barred ? axis.step / 2 : 0
  const [from, to] = [(min ?? axis.least) - pad, (max ?? axis.most) + pad]
  const whole = to - from || 1
  return {
    of: key => start + ((Number(key) - from) / whole) * length,
    step: Math.min(length, (axis.step / whole) * length),
  }
}

function alongTicks(chart: Chart, place: Placer, area: Area, size: number): Tick[] {
  const { axis } = chart
  if (axis.kind === 'category') {
    // Every second one, or third, where they would stand in each other.
    const room = chart.horizontal ? size * 1.5 : longest(labelsOf(chart)) * size * 0.58 + 8
    const every = Math.max(1, Math.ceil(room / place.step))
    return axis.keys.flatMap((key, at) =>
      at % every === 0 ? [{ at: place.of(key), text: cut(keyText(chart, key)) }] : [],
    )
  }
  const wanted = Math.max(2, area.width / (size * 7))
  if (axis.type !== 'date')
    return ticksOf(axis.least, axis.most, wanted).map(v => ({ at: place.of(v), text: shortOf(v) }))
  const step = timeStep(axis.least, axis.most, wanted)
  const out: Tick[] = []
  const first = Math.ceil((axis.least + offsetAt(axis.least)) / step) * step
  for (let local = first; out.length < 100; local += step) {
    const at = local - offsetAt(local)
    if (at > axis.most) break
    out.push({ at: place.of(at), text: formatTick(at, step) })
  }
  return out
}

const cut = (text: string) => (text.length > 28 ? `${text.slice(0, 27)}…` : text)

const keyText = (chart: Chart, key: Cell): string =>
  chart.axis.kind === 'linear' && chart.axis.type === 'date' && typeof key === 'number'
    ? formatTick(key, chart.axis.step)
    : key === null
      ? '–'
      : String(key)

interface MarksProps {
  chart: Chart
  place: Placer
  scale: (value: number) => number
  zero: number
}

function Marks({ chart, place, scale, zero }: MarksProps) {
  const stacks = new Map<string, number>()
  const barred = chart.series.filter(s => s.style.bars > 0)
  // Stacks share a place; a series for each mark of the axis has it for itself.
  const alone = sameAsAxis(chart)
  const lanes = alone ? [''] : [...new Set(barred.map(s => s.style.stack ?? `own ${s.name}`))]
  return chart.series.map((series, at) => {
    const fill = colourOf(series, at)
    const spots = series.points.map(point => {
      const name =
        series.style.stack === null ? null : JSON.stringify([series.style.stack, point.key, point.value < 0])
      const from = name === null ? 0 : (stacks.get(name) ?? 0)
      if (name !== null) stacks.set(name, from + point.value)
      const along = place.of(point.key)
      const [base, end] = [name === null || from === 0 ? zero : scale(from), scale(from + point.value)]
      return { along, base, end, size: point.size }
    })
    const lane = alone ? 0 : lanes.indexOf(series.style.stack ?? `own ${series.name}`)
    return (
      <g key={series.name}>
        {series.style.bars > 0 &&
          spots.map(s => (
            <Bar
              key={s.along}
              spot={s}
              horizontal={chart.horizontal}
              width={place.step * Math.min(series.style.bars, 1)}
              lane={lane}
              lanes={lanes.length}
              fill={fill}
            />
          ))}
        {series.style.bars === 0 && !chart.horizontal && <Line series={series} spots={spots} color={fill} />}
      </g>
    )
  })
}

interface Spot {
  along: number
  base: number
  end: number
  size: number | null
}

interface BarProps {
  spot: Spot
  horizontal: boolean
  width: number
  lane: number
  lanes: number
  fill: string
}

function Bar({ spot, horizontal, width, lane, lanes, fill }: BarProps) {
  const thick = Math.max(1, width / lanes)
  const at = spot.along - width / 2 + lane * thick
  const [from, length] = [Math.min(spot.base, spot.end), Math.abs(spot.end - spot.base)]
  const gap = thick > 6 ? 1 : 0
  return horizontal ? (
    <rect
      x={from}
      y={at + gap / 2}
      width={length}
      height={Math.max(0.5, thick - gap)}
      fill={fill}
      rx={thick > 8 ? 2 : 0}
    />
  ) : (
    <rect
      x={at + gap / 2}
      y={from}
      width={Math.max(0.5, thick - gap)}
      height={length}
      fill={fill}
      rx={thick > 8 ? 2 : 0}
    />
  )
}

function Line({ series, spots, color }: { series: Series; spots: Spot[]; color: string }) {
  const { lines, fill, points } = series.style
  const order = spots.toSorted((a, b) => a.along - b.along)
  const path = order.map((s, i) => `${i === 0 ? 'M' : 'L'}${s.along.toFixed(1)} ${s.end.toFixed(1)}`).join('')
  const back = order
    .toReversed()
    .map(s => `L${s.along.toFixed(1)} ${s.base.toFixed(1)}`)
    .join('')
  return (
    <>
      {fill > 0 && order.length > 1 && (
        <path d={`${path}${back}Z`} fill={color} opacity={fill >= 1 ? 0.18 : Math.max(0.08, fill / 10)} />
      )}
      {lines > 0 && order.length > 1 && (
        <path
          d={path}
          fill="none"
          stroke={color}
          strokeWidth={Math.min(lines, 20)}
          strokeLinejoin="round"
          strokeLinecap="round"
        />
      )}
      {(points > 0 || order.length === 1) &&
        order.map(s => (
          <circle
            key={s.along}
            cx={s.along}
            cy={s.end}
            r={Math.min(40, s.size ?? Math.max(2, points / 2))}
            fill={color}
          />
        ))}
    </>
  )
}
