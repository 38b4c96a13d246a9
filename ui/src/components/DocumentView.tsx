import { useState } from 'react'
import type { LogEvent } from '../lib/events'
import { isFilterValue } from '../lib/filters'
import { valueText } from '../lib/source'
import { CopyButton } from './CopyButton'
import styles from './DocumentView.module.css'
import { Icon, type IconName } from './Icon'
import { JsonView } from './JsonView'

interface Props {
  event: LogEvent
  columns: string[]
  onFilter: (field: string, value: unknown, negated: boolean) => void
  onFilterExists: (field: string) => void
  onToggleColumn: (field: string) => void
  onAround: (event: LogEvent) => void
  /** Everything with the same value, over all times near it, such as one trace. */
  onFollow: (field: string, value: string, event: LogEvent) => void
}

/** Ids that tie the events of one story together, best first. */
const STORY_FIELDS = [
  'trace_id',
  'trace.id',
  'request_id',
  'correlation_id',
  'conversation_id',
  'session_id',
  'span_id',
]

/** One document: its fields with what can be done with each, or its JSON as it was sent. */
export function DocumentView(props: Props) {
  const { event } = props
  const [tab, setTab] = useState<'fields' | 'json'>('fields')
  const story = STORY_FIELDS.map(name => [name, event.flat.get(name)] as const).find(
    ([, v]) => typeof v === 'string' && v !== '',
  )
  return (
    <section className={styles.document} aria-label="Document">
      <div className={styles.bar}>
        <div role="tablist" aria-label="Document" className={styles.tabs}>
          {(['fields', 'json'] as const).map(name => (
            <button
              key={name}
              type="button"
              role="tab"
              className={styles.tab}
              aria-selected={tab === name}
              onClick={() => setTab(name)}
            >
              {name === 'fields' ? 'Fields' : 'JSON'}
            </button>
          ))}
        </div>
        <span className={styles.where}>
          {event.index} <span>/</span> {event.id}
        </span>
        {story && (
          <button
            type="button"
            className="button quiet small"
            onClick={() => props.onFollow(story[0], story[1] as string, event)}
          >
            <Icon name="swap" size={13} />
            all of this {story[0].replace(/[._]id$/, '')}
          </button>
        )}
        <button type="button" className="button quiet small" onClick={() => props.onAround(event)}>
          <Icon name="around" size={13} />
          around it
        </button>
        <CopyButton label="Copy JSON" text={() => JSON.stringify(event.source, null, 2)} />
      </div>
      {tab === 'json' ? <JsonView value={event.source} /> : <Fields {...props} />}
    </section>
  )
}

function Fields(props: Props) {
  const { event, columns } = props
  const fields = [...event.flat].sort(([a], [b]) => a.localeCompare(b))
  return (
    <dl className={styles.fields}>
      {fields.map(([name, value]) => (
        <div key={name} className={styles.field}>
          <dt>{name}</dt>
          <dd>
            {valueText(value)}
            <div className={styles.actions}>
              {isFilterValue(value) && (
                <>
                  <Act
                    icon="include"
                    label={`Only events with this ${name}`}
                    onPress={() => props.onFilter(name, value, false)}
                  />
                  <Act
                    icon="exclude"
                    label={`Without this ${name}`}
                    onPress={() => props.onFilter(name, value, true)}
                  />
                </>
              )}
              <Act
                icon="eye"
                label={`Only events that have ${name}`}
                onPress={() => props.onFilterExists(name)}
              />
              <Act
                icon="column"
                label={columns.includes(name) ? `Remove column ${name}` : `Show ${name} as a column`}
                pressed={columns.includes(name)}
                onPress={() => props.onToggleColumn(name)}
              />
            </div>
          </dd>
        </div>
      ))}
    </dl>
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
