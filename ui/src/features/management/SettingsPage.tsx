import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { dataViews } from '../../api/saved'
import { changeSettings, settings } from '../../api/settings'
import { rangesWith, readSettings, writeRange } from '../../lib/settings'
import { PageBar } from '../../shell/PageBar'
import { Answered, Outcome } from '../../shell/States'
import { useSpaces } from '../../shell/spaces'
import { forget } from '../../state/forget'
import { applySettings } from '../../state/settings'
import { forgetTheme, hasOwnTheme, useTheme } from '../../state/theme'
import { forgetZone, hasOwnZone, useZone } from '../../state/zone'
import { texts } from '../../texts/management'
import styles from './SettingsPage.module.css'

const PATH = '/management/settings'
const KEY = ['manage', 'config']

/** What holds for everybody who has chosen nothing else in their browser. */
export function SettingsPage() {
  const cache = useQueryClient()
  const found = useQuery({
    queryKey: KEY,
    queryFn: async ({ signal }) => {
      const [config, views] = await Promise.all([settings(signal), dataViews(signal)])
      return { config, views }
    },
  })
  const { data } = found
  const several = (useSpaces().data ?? []).length > 1
  const change = useMutation({
    // One after the other: of two choices the later one stays.
    scope: { id: 'settings' },
    mutationFn: async (changes: Record<string, unknown>) => {
      await changeSettings(changes)
      const config = await settings()
      await cache.cancelQueries({ queryKey: KEY })
      cache.setQueryData(KEY, (before: typeof data) => before && { ...before, config })
      // Another default data view.
      await forget(cache, 'data_views')
      applySettings(config)
    },
  })
  return (
    <div className={styles.page}>
      <PageBar current={PATH} commands={[]} />
      <main className={styles.list} aria-label={texts.advancedSettings}>
        <h1 className="visually-hidden">{texts.advancedSettings}</h1>
        <p className={styles.about}>
          {texts.theseHoldForEverybodyWhat(several ? texts.inThisSpace : texts.atThisServer)}
        </p>
        <Outcome error={change.error} />
        <Answered query={found} title={texts.theSettingsDidNotCome}>
          {data => <List {...data} busy={change.isPending} onChange={changes => change.mutate(changes)} />}
        </Answered>
      </main>
    </div>
  )
}

interface ListProps {
  config: Record<string, unknown>
  views: { id: string; name: string }[]
  busy: boolean
  onChange: (changes: Record<string, unknown>) => void
}

function List({ config, views, busy, onChange }: ListProps) {
  const { zone, theme, range, columns, rows } = readSettings(config)
  const first = typeof config.defaultIndex === 'string' ? config.defaultIndex : ''
  // Another choice of the person's draws these again.
  useTheme()
  useZone()
  const row = (name: string) => ({
    name,
    set: config[name] !== undefined && config[name] !== null && config[name] !== '',
    busy,
    onSet: (value: unknown) => onChange({ [name]: value }),
  })
  return (
    <>
      <Choice
        {...row('dateFormat:tz')}
        label={texts.timeZone}
        about={texts.inWhichTimesAreShown}
        value={zone ?? ''}
        options={[
          ['', texts.theBrowsers],
          ['UTC', 'UTC'],
          ...Intl.supportedValuesOf('timeZone')
            .filter(name => name !== 'UTC')
            .map((name): [string, string] => [name, name.replaceAll('_', ' ')]),
        ]}
        own={hasOwnZone() ? forgetZone : null}
      />
      <Choice
        {...row('theme:darkMode')}
        label={texts.theme}
        about={texts.theColoursOfAllPages}
        value={theme === null ? '' : theme === 'dark' ? 'enabled' : 'disabled'}
        options={[
          ['', texts.asTheSystem],
          ['disabled', 'light'],
          ['enabled', 'dark'],
        ]}
        own={hasOwnTheme() ? forgetTheme : null}
      />
      <Choice
        {...row('defaultIndex')}
        label={texts.dataView}
        about={texts.whatDiscoverOpens}
        value={views.some(v => v.id === first) ? first : ''}
        options={[['', texts.theNewestData], ...views.map((v): [string, string] => [v.id, v.name])]}
      />
      <Choice
        {...row('timepicker:timeDefaults')}
        label={texts.timeRange}
        about={texts.ofDiscoverCharts}
        value={range === null ? '' : writeRange(range)}
        options={[
          ['', texts.theProgramsLast15Minutes],
          ...rangesWith(range).map((r): [string, string] => [writeRange(r), r.label]),
        ]}
      />
      <Typed
        {...row('defaultColumns')}
        key={`columns ${columns}`}
        label={texts.columns}
        about={texts.fieldsThatDiscoverShowsWithCommasBetween}
        hint={texts.chosenFromTheData}
        value={columns?.join(', ') ?? ''}
        read={text =>
          text
            .split(',')
            .map(name => name.trim())
            .filter(name => name !== '')
        }
      />
      <Typed
        {...row('discover:sampleSize')}
        key={`rows ${rows}`}
        label={texts.rows}
        about={texts.howManyDiscoverLoadsAtMost}
        hint="100,000"
        value={rows === null ? '' : String(rows)}
        number
        read={Number}
      />
    </>
  )
}

interface RowProps {
  /** Kibana's name. */
  name: string
  label: string
  about: string
  set: boolean
  busy: boolean
  /** Null is the default. */
  onSet: (value: unknown) => void
  /** Forgets the choice of this browser that goes before the setting; null when there is none. */
  own?: (() => void) | null
}

function Row({ name, label, about, set, busy, onSet, own, children }: RowProps & { children: ReactNode }) {
  return (
    <section className={styles.row} aria-label={label}>
      <div>
        <h2>
          {label} <code>{name}</code>
        </h2>
        <p className={styles.about}>{about}</p>
        {own && (
          <p className={styles.own}>
            {texts.somethingElseIsChosen}{' '}
            <button type="button" className="button small outlined" onClick={own}>
              {texts.useTheSetting}
            </button>
          </p>
        )}
      </div>
      <div className={styles.way}>
        {children}
        <button
          type="button"
          className="button small quiet"
          disabled={!set || busy}
          onClick={() => onSet(null)}
        >
          {texts.resetToDefault}
        </button>
      </div>
    </section>
  )
}

/** One of several; chosen is stored. */
function Choice({ value, options, ...row }: RowProps & { value: string; options: [string, string][] }) {
  return (
    <Row {...row}>
      <select
        className="input"
        aria-label={row.label}
        value={value}
        onChange={event => row.onSet(event.target.value === '' ? null : event.target.value)}
      >
        {options.map(([key, text]) => (
          <option key={key} value={key}>
            {text}
          </option>
        ))}
      </select>
    </Row>
  )
}

interface TypedProps extends RowProps {
  value: string
  /** What holds when nothing is set. */
  hint: string
  number?: boolean
  read: (text: string) => unknown
}

/** Something that is written; Enter stores it. */
function Typed({ value, hint, number = false, read, ...row }: TypedProps) {
  const [text, setText] = useState(value)
  return (
    <Row {...row}>
      <form
        className={styles.way}
        onSubmit={event => {
          event.preventDefault()
          row.onSet(text.trim() === '' ? null : read(text))
        }}
      >
        <input
          className="input"
          aria-label={row.label}
          type={number ? 'number' : 'text'}
          min={number ? 1 : undefined}
          max={number ? 100_000 : undefined}
          placeholder={hint}
          spellCheck={false}
          value={text}
          onChange={event => setText(event.target.value)}
        />
        <button type="submit" className="button small outlined" disabled={text === value || row.busy}>
          {texts.save}
        </button>
      </form>
    </Row>
  )
}
