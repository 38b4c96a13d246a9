import { Fragment, useState } from 'react'
import { Link } from 'wouter'
import type { LogEvent } from '../lib/events'
import { isFilterValue } from '../lib/filters'
import { formatCount } from '../lib/numbers'
import { documentUrl, storyUrl } from '../lib/pages'
import { valueText } from '../lib/source'
import { inChosenZone } from '../lib/time/format'
import { isStory, storyOf, storyOfEvent } from '../lib/trace/ids'
import { texts } from '../texts/components'
import { CopyButton } from './CopyButton'
import styles from './DocumentView.module.css'
import { Formatted, useFormatted } from './Formatted'
import { Icon, type IconName } from './Icon'
import { JsonView } from './JsonView'

interface Props {
  event: LogEvent
  columns: string[]
  onFilter: (field: string, value: unknown, negated: boolean) => void
  /** Its own page, among the documents around it. */
  href?: string
  onFilterExists?: (field: string) => void
  onToggleColumn?: (field: string) => void
}

/** One document: its fields with what can be done with each, or its JSON as it was sent. */
export function DocumentView(props: Props) {
  const { event } = props
  const [tab, setTab] = useState<'fields' | 'json'>('fields')
  const [wanted, setWanted] = useState('')
  const story = storyOfEvent(event.flat)
  return (
    <section className={styles.document} aria-label={texts.document}>
      <div className={styles.bar}>
        <div role="tablist" aria-label={texts.document} className={styles.tabs}>
          {(['fields', 'json'] as const).map(name => (
            <button
              key={name}
              type="button"
              role="tab"
              className={styles.tab}
              aria-selected={tab === name}
              onClick={() => setTab(name)}
            >
              {name === 'fields' ? texts.fields : 'JSON'}
            </button>
          ))}
        </div>
        {tab === 'fields' && event.flat.size > FEW_FIELDS && <Find wanted={wanted} onWanted={setWanted} />}
        <span className={styles.where}>
          {event.index} <span>/</span> {event.id}
        </span>
        {story && (
          <Link className="button quiet small" href={storyUrl(story.field, story.value)}>
            <Icon name="trace" size={13} />
            {storyOf(story.field)} {story.value.length > 12 ? `${story.value.slice(0, 8)}…` : story.value}
          </Link>
        )}
        <Link className="button quiet small" href={props.href ?? documentUrl(event.index, event.id)}>
          <Icon name="around" size={13} />
          {texts.surrounding}
        </Link>
        <CopyButton label={texts.copyJson} text={() => JSON.stringify(event.source, null, 2)} />
      </div>
      {tab === 'json' ? <JsonView value={event.source} /> : <Fields {...props} wanted={wanted} />}
    </section>
  )
}

/** So many are seen at a glance. */
const FEW_FIELDS = 12

/** Narrows the fields; Escape empties it before it closes the event. */
function Find({ wanted, onWanted }: { wanted: string; onWanted: (wanted: string) => void }) {
  return (
    <input
      type="search"
      className={`input ${styles.find}`}
      aria-label={texts.findInTheFields}
      placeholder={texts.findInTheFields}
      value={wanted}
      spellCheck={false}
      onChange={change => onWanted(change.target.value)}
      onKeyDown={key => {
        if (key.key !== 'Escape' || wanted === '') return
        key.stopPropagation()
        onWanted('')
      }}
    />
  )
}

/** Whether a field has the text in its name or its value. */
function fits(name: string, value: unknown, wanted: string): boolean {
  const text = wanted.trim().toLowerCase()
  return name.toLowerCase().includes(text) || valueText(value).toLowerCase().includes(text)
}

function Fields(props: Props & { wanted: string }) {
  const { event, columns, wanted } = props
  const fields = [...event.flat]
    .filter(([name, value]) => fits(name, value, wanted))
    .sort(([a], [b]) => a.localeCompare(b))
  if (fields.length === 0) return <p className={styles.none}>{texts.noFieldHasThat}</p>
  return (
    <dl className={styles.fields}>
      {fields.map(([name, value]) => (
        <div key={name} className={styles.field}>
          <dt>
            <Name name={name} />
          </dt>
          <dd>
            {isStory(name, value) ? (
              <Link href={storyUrl(name, value)}>{value}</Link>
            ) : (
              <Value field={name} value={value} />
            )}
            <div className={styles.actions}>
              {isFilterValue(value) && (
                <>
                  <Act
                    icon="include"
                    label={texts.onlyEventsWithThis(name)}
                    onPress={() => props.onFilter(name, value, false)}
                  />
                  <Act
                    icon="exclude"
                    label={texts.withoutThis(name)}
                    onPress={() => props.onFilter(name, value, true)}
                  />
                </>
              )}
              {props.onFilterExists && (
                <Act
                  icon="eye"
                  label={texts.onlyEventsThatHave(name)}
                  onPress={() => props.onFilterExists?.(name)}
                />
              )}
              {props.onToggleColumn && (
                <Act
                  icon="column"
                  label={columns.includes(name) ? texts.removeColumn(name) : texts.showAsAColumn(name)}
                  pressed={columns.includes(name)}
                  onPress={() => props.onToggleColumn?.(name)}
                />
              )}
            </div>
          </dd>
        </div>
      ))}
    </dl>
  )
}

/** A name that is broken after its dots, where it must be: its end tells it from its neighbours. */
function Name({ name }: { name: string }) {
  return name.split(/(?<=\.)/).map((part, i) => (
    <Fragment key={i}>
      {i > 0 && <wbr />}
      {part}
    </Fragment>
  ))
}

function Value({ field, value }: { field: string; value: unknown }) {
  const formatted = useFormatted(field, value)
  if (formatted) return <Formatted of={formatted} />
  const here = typeof value === 'string' ? inChosenZone(value) : null
  return (
    <>
      <Text text={valueText(value)} />
      {here !== null && (
        <time className={styles.here} title={texts.inTheChosenZone}>
          {here}
        </time>
      )}
    </>
  )
}

/** What is shown of a value before all of it is asked for. */
const SHOWN_CHARS = 2000
const SHOWN_LINES = 30

/** A value as far as it can be read at a glance, and the way to the rest. */
function Text({ text }: { text: string }) {
  const [whole, setWhole] = useState(false)
  const short = text.slice(0, SHOWN_CHARS).split('\n').slice(0, SHOWN_LINES).join('\n')
  if (short.length === text.length) return <bdi>{text}</bdi>
  return (
    <>
      <bdi>{whole ? text : `${short}…`}</bdi>{' '}
      <button type="button" className={styles.more} aria-expanded={whole} onClick={() => setWhole(!whole)}>
        {whole ? texts.showLess : texts.showAllLetters(formatCount(text.length))}
      </button>
    </>
  )
}

function Act({
  icon,
  label,
  pressed,
  onPress,
}: {
  icon: IconName
  label: string
  pressed?: boolean
  onPress: () => void
}) {
  return (
    <button type="button" aria-label={label} title={label} aria-pressed={pressed} onClick={onPress}>
      <Icon name={icon} size={13} />
    </button>
  )
}
