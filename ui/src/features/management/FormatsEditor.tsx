import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useId, useState } from 'react'
import { Icon } from '../../components/Icon'
import { type FieldFormat, FORMAT_NAMES } from '../../lib/fieldformats'
import type { Field } from '../../lib/fields'
import { Outcome } from '../../shell/States'
import { texts } from '../../texts/management'
import { formatsOf, runtimeFieldsOf, storeFormats, useViewDeed } from './dataviews'
import styles from './FormatsEditor.module.css'

/** What a format needs to be told, if anything. */
const PARAMETERS: Record<
  string,
  { name: string; label: string; standard: string; choices?: readonly string[] }
> = {
  number: { name: 'pattern', label: texts.pattern, standard: '0,0.[000]' },
  percent: { name: 'pattern', label: texts.pattern, standard: '0,0.[0]%' },
  duration: {
    name: 'inputFormat',
    label: texts.heldIn,
    standard: 'milliseconds',
    choices: ['nanoseconds', 'microseconds', 'milliseconds', 'seconds', 'minutes', 'hours', 'days'],
  },
  url: { name: 'urlTemplate', label: texts.address, standard: 'https://example.org/{{value}}' },
  string: {
    name: 'transform',
    label: texts.written,
    standard: 'lower',
    choices: ['lower', 'upper', 'title', 'short'],
  },
  truncate: { name: 'fieldLength', label: texts.letters, standard: '80' },
  color: { name: 'rule', label: texts.where, standard: '' },
}
const CHOICES: Record<string, string> = {
  nanoseconds: texts.nanoseconds,
  microseconds: texts.microseconds,
  milliseconds: texts.milliseconds,
  seconds: texts.seconds,
  minutes: texts.minutes,
  hours: texts.hours,
  days: texts.days,
  lower: texts.lowerCase,
  upper: texts.upperCase,
  title: texts.titleCase,
  short: texts.shortForm,
}
/** Made here; names of values are obeyed when a data view brings them. */
const OFFERED = ['bytes', 'number', 'percent', 'duration', 'url', 'color', 'string', 'truncate']

/** How the values of fields are written wherever the data view is used. */
export function FormatsEditor({ view, fields }: { view: string; fields: readonly Field[] }) {
  const kept = useQuery({
    queryKey: ['manage', 'formats', view],
    queryFn: ({ signal }) => formatsOf(view, signal),
  })
  const runtime = useQuery({
    queryKey: ['manage', 'runtime fields', view],
    queryFn: ({ signal }) => runtimeFieldsOf(view, signal),
  })
  const store = useViewDeed((change: (all: Map<string, FieldFormat>) => void) => storeFormats(view, change))
  const made = Object.keys(runtime.data?.fields ?? {})
  const leftOut = runtime.data?.leftOut ?? []
  if (!kept.data) return kept.error ? <p role="alert">{kept.error.message}</p> : null
  return (
    <section className={styles.formats} aria-label={texts.formats}>
      <h3>{texts.formats}</h3>
      <ul>
        {[...kept.data].map(([field, { id, params }]) => (
          <li key={field}>
            <span className={styles.field}>{field}</span>
            <span>
              {FORMAT_NAMES[id] ?? texts.notKnownHereShown(id)}
              {PARAMETERS[id] && params[PARAMETERS[id].name] !== undefined && (
                <code> {String(params[PARAMETERS[id].name])}</code>
              )}
            </span>
            <button
              type="button"
              className="button quiet small icon"
              aria-label={texts.removeTheFormatOf(field)}
              disabled={store.isPending}
              onClick={() => store.mutate(all => void all.delete(field))}
            >
              <Icon name="close" size={13} />
            </button>
          </li>
        ))}
      </ul>
      <Add
        fields={fields}
        busy={store.isPending}
        onAdd={(field, format) => store.mutate(all => void all.set(field, format))}
      />
      <Outcome error={store.error} done={store.isSuccess ? texts.saved : null} />
      {made.length > 0 && (
        <p className={styles.unsent} role="note">
          {texts.madeWithEachSearch(made.join(', '))}
        </p>
      )}
      {leftOut.length > 0 && (
        <p className={styles.unsent} role="note">
          {texts.notMadeHere(leftOut.join(', '))}
        </p>
      )}
    </section>
  )
}

interface AddProps {
  fields: readonly Field[]
  busy: boolean
  onAdd: (field: string, format: FieldFormat) => void
}

function Add({ fields, busy, onAdd }: AddProps) {
  const [field, setField] = useState('')
  const [id, setId] = useState('bytes')
  const [value, setValue] = useState('')
  const [ground, setGround] = useState('')
  const parameterId = useId()
  const parameter = PARAMETERS[id]
  const chosen = fields.find(f => f.name === field)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!chosen) return
    onAdd(field, { id, params: paramsOf(id, value || (parameter?.standard ?? ''), ground, chosen) })
    setField('')
  }
  return (
    <form className={styles.add} onSubmit={submit}>
      <label>
        <span>{texts.field}</span>
        <select className="input" value={field} onChange={e => setField(e.target.value)}>
          <option value="">{texts.chooseOne}</option>
          {fields.map(f => (
            <option key={f.name} value={f.name}>
              {f.name}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span>{texts.as}</span>
        <select
          className="input"
          value={id}
          onChange={e => {
            setId(e.target.value)
            setValue('')
          }}
        >
          {OFFERED.map(one => (
            <option key={one} value={one}>
              {FORMAT_NAMES[one]}
            </option>
          ))}
        </select>
      </label>
      {parameter && (
        <label htmlFor={parameterId}>
          <span>{parameter.label}</span>
          {parameter.choices ? (
            <select
              id={parameterId}
              className="input"
              value={value || parameter.standard}
              onChange={e => setValue(e.target.value)}
            >
              {parameter.choices.map(choice => (
                <option key={choice} value={choice}>
                  {CHOICES[choice] ?? choice}
                </option>
              ))}
            </select>
          ) : (
            <input
              id={parameterId}
              className="input"
              value={value}
              placeholder={id === 'color' ? texts.infinity500OrAnExpression : parameter.standard}
              required={id === 'color'}
              spellCheck={false}
              onChange={e => setValue(e.target.value)}
            />
          )}
        </label>
      )}
      {id === 'color' && (
        <label>
          <span>{texts.colour}</span>
          <input
            className="input"
            value={ground}
            required
            pattern="#[0-9a-fA-F]{6}"
            placeholder={texts.hexadecimalSixDigitsAfter}
            spellCheck={false}
            onChange={e => setGround(e.target.value)}
          />
        </label>
      )}
      <button type="submit" className="button small outlined" disabled={busy || !chosen}>
        {texts.setTheFormat}
      </button>
    </form>
  )
}

/** As Kibana keeps them. */
function paramsOf(id: string, value: string, ground: string, field: Field): Record<string, unknown> {
  if (id === 'truncate') return { fieldLength: Number(value) }
  if (id !== 'color') return PARAMETERS[id] ? { [PARAMETERS[id].name]: value } : {}
  const rule = field.kind === 'number' ? { range: value } : { regex: value }
  return {
    fieldType: field.kind === 'number' ? 'number' : 'string',
    colors: [{ ...rule, text: isBright(ground) ? BLACK : WHITE, background: ground }],
  }
}

const BLACK = '#000000'
const WHITE = '#ffffff'

/** Whether dark text is read better on a colour. */
function isBright(colour: string): boolean {
  const [red = 0, green = 0, blue = 0] = (colour.match(/[\da-f]{2}/gi) ?? []).map(part =>
    Number.parseInt(part, 16),
  )
  return 0.299 * red + 0.587 * green + 0.114 * blue > 140
}
