import { useState } from 'react'
import { Icon } from '../../components/Icon'
import { Popover } from '../../components/Popover'
import { type Control, type ControlChoice, emptyChoice, isEmptyChoice } from '../../lib/dashboard/model'
import { controlFilter } from '../../lib/dashboard/narrow'
import { type Views, viewOf } from '../../lib/dashboard/views'
import { formatCount, formatMeasure } from '../../lib/numbers'
import { texts } from '../../texts/dashboards'
import styles from './ControlBar.module.css'
import { type Narrowing, useControlValues } from './queries'
import type { DashboardPageState } from './useDashboard'

/** Controls of a dashboard: each offers what is left by the others. */
export function ControlBar({
  page,
  views,
  controls,
  editing,
}: {
  page: DashboardPageState
  views: Views
  controls: readonly Control[]
  editing: boolean
}) {
  if (controls.length === 0) return null
  return (
    <ul className={styles.controls} aria-label={texts.controls}>
      {controls.map(control => (
        <li key={control.id}>
          <One page={page} views={views} control={control} editing={editing} />
        </li>
      ))}
    </ul>
  )
}

interface OneProps {
  page: DashboardPageState
  views: Views
  control: Control
  editing: boolean
}

function One({ page, views, control, editing }: OneProps) {
  const [open, setOpen] = useState(false)
  const view = viewOf(control.view, views)
  const values = useControlValues(control, view, withoutOwn(page, control), open)
  const choose = (chosen: ControlChoice) =>
    page.update({ choices: { ...page.url.choices, [control.id]: chosen } })
  const trigger = (
    <button
      type="button"
      className={styles.control}
      data-chosen={!isEmptyChoice(control.chosen)}
      aria-expanded={open}
      onClick={() => setOpen(!open)}
    >
      <span>{control.title}</span>
      <b>{choiceText(control.chosen)}</b>
      <Icon name="down" size={11} />
    </button>
  )
  return (
    <Popover open={open} onOpenChange={setOpen} trigger={trigger} label={control.title}>
      <div className={styles.panel}>
        {control.chosen.kind === 'options' ? (
          <Options chosen={control.chosen} values={values.data?.values ?? []} onChoose={choose} />
        ) : (
          <Span
            key={JSON.stringify(control.chosen)}
            chosen={control.chosen}
            least={values.data?.least ?? null}
            most={values.data?.most ?? null}
            onChoose={choose}
          />
        )}
        {values.error && <p className={styles.fault}>{values.error.message}</p>}
        <div className={styles.ways}>
          <button
            type="button"
            className="button small quiet"
            disabled={isEmptyChoice(control.chosen)}
            onClick={() => choose(emptyChoice(control.kind))}
          >
            {texts.clear}
          </button>
          {editing && (
            <button
              type="button"
              className="button small quiet"
              onClick={() =>
                page.edit(
                  d => ({ ...d, controls: d.controls.filter(c => c.id !== control.id) }),
                  texts.removedTheControl(control.title),
                )
              }
            >
              {texts.removeTheControl}
            </button>
          )}
        </div>
      </div>
    </Popover>
  )
}

/** A control's own choice must not hide the values that are not chosen. */
function withoutOwn(page: DashboardPageState, control: Control): Narrowing | null {
  const own = JSON.stringify(controlFilter(control))
  const { narrowing } = page
  return narrowing && { ...narrowing, filters: narrowing.filters.filter(f => JSON.stringify(f) !== own) }
}

function choiceText(chosen: ControlChoice): string {
  if (isEmptyChoice(chosen)) return texts.any
  if (chosen.kind === 'options') {
    const [first = '', ...others] = chosen.values
    return `${chosen.exclude ? `${texts.not} ` : ''}${first}${others.length > 0 ? ` +${others.length}` : ''}`
  }
  return texts.span(chosen.from ?? '−∞', chosen.to ?? '∞')
}

interface OptionsProps {
  chosen: Extract<ControlChoice, { kind: 'options' }>
  values: { text: string; count: number }[]
  onChoose: (chosen: ControlChoice) => void
}

function Options({ chosen, values, onChoose }: OptionsProps) {
  const [text, setText] = useState('')
  // What is chosen stays in the list, also when nothing of it is left.
  const gone = chosen.values.filter(v => !values.some(o => o.text === v)).map(v => ({ text: v, count: 0 }))
  const shown = [...gone, ...values].filter(v => v.text.toLowerCase().includes(text.toLowerCase()))
  const toggle = (value: string) => {
    const has = chosen.values.includes(value)
    onChoose({ ...chosen, values: has ? chosen.values.filter(v => v !== value) : [...chosen.values, value] })
  }
  return (
    <>
      <input
        className="input"
        type="search"
        aria-label={texts.findAValue}
        placeholder={texts.findAValue}
        value={text}
        onChange={e => setText(e.target.value)}
      />
      <ul className={styles.values}>
        {shown.map(value => (
          <li key={value.text}>
            <label>
              <input
                type="checkbox"
                checked={chosen.values.includes(value.text)}
                onChange={() => toggle(value.text)}
              />
              <span>{value.text}</span>
              <em>{formatCount(value.count)}</em>
            </label>
          </li>
        ))}
      </ul>
      <label className={styles.exclude}>
        <input
          type="checkbox"
          checked={chosen.exclude}
          onChange={e => onChoose({ ...chosen, exclude: e.target.checked })}
        />
        {texts.everythingButThese}
      </label>
    </>
  )
}

interface SpanProps {
  chosen: Extract<ControlChoice, { kind: 'range' }>
  least: number | null
  most: number | null
  onChoose: (chosen: ControlChoice) => void
}

function Span({ chosen, least, most, onChoose }: SpanProps) {
  const [from, setFrom] = useState(chosen.from === null ? '' : String(chosen.from))
  const [to, setTo] = useState(chosen.to === null ? '' : String(chosen.to))
  const read = (text: string) => (text.trim() === '' || Number.isNaN(Number(text)) ? null : Number(text))
  return (
    <form
      className={styles.span}
      onSubmit={event => {
        event.preventDefault()
        onChoose({ kind: 'range', from: read(from), to: read(to) })
      }}
    >
      <input
        className="input"
        inputMode="decimal"
        aria-label={texts.from}
        placeholder={least === null ? texts.fromWord : formatMeasure(least)}
        value={from}
        onChange={e => setFrom(e.target.value)}
      />
      <span>{texts.toWord}</span>
      <input
        className="input"
        inputMode="decimal"
        aria-label={texts.to}
        placeholder={most === null ? texts.toWord : formatMeasure(most)}
        value={to}
        onChange={e => setTo(e.target.value)}
      />
      <button type="submit" className="button outlined">
        {texts.apply}
      </button>
    </form>
  )
}
