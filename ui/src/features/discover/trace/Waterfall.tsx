import { useMemo, useState } from 'react'
import { LevelMark } from '../../../components/LevelMark'
import { formatCount, formatShare } from '../../../lib/numbers'
import { formatClockMillis, formatDuration } from '../../../lib/time/format'
import { foldedScale, type Scale, trueScale } from '../../../lib/trace/scale'
import type { Span, Stage, Trace } from '../../../lib/trace/spans'
import { texts } from '../../../texts/discover_trace'
import styles from './Waterfall.module.css'

interface Props {
  trace: Trace
  selected: string | null
  onSelect: (key: string) => void
}

/** The colour of a service in the order of the time it took. */
const colourOf = (trace: Trace, service: string) =>
  `var(--series-${(trace.services.findIndex(s => s.name === service) % 10) + 1})`

const percent = (part: number) => `${(100 * part).toFixed(3)}%`

/** Every event of a story as a bar over time, under the one that it lies inside. */
export function Waterfall({ trace, selected, onSelect }: Props) {
  const [folding, setFolding] = useState(true)
  const folded = useMemo(() => foldedScale(trace), [trace])
  const scale = useMemo(() => (folding ? folded : trueScale(trace)), [folding, folded, trace])
  return (
    <section className={styles.waterfall} aria-label={texts.timeline}>
      <Services trace={trace} />
      <div className={styles.chart}>
        <Axis trace={trace} scale={scale} />
        <ol className={styles.spans}>
          {trace.spans.map(span => (
            <SpanRow
              key={span.event.key}
              span={span}
              trace={trace}
              scale={scale}
              selected={span.event.key === selected}
              onSelect={onSelect}
            />
          ))}
        </ol>
        <Gaps trace={trace} scale={scale} />
      </div>
      <p className={styles.remark}>
        {texts.aBarEndsWhen}
        {folded.folded.length > 0 && (
          <button type="button" aria-pressed={!folding} onClick={() => setFolding(!folding)}>
            {folding ? texts.drawIdleTimeTrue : texts.foldIdleTime}
          </button>
        )}
      </p>
    </section>
  )
}

function Services({ trace }: { trace: Trace }) {
  const own = trace.services.reduce((sum, s) => sum + s.own, 0)
  return (
    <ul className={styles.services} aria-label={texts.timeInEachService}>
      {trace.services.map(service => (
        <li key={service.name}>
          <i style={{ background: colourOf(trace, service.name) }} />
          <strong>{service.name}</strong>
          <span>
            {service.own > 0
              ? `${formatDuration(service.own)} · ${formatShare(service.own, own)}`
              : formatCount(service.spans)}
          </span>
          {service.errors > 0 && <em>{texts.failed(service.errors)}</em>}
        </li>
      ))}
    </ul>
  )
}

const TICKS = 6

function Axis({ trace, scale }: { trace: Trace; scale: Scale }) {
  // Round moments would crowd where time is folded; equal distances with the time at each do not.
  const ticks = Array.from({ length: TICKS }, (_, i) => i / (TICKS - 1))
  const at = (x: number) => momentAt(trace, scale, x)
  return (
    <div className={styles.axis} aria-hidden="true">
      {ticks.map(x => (
        <span
          key={x}
          style={{ left: percent(x) }}
          data-edge={x === 0 ? 'first' : x === 1 ? 'last' : undefined}
        >
          {formatDuration(at(x) - trace.from)}
        </span>
      ))}
    </div>
  )
}

/** The moment at a place, found by halving. */
function momentAt(trace: Trace, scale: Scale, x: number): number {
  let [low, high] = [trace.from, trace.to]
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2
    if (scale.place(middle) < x) low = middle
    else high = middle
  }
  return high
}

function Gaps({ trace, scale }: { trace: Trace; scale: Scale }) {
  return (
    <div className={styles.gaps}>
      {trace.gaps.map(gap => {
        const [left, right] = [scale.place(gap.from), scale.place(gap.to)]
        const text = texts.withoutAnEvent(formatDuration(gap.to - gap.from))
        return (
          <div
            key={gap.from}
            className={styles.gap}
            data-folded={scale.folded.includes(gap)}
            title={text}
            style={{ left: percent(left), width: percent(right - left) }}
          >
            <span>{right - left > 0.05 ? formatDuration(gap.to - gap.from) : ''}</span>
          </div>
        )
      })}
    </div>
  )
}

interface SpanProps {
  span: Span
  trace: Trace
  scale: Scale
  selected: boolean
  onSelect: (key: string) => void
}

/** Deeper spans stand no further to the right: their names must keep some room. */
const MAX_INDENT = 8

function SpanRow({ span, trace, scale, selected, onSelect }: SpanProps) {
  const { event } = span
  const [left, right] = [scale.place(span.start), scale.place(span.end)]
  const took = span.length === null ? '' : formatDuration(span.length)
  return (
    <li>
      <button
        type="button"
        className={styles.row}
        aria-pressed={selected}
        data-error={span.error}
        title={`${formatClockMillis(span.start)} ${span.service}: ${event.summary.error ?? event.summary.text}`}
        onClick={() => onSelect(event.key)}
      >
        <span className={styles.label} style={{ paddingLeft: 10 + 14 * Math.min(span.depth, MAX_INDENT) }}>
          <i style={{ background: colourOf(trace, span.service) }} />
          <span className={styles.service}>{span.service}</span>
          <span className={styles.name}>{span.name}</span>
          {(event.level === 'warn' || span.error) && <LevelMark level={event.level ?? 'error'} />}
        </span>
        <span className={styles.track}>
          {span.length === null ? (
            <i
              className={styles.point}
              data-level={event.level ?? undefined}
              style={{ left: percent(left) }}
            />
          ) : (
            <span
              className={styles.bar}
              style={{
                left: percent(left),
                width: percent(right - left),
                ...(!span.error && { background: colourOf(trace, span.service) }),
              }}
            />
          )}
          {span.firstToken !== null && (
            <i
              className={styles.first}
              title={texts.firstToken}
              style={{ left: percent(scale.place(span.firstToken)) }}
            />
          )}
          <Took left={left} right={right}>
            {took}
          </Took>
        </span>
      </button>
      {span.stages.length > 0 && (
        <ol className={styles.stages} aria-label={texts.stagesOf(span.name)}>
          {span.stages.map(stage => (
            <StageRow key={`${stage.name} ${stage.start}`} stage={stage} span={span} scale={scale} />
          ))}
        </ol>
      )}
    </li>
  )
}

/** Shares of the track that a duration takes at most. */
const ROOM = 0.15

/** How long a bar is in words: behind it, or before it, or, where neither has room, on it. */
function Took({ left, right, children }: { left: number; right: number; children: string }) {
  const place =
    right <= 1 - ROOM
      ? { left: percent(right) }
      : left >= ROOM
        ? { right: percent(1 - left) }
        : { right: percent(1 - right) }
  return (
    <span className={styles.took} data-inside={right > 1 - ROOM && left < ROOM} style={place}>
      {children}
    </span>
  )
}

function StageRow({ stage, span, scale }: { stage: Stage; span: Span; scale: Scale }) {
  const [left, right] = [scale.place(stage.start), scale.place(stage.start + stage.length)]
  return (
    <li className={styles.row} data-stage="true">
      <span className={styles.label} style={{ paddingLeft: 34 + 14 * Math.min(span.depth, MAX_INDENT) }}>
        <span className={styles.name}>{stage.name}</span>
        <span className={styles.share}>{span.length ? formatShare(stage.length, span.length) : ''}</span>
      </span>
      <span className={styles.track}>
        <span
          className={styles.bar}
          data-placed={stage.placed}
          style={{ left: percent(left), width: percent(right - left) }}
        />
        <Took left={left} right={right}>
          {formatDuration(stage.length)}
        </Took>
      </span>
    </li>
  )
}
