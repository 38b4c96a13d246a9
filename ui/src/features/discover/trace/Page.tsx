import { useMemo, useState } from 'react'
import { CopyButton } from '../../../components/CopyButton'
import { DocumentView } from '../../../components/DocumentView'
import { EventTable } from '../../../components/EventTable'
import { Icon } from '../../../components/Icon'
import type { LogEvent } from '../../../lib/events'
import { chooseColumns } from '../../../lib/fields'
import { formatFilter, is, isFilterValue } from '../../../lib/filters'
import { formatCount } from '../../../lib/numbers'
import { countPresent } from '../../../lib/source'
import { BASE } from '../../../lib/space'
import { formatDate, formatDuration, formatFull } from '../../../lib/time/format'
import { absoluteRange } from '../../../lib/time/range'
import { MINUTE } from '../../../lib/time/units'
import { conversationOf } from '../../../lib/trace/conversation'
import { storyOf } from '../../../lib/trace/ids'
import { traceOf } from '../../../lib/trace/spans'
import { navigate, useSearch } from '../../../state/navigate'
import { texts } from '../../../texts/discover_trace'
import { SubBar } from '../SubBar'
import { Conversation } from './Conversation'
import styles from './Page.module.css'
import { MAX_EVENTS, type Story, useStory } from './queries'
import { formatTraceUrl, parseTraceUrl, type TraceState } from './url'
import { Waterfall } from './Waterfall'

/** The story of one id: what each service did and when, or what was said, with the documents below. */
export function Page() {
  const search = useSearch()
  const state = useMemo(() => parseTraceUrl(search), [search])
  const story = useStory(state.field, state.value, state.index)
  return (
    <div className={styles.page}>
      <SubBar title={titleOf(state.field)}>
        <IdInput key={state.value} state={state} />
      </SubBar>
      {story.data ? (
        <Told state={state} story={story.data} />
      ) : story.isError ? (
        <main>
          <div className={styles.notice} role="alert">
            <h2>{texts.theSearchFailed}</h2>
            <p>{story.error.message}</p>
            <button type="button" className="button primary" onClick={() => story.refetch()}>
              {texts.tryAgain}
            </button>
          </div>
        </main>
      ) : (
        <main>
          <div className={styles.notice} role="status">
            {state.field === '' || state.value === '' ? texts.chooseAnId : ''}
          </div>
        </main>
      )}
    </div>
  )
}

function titleOf(field: string): string {
  const kind = storyOf(field)
  return kind === null ? field : `${kind[0]?.toUpperCase()}${kind.slice(1)}`
}

/** The id, and room for another one. */
function IdInput({ state }: { state: TraceState }) {
  const [text, setText] = useState(state.value)
  return (
    <input
      className={`input ${styles.id}`}
      value={text}
      aria-label={state.field || texts.id}
      spellCheck={false}
      onChange={event => setText(event.target.value)}
      onKeyDown={event => {
        if (event.key === 'Enter' && text.trim() !== '')
          navigate(formatTraceUrl({ ...state, value: text.trim() }))
      }}
    />
  )
}

/** Where Discover shows the same events. */
function discoverUrl(
  state: TraceState,
  events: readonly LogEvent[],
  filter = is(state.field, state.value),
): string {
  const params = new URLSearchParams({ index: state.index, f: formatFilter(filter) })
  const [first, last] = [events[0], events.at(-1)]
  if (first && last) {
    const { from, to } = absoluteRange(first.at - MINUTE, last.at + MINUTE)
    params.set('from', from)
    params.set('to', to)
  }
  return `/discover?${params}`
}

function Told({ state, story }: { state: TraceState; story: Story }) {
  const { events } = story
  const trace = useMemo(() => traceOf(events), [events])
  const talk = useMemo(() => conversationOf(events), [events])
  const [selected, setSelected] = useState<string | null>(null)
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set())
  const toggle = (key: string) =>
    setOpened(before => {
      const next = new Set(before)
      if (!next.delete(key)) next.add(key)
      return next
    })
  const columns = useMemo(() => chooseColumns(countPresent(events.map(e => e.flat))), [events])
  const kind = storyOf(state.field) ?? state.field
  const [first, last] = [events[0], events.at(-1)]
  if (!first || !last) {
    return (
      <main>
        <div className={styles.notice} role="status">
          <h2>{texts.noEventHasThis(kind)}</h2>
          <p>
            {texts.fieldsHoldNo(
              story.fields.join(', '),
              state.index === '*' ? texts.allIndices : state.index,
              state.value,
            )}
          </p>
        </div>
      </main>
    )
  }
  const view = talk === null ? 'time' : state.view
  const errors = trace.spans.filter(s => s.error).length
  const filter = (field: string, value: unknown, negated: boolean) => {
    if (isFilterValue(value)) navigate(discoverUrl(state, events, is(field, value, negated)))
  }
  return (
    <main className={styles.main} aria-label={texts.story}>
      <div className={styles.head}>
        <p className={styles.facts}>
          <strong>{formatDuration(trace.to - trace.from)}</strong>
          <span>{texts.events(formatCount(story.total), story.total)}</span>
          <span>{texts.services(trace.services.length)}</span>
          {errors > 0 && <span className={styles.errors}>{texts.errors(errors)}</span>}
          <span>{formatFull(trace.from)}</span>
          {story.total > MAX_EVENTS && (
            <span className={styles.partial}>{texts.onlyTheFirstAreShown(formatCount(MAX_EVENTS))}</span>
          )}
          {story.missing.length > 0 && (
            <span className={styles.partial}>{texts.partial(story.missing.join('; '))}</span>
          )}
        </p>
        {talk !== null && (
          <div role="tablist" aria-label={texts.view} className={styles.tabs}>
            {(['time', 'talk'] as const).map(one => (
              <button
                key={one}
                type="button"
                role="tab"
                aria-selected={view === one}
                onClick={() => navigate(formatTraceUrl({ ...state, view: one }))}
              >
                {one === 'time' ? texts.timeline : texts.conversation}
              </button>
            ))}
          </div>
        )}
        <a className="button quiet small" href={BASE + discoverUrl(state, events)}>
          <Icon name="search" size={13} />
          {texts.inDiscover}
        </a>
        <CopyButton label={texts.link} text={() => location.href} />
        <CopyButton
          label="JSON"
          text={() =>
            JSON.stringify(
              events.map(e => e.source),
              null,
              2,
            )
          }
        />
        <CopyButton label="cURL" text={() => curlOf(state, story)} />
      </div>
      {view === 'talk' && talk !== null ? (
        <Conversation
          talk={talk}
          start={trace.from}
          onOpen={event => navigate(discoverUrl(state, [event]))}
        />
      ) : (
        <>
          <Waterfall
            trace={trace}
            selected={selected}
            onSelect={key => {
              setSelected(key)
              setOpened(new Set([key]))
            }}
          />
          <h2 className={styles.heading}>{texts.documents}</h2>
          <EventTable
            events={events}
            columns={columns}
            withDate={formatDate(first.at) !== formatDate(last.at)}
            selected={selected}
            opened={opened}
            wrap={false}
            stale={false}
            listId={state.value}
            footer={<p className={styles.footer}>{texts.thatIsAllOldestFirst}</p>}
            onSelect={setSelected}
            onToggle={toggle}
            onFilter={filter}
            renderDocument={event => <DocumentView event={event} columns={columns} onFilter={filter} />}
          />
        </>
      )}
    </main>
  )
}

/** The search, to be sent from a shell. */
function curlOf(state: TraceState, story: Story): string {
  const path = state.index.split(',').map(encodeURIComponent).join(',').replaceAll('%2A', '*')
  const body = JSON.stringify(story.request).replaceAll("'", `'\\''`)
  return `curl -s '${location.origin}/es/${path}/_search' -H 'Content-Type: application/json' -d '${body}'`
}
