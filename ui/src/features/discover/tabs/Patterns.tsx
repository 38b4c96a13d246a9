import { useMemo, useState } from 'react'
import { Icon } from '../../../components/Icon'
import { LevelMark } from '../../../components/LevelMark'
import { Sparkline } from '../../../components/Sparkline'
import { formatCount, formatShare } from '../../../lib/numbers'
import { formatAgo, formatFull } from '../../../lib/time/format'
import { texts } from '../../../texts/discover_tabs'
import { Failed } from '../Notices'
import { boolQuery } from '../request'
import type { Discover } from '../useDiscover'
import type { Edits } from '../useEdits'
import { Chooser } from './Chooser'
import {
  decodePatterns,
  type Patterns as Found,
  type Pattern,
  partsOf,
  patternsRequest,
  textFields,
} from './patterns'
import styles from './Tabs.module.css'
import { useTabSearch } from './useTab'

/** What was found, grouped by the templates that the messages were written from. */
export function Patterns({ discover, edits }: { discover: Discover; edits: Edits }) {
  const { subject, range, fields, state, present } = discover
  const candidates = useMemo(() => textFields(fields), [fields])
  const field = state.patternField ?? candidates.find(name => present.has(name)) ?? candidates[0] ?? null
  const [onlyNew, setOnlyNew] = useState(false)
  const request = useMemo(
    () =>
      subject && range && field
        ? patternsRequest(boolQuery(subject.conditions, null), subject.timeField, range, field)
        : null,
    [subject, range, field],
  )
  const found = useTabSearch('patterns', subject, range, request, a =>
    decodePatterns(a.aggregations, field ?? ''),
  )
  if (field === null) return <p className={styles.empty}>{texts.noIndexHereHasAText}</p>
  if (found.isError) return <Failed error={found.error} onRetry={() => found.refetch()} />
  if (!found.data) return <div className={styles.waiting} role="status" aria-label={texts.grouping} />
  return (
    <div className={styles.tab} data-stale={found.isPlaceholderData}>
      <Head
        found={found.data.data}
        field={field}
        candidates={candidates}
        onlyNew={onlyNew}
        onOnlyNew={setOnlyNew}
        onField={patternField => discover.update({ patternField })}
      />
      <div className={`${styles.pattern} ${styles.columns}`} aria-hidden="true">
        <span>{texts.events}</span>
        <span>{texts.share}</span>
        <span>{texts.overTime}</span>
        <span />
        <span>{texts.pattern}</span>
        <span>{texts.firstSeen}</span>
      </div>
      <ol className={styles.patterns} aria-label={texts.patterns}>
        {found.data.data.list
          .filter(p => !onlyNew || isNew(p, found.data.data))
          .map(pattern => (
            <PatternRow
              key={pattern.words}
              pattern={pattern}
              found={found.data.data}
              now={discover.now}
              onFilter={negated => edits.filterWords(field, pattern.words, negated)}
            />
          ))}
        {!onlyNew && found.data.data.rest > 0 && (
          <RestRow
            found={found.data.data}
            field={field}
            onOnly={() => edits.filterWithoutWords(field, found.data?.data.list.map(p => p.words) ?? [])}
          />
        )}
      </ol>
    </div>
  )
}

interface HeadProps {
  found: Found
  field: string
  candidates: string[]
  onlyNew: boolean
  onOnlyNew: (only: boolean) => void
  onField: (field: string) => void
}

function Head({ found, field, candidates, onlyNew, onOnlyNew, onField }: HeadProps) {
  const fresh = found.list.filter(p => isNew(p, found)).length
  return (
    <div className={styles.head}>
      <p role="status">
        <strong>{formatCount(found.list.length)}</strong> {texts.patternsWord(found.list.length)}
        {found.cut && `, ${texts.theMostFrequentOnes}`}
        {fresh > 0 && (
          <button
            type="button"
            className={styles.fresh}
            aria-pressed={onlyNew}
            title={texts.onlyWhatThePeriodBefore}
            onClick={() => onOnlyNew(!onlyNew)}
          >
            {texts.countNew(fresh)}
          </button>
        )}
        {found.before === 0 && <span>{texts.nothingBeforeThisTime}</span>}
      </p>
      <Chooser
        label={texts.of(field)}
        title={texts.groupByTheTextOf}
        values={candidates}
        chosen={field}
        onChoose={onField}
      />
    </div>
  )
}

/** With more patterns than these what is left cannot be asked for in a search that anybody could read. */
const MAX_EXCLUDED = 10

/** What no pattern holds, so that the counts of the rows make the whole. */
function RestRow({ found, field, onOnly }: { found: Found; field: string; onOnly: () => void }) {
  const text = found.cut
    ? texts.eventsOfRarerPatterns(found.rest)
    : texts.eventsWithoutAPattern(found.rest, field)
  return (
    <li className={styles.pattern}>
      <span className={styles.count}>{formatCount(found.rest)}</span>
      <span className={styles.share}>
        <i style={{ width: `${found.total > 0 ? Math.max(1, (100 * found.rest) / found.total) : 1}%` }} />
        <span>{formatShare(found.rest, found.total)}</span>
      </span>
      <span className={styles.rest}>{text}</span>
      <span className={styles.acts}>
        {!found.cut && found.list.length <= MAX_EXCLUDED && (
          <button
            type="button"
            aria-label={texts.onlyEventsWithoutAPattern}
            title={texts.onlyThese}
            onClick={onOnly}
          >
            <Icon name="include" size={13} />
          </button>
        )}
      </span>
    </li>
  )
}

/** Not in the period before, although there was one. */
const isNew = (pattern: Pattern, found: Found) => found.before > 0 && pattern.before === 0

interface RowProps {
  pattern: Pattern
  found: Found
  now: number
  onFilter: (negated: boolean) => void
}

function PatternRow({ pattern, found, now, onFilter }: RowProps) {
  const share = found.total > 0 ? pattern.count / found.total : 0
  const parts = useMemo(() => partsOf(pattern.example, pattern.words), [pattern])
  return (
    <li className={styles.pattern}>
      <span className={styles.count} title={texts.inThePeriodBefore(formatCount(pattern.before))}>
        {formatCount(pattern.count)}
      </span>
      <span className={styles.share}>
        <i style={{ width: `${Math.max(1, 100 * share)}%` }} />
        <span>{formatShare(pattern.count, found.total)}</span>
      </span>
      <Sparkline counts={pattern.counts} label={texts.trendOf(pattern.words)} />
      <LevelMark level={pattern.level} />
      <button type="button" className={styles.text} title={pattern.example} onClick={() => onFilter(false)}>
        {isNew(pattern, found) && <em className={styles.new}>{texts.new}</em>}
        {parts.map(([part, fixed], i) => (
          <span key={`${i} ${part}`} data-fixed={fixed}>
            {part}
          </span>
        ))}
      </button>
      <time title={texts.firstSeenAt(formatFull(pattern.first))}>{formatAgo(pattern.first, now)}</time>
      <span className={styles.acts}>
        <button
          type="button"
          aria-label={texts.only(pattern.words)}
          title={texts.onlyThese}
          onClick={() => onFilter(false)}
        >
          <Icon name="include" size={13} />
        </button>
        <button
          type="button"
          aria-label={texts.without(pattern.words)}
          title={texts.withoutThese}
          onClick={() => onFilter(true)}
        >
          <Icon name="exclude" size={13} />
        </button>
      </span>
    </li>
  )
}
