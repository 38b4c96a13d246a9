import { useEffect, useMemo } from 'react'
import { Icon } from '../../../components/Icon'
import type { Field } from '../../../lib/fields'
import { changeText, formatCount, formatMeasure } from '../../../lib/numbers'
import { formatDuration, formatMoment } from '../../../lib/time/format'
import { texts } from '../../../texts/discover_tabs'
import { Failed } from '../Notices'
import { useTopValues } from '../queries'
import { boolQuery, timeClause } from '../request'
import type { Discover } from '../useDiscover'
import type { Edits } from '../useEdits'
import { Chooser } from './Chooser'
import {
  type Change,
  type Comparison,
  compareRequest,
  decodeComparison,
  dimensionsOf,
  type Group,
  latencyOf,
  periodSides,
  type Row,
  type Side,
  valueSides,
} from './compare'
import { textFields } from './patterns'
import styles from './Tabs.module.css'
import { useTabSearch } from './useTab'

const PERIOD = texts.thePeriodBefore
const CHANGES: Record<Change, string> = {
  new: texts.new,
  grew: texts.grew,
  shrank: texts.shrank,
  vanished: texts.vanished,
}
/** Fields that tell one deployment, variant or place from another, which is what people compare. */
const APART = /version|variant|environment|region|model|host|release|build|zone|tenant|plan/

/** This search against its period before, or one value of a field against another: what is new, grew, shrank, vanished. */
export function Compare({ discover, edits }: { discover: Discover; edits: Edits }) {
  const { subject, range, fields, present, state, update } = discover
  const against = state.against
  const apart = fields.find(f => f.name === against?.[0] && f.aggregateOn !== null) ?? null
  const dimensions = useMemo(
    () => dimensionsOf(fields, present, apart?.name ?? null),
    [fields, present, apart],
  )
  const message = useMemo(() => textFields(fields).find(name => present.has(name)) ?? null, [fields, present])
  const latency = useMemo(() => latencyOf(fields, present), [fields, present])
  const request = useMemo(() => {
    if (!subject || !range || dimensions.length === 0 || against?.length === 1) return null
    const time = timeClause(subject.timeField, { gte: range.from, lte: range.to })
    const sides =
      apart?.aggregateOn && against
        ? valueSides(apart.aggregateOn, against[1] ?? '', against[2] ?? '', time)
        : periodSides(subject.timeField, range)
    return compareRequest(boolQuery(subject.conditions, null), sides, dimensions, message, latency)
  }, [subject, range, dimensions, message, latency, apart, against])
  const found = useTabSearch('compare', subject, range, request, a =>
    decodeComparison(a.aggregations, dimensions, apart !== null),
  )
  const names: [string, string] =
    apart && against
      ? [against[1] ?? '', against[2] ?? '']
      : [texts.before, range ? texts.on(formatMoment(range.from, range)) : texts.now]
  const candidates = fields.filter(
    f => f.aggregateOn !== null && f.kind === 'keyword' && present.has(f.name) && APART.test(f.name),
  )
  return (
    <div className={styles.tab} data-stale={found.isPlaceholderData}>
      <div className={styles.head}>
        <p>{texts.thisSearchAgainst}</p>
        <Chooser
          label={apart === null ? PERIOD : texts.another(apart.name)}
          title={texts.compareWith}
          align="start"
          values={[PERIOD, ...candidates.map(f => f.name)]}
          chosen={apart?.name ?? PERIOD}
          onChoose={name => update({ against: name === PERIOD ? null : [name] })}
        />
        {apart && against && <Values discover={discover} field={apart} against={against} />}
        {apart === null && range && (
          <p className={styles.quiet}>{texts.lengthBeforeIt(formatDuration(range.to - range.from))}</p>
        )}
      </div>
      {found.isError ? (
        <Failed error={found.error} onRetry={() => found.refetch()} />
      ) : found.data ? (
        <Result
          comparison={found.data.data}
          names={names}
          message={message}
          latency={latency}
          edits={edits}
        />
      ) : (
        <div className={styles.waiting} role="status" aria-label={texts.comparing} />
      )}
    </div>
  )
}

/** Which two values of the field; the most frequent ones until somebody chooses. */
function Values({ discover, field, against }: { discover: Discover; field: Field; against: string[] }) {
  const values = useTopValues(discover.subject, discover.range, field, 50)
  const listed = (values.data?.values ?? []).map(v => v.text)
  const [name = '', before = '', now = ''] = against
  const settled = values.isSuccess && !values.isPlaceholderData
  const [first = '', second = ''] = listed.slice(0, 2).sort()
  const { update } = discover
  const unchosen = settled && second !== '' && (before === '' || now === '')
  useEffect(() => {
    if (unchosen) update({ against: [name, first, second] })
  }, [unchosen, update, name, first, second])
  if (settled && second === '') return <p className={styles.quiet}>{texts.thereIsOnlyOneValue}</p>
  const choose = (at: 1 | 2) => (value: string) =>
    discover.update({ against: [name, before, now].with(at, value) })
  return (
    <>
      <Chooser
        label={before || '…'}
        title={texts.theFormer}
        align="start"
        values={listed}
        chosen={before}
        onChoose={choose(1)}
      />
      <Icon name="right" size={12} />
      <Chooser
        label={now || '…'}
        title={texts.thePresent}
        align="start"
        values={listed}
        chosen={now}
        onChoose={choose(2)}
      />
    </>
  )
}

interface ResultProps {
  comparison: Comparison
  names: [string, string]
  message: string | null
  latency: string | null
  edits: Edits
}

function Result({ comparison, names, message, latency, edits }: ResultProps) {
  const { now, before, groups } = comparison
  return (
    <>
      <Figures before={before} now={now} names={names} latency={latency} />
      {groups.map(group => (
        <GroupRows
          key={group.field ?? ''}
          group={group}
          onAlso={edits.filter}
          onFilter={(row, negated) =>
            group.field === null
              ? message !== null && edits.filterWords(message, row.text, negated)
              : edits.filter(group.field, row.key, negated)
          }
        />
      ))}
      {groups.length === 0 && (
        <p className={styles.empty} role="status">
          {before.count === 0 || now.count === 0 ? texts.oneOfTheTwoHoldsNoEvents : texts.nothingDiffers}
        </p>
      )}
    </>
  )
}

function Figures({
  before,
  now,
  names,
  latency,
}: {
  before: Side
  now: Side
  names: [string, string]
  latency: string | null
}) {
  const share = (side: Side) =>
    side.errors === null || side.count === 0 ? null : Math.round((10_000 * side.errors) / side.count) / 100
  const rows: [string, number | null, number | null, string][] = [
    [texts.eventsWord, before.count, now.count, ''],
    [texts.errors, share(before), share(now), ' %'],
    ...(latency === null
      ? []
      : ([
          [`${latency} p50`, before.p50, now.p50, ''],
          [`${latency} p95`, before.p95, now.p95, ''],
        ] as [string, number | null, number | null, string][])),
  ]
  return (
    <dl className={styles.figures} aria-label={texts.against(names[0], names[1])}>
      {rows.map(([name, a, b, unit]) =>
        a === null || b === null ? null : (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              {formatMeasure(a)}
              {unit} <span aria-hidden="true">→</span> <strong>{`${formatMeasure(b)}${unit}`}</strong>
              <em>{a > 0 ? changeText(a, b) : ''}</em>
            </dd>
          </div>
        ),
      )}
    </dl>
  )
}

interface GroupProps {
  group: Group
  onFilter: (row: Row, negated: boolean) => void
  onAlso: (field: string, value: unknown, negated: boolean) => void
}

function GroupRows({ group, onFilter, onAlso }: GroupProps) {
  const widest = Math.max(1, ...group.rows.map(r => Math.max(r.now, r.before)))
  return (
    <section className={styles.group} aria-label={group.field ?? texts.messages}>
      <h2>{group.field ?? texts.messages}</h2>
      <ol>
        {group.rows.map(row => (
          <li key={row.text} className={styles.change} data-change={row.change}>
            <em>{CHANGES[row.change]}</em>
            <span className={styles.says}>
              <button
                type="button"
                className={styles.text}
                title={texts.onlyTheseWithShiftWithout}
                onClick={event => onFilter(row, event.shiftKey)}
              >
                {row.text === '' ? texts.empty : row.text}
              </button>
              {row.also.length > 0 && (
                <span className={styles.also}>
                  {texts.sameCounts}
                  {row.also.map(one => (
                    <button
                      key={one.field}
                      type="button"
                      title={texts.onlyWithShiftWithout(one.field, one.text)}
                      onClick={event => onAlso(one.field, one.key, event.shiftKey)}
                    >
                      {one.field}: {one.text === '' ? texts.empty : one.text}
                    </button>
                  ))}
                </span>
              )}
            </span>
            <span className={styles.pair} aria-hidden="true">
              <i style={{ width: `${(100 * row.before) / widest}%` }} />
              <i style={{ width: `${(100 * row.now) / widest}%` }} />
            </span>
            <span className={styles.count}>
              {formatCount(row.before)} → {formatCount(row.now)}
            </span>
            <span className={styles.factor}>
              {row.before > 0 && row.now > 0 ? changeText(row.before, row.now) : ''}
            </span>
          </li>
        ))}
      </ol>
    </section>
  )
}
