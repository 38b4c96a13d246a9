import { schemaTokens } from '../../lib/vis/colours'
import { formatAxis } from '../../lib/vis/format'
import { type Gauge, gaugeOf, type Reading } from '../../lib/vis/gauge'
import { asJson, asNumber, asText } from '../../lib/vis/json'
import type { Vis } from '../../lib/vis/model'
import type { Table } from '../../lib/vis/table'
import { texts } from '../../texts/charts'
import { bandColours } from './bands'
import styles from './GaugePlot.module.css'
import type { ChartEvents } from './mark'
import { useColours } from './palette'

interface Props extends ChartEvents {
  vis: Vis
  table: Table
}

/** A value on a scale with coloured ranges: as an arc, a circle, or, as Kibana's metric, a large number. */
export function GaugePlot({ vis, table, onMark }: Props) {
  const colours = useColours()
  const gauge = gaugeOf(vis, table)
  const style = asJson(vis.params.gauge ?? vis.params.metric)
  const fallback = vis.type === 'goal' ? 'Greens' : 'Green to Red'
  const tokens = schemaTokens(asText(style.colorSchema, fallback), style.invertColors === true)
  // A text of the colour of what it stands on could not be read.
  const seen = vis.type === 'metric' ? tokens.filter(token => token !== 'surface-2') : tokens
  const band = bandColours(colours, seen, gauge.bands.length)
  const labels = asJson(style.labels)
  const wide = asText(style.alignment, style.verticalSplit === true ? 'vertical' : 'automatic')
  // A goal says what it is measured by; in percent that is always the whole.
  const isGoal = vis.type === 'goal' && gauge.bands.length > 0 && gauge.format.kind !== 'percent'
  const Shape = vis.type === 'metric' ? BigNumber : Arc
  return (
    <div
      className={styles.gauges}
      data-direction={wide}
      data-several={gauge.readings.length > 1}
      data-numbers={vis.type === 'metric'}
    >
      {gauge.readings.map(reading => (
        <button
          key={reading.label}
          type="button"
          className={styles.gauge}
          // A number's own text names it; the drawing of an arc has none that is read.
          aria-label={vis.type === 'metric' ? undefined : `${reading.text} ${reading.label}`}
          disabled={reading.filters.length === 0}
          onClick={event =>
            onMark({
              title: reading.label,
              text: reading.text,
              filters: reading.filters,
              x: event.clientX,
              y: event.clientY,
            })
          }
        >
          <Shape
            reading={reading}
            gauge={gauge}
            bands={band}
            label={labels.show === false ? null : reading.label}
            scale={asJson(style.scale).show !== false}
            ticks={asJson(style.scale).labels === true}
            fontSize={asNumber(asJson(style.style).fontSize)}
            circle={style.gaugeType === 'Circle'}
            coloured={
              vis.type !== 'metric' ||
              (asText(style.metricColorMode, 'None') !== 'None' && gauge.bands.length > 0)
            }
            subText={
              asText(asJson(style.style).subText) ||
              (isGoal ? texts.ofEndText(endText(gauge.max, gauge)) : '')
            }
          />
        </button>
      ))}
    </div>
  )
}

interface ShapeProps {
  reading: Reading
  gauge: Gauge
  bands: string[]
  label: string | null
  scale: boolean
  ticks: boolean
  fontSize: number | null
  circle: boolean
  coloured: boolean
  subText: string
}

const NEUTRAL = 'var(--series-1)'
const R = 78

/** Arcs leave a third open at the bottom; circles go all round. */
function Arc({ reading, gauge, bands, label, scale, ticks, fontSize, circle, subText }: ShapeProps) {
  const sweep = circle ? 1 : 0.66
  const start = circle ? 0 : 0.5 + (1 - sweep) / 2
  const turn = (share: number) => start + share * sweep
  const colour = bands[reading.band] ?? NEUTRAL
  const shareOf = (value: number) =>
    gauge.max > gauge.min ? Math.min(1, Math.max(0, (value - gauge.min) / (gauge.max - gauge.min))) : 0
  // Kibana's size is for a panel of its own; the drawing has 200 units.
  const size = Math.min(34, Math.max(18, (fontSize ?? 60) / 2))
  return (
    <svg
      viewBox={circle ? '-100 -100 200 200' : '-100 -100 200 172'}
      className={styles.arc}
      aria-hidden="true"
    >
      <path d={stroke(turn(0), turn(1), R)} className={styles.track} />
      {reading.share > 0 && (
        <path d={stroke(turn(0), turn(reading.share), R)} className={styles.value} stroke={colour} />
      )}
      {scale &&
        gauge.bands.map((band, at) => (
          <path
            key={band.from}
            d={stroke(turn(shareOf(band.from)), turn(shareOf(band.to)), R + 13)}
            className={styles.band}
            stroke={bands[at]}
          />
        ))}
      {(ticks || (scale && gauge.bands.length === 0)) && !circle && (
        <>
          <text x={-52} y={66} className={styles.tick}>
            {endText(gauge.min, gauge)}
          </text>
          <text x={52} y={66} className={styles.tick}>
            {endText(gauge.max, gauge)}
          </text>
        </>
      )}
      <text y={label === null ? 10 : 4} className={styles.number} fontSize={size}>
        {reading.text}
      </text>
      {label !== null && (
        <text y={26} className={styles.label}>
          {label.length > 26 ? `${label.slice(0, 25)}…` : label}
        </text>
      )}
      {subText !== '' && (
        <text y={42} className={styles.tick}>
          {subText}
        </text>
      )}
    </svg>
  )
}

const endText = (value: number, gauge: Gauge): string =>
  gauge.format.kind === 'percent' ? `${value} %` : formatAxis(value, gauge.format)

function BigNumber({ reading, bands, label, fontSize, coloured, subText }: ShapeProps) {
  return (
    <span className={styles.big}>
      <span
        className={styles.bigValue}
        data-large={(fontSize ?? 60) >= 40}
        style={coloured ? { color: bands[reading.band] } : undefined}
      >
        {reading.text}
      </span>{' '}
      {label !== null && <span className={styles.bigLabel}>{label}</span>}
      {subText !== '' && <span className={styles.bigLabel}>{subText}</span>}
    </span>
  )
}

function stroke(from: number, to: number, radius: number): string {
  const end = Math.min(to, from + 0.9999)
  const at = (turn: number) =>
    `${radius * Math.sin(2 * Math.PI * turn)} ${-radius * Math.cos(2 * Math.PI * turn)}`
  return `M ${at(from)} A ${radius} ${radius} 0 ${end - from > 0.5 ? 1 : 0} 1 ${at(end)}`
}
