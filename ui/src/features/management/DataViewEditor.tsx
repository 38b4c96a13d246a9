import { type FormEvent, useState } from 'react'
import { setDefaultDataView } from '../../api/saved'
import { type DataColumn, DataTable } from '../../components/DataTable'
import type { Field } from '../../lib/fields'
import { formatCount } from '../../lib/numbers'
import type { DataViewInfo } from '../../lib/savedobjects'
import { DetailPane } from '../../shell/ListPage'
import { Outcome } from '../../shell/States'
import { useSettled } from '../../shell/useSettled'
import { texts } from '../../texts/management'
import styles from './DataViewEditor.module.css'
import { describeFound, isNothing, storeView, timeFieldsOf, usePattern, useViewDeed } from './dataviews'
import { FormatsEditor } from './FormatsEditor'

/** A pattern is looked up once no key was pressed for so long. */
const REST_MILLIS = 200

const yes = (is: boolean) => (is ? texts.yes : '–')

const COLUMNS: DataColumn<Field>[] = [
  { id: 'name', label: texts.field, width: 'minmax(140px, 3fr)', sort: f => f.name, cell: f => f.name },
  { id: 'type', label: texts.type, width: 'minmax(80px, 1fr)', sort: f => f.type, cell: f => f.type },
  {
    id: 'searchable',
    label: texts.searchable,
    width: '76px',
    sort: f => yes(f.searchable),
    cell: f => yes(f.searchable),
  },
  {
    id: 'aggregate',
    label: texts.aggregatedOn,
    width: 'minmax(90px, 2fr)',
    sort: f => f.aggregateOn ?? '',
    cell: f => f.aggregateOn ?? (f.split.length > 0 ? f.split.map(s => s.on).join(', ') : '–'),
  },
]

interface Props {
  /** Null makes a new one. */
  view: DataViewInfo | null
  /** Pages open with it. */
  standard: boolean
  deleting: boolean
  onStored: (view: DataViewInfo) => void
  onDelete: () => void
  onClose: () => void
}

/** One data view: its name, pattern and time field, with what the pattern finds as it is typed. */
export function DataViewEditor({ view, standard, deleting, onStored, onDelete, onClose }: Props) {
  const [title, setTitle] = useState(view?.title ?? '')
  const [name, setName] = useState(view && view.name !== view.title ? view.name : '')
  // Null follows the fields: the usual name of a time that they have.
  const [time, setTime] = useState<string | null>(view === null ? null : (view.timeField ?? ''))
  const [find, setFind] = useState('')
  const pattern = useSettled(title.trim(), REST_MILLIS)
  const { data, error, isFetching } = usePattern(pattern)
  const fields = data?.fields ?? []
  const offered = timeFieldsOf(fields)
  const timeFieldName = time ?? offered[0] ?? ''
  const choices =
    offered.includes(timeFieldName) || timeFieldName === '' ? offered : [timeFieldName, ...offered]
  const store = useViewDeed(() =>
    storeView(view?.id ?? null, { title: title.trim(), name: name.trim(), timeFieldName: time }),
  )
  const prefer = useViewDeed((id: string) => setDefaultDataView(id))
  const ready = title.trim() !== '' && !store.isPending
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (ready) store.mutate(undefined, { onSuccess: onStored })
  }
  const wanted = find.trim().toLowerCase()
  const shown = fields.filter(f => `${f.name} ${f.type}`.toLowerCase().includes(wanted))
  return (
    <DetailPane
      label={view?.name ?? texts.newDataView}
      head={view?.name ?? texts.newDataView}
      onClose={onClose}
      actions={
        view && (
          <>
            <button
              type="button"
              className="button small outlined"
              disabled={standard || prefer.isPending}
              onClick={() => prefer.mutate(view.id)}
            >
              {standard ? texts.isTheDefault : texts.makeDefault}
            </button>
            <button
              type="button"
              className="button small quiet danger"
              disabled={deleting}
              onClick={onDelete}
            >
              {texts.delete}
            </button>
          </>
        )
      }
    >
      <form className={styles.form} onSubmit={submit}>
        <label className={styles.row}>
          <span>{texts.indexPattern}</span>
          <input
            className={`input ${styles.data}`}
            required
            value={title}
            placeholder="logs-*,metrics-*"
            spellCheck={false}
            onChange={event => setTitle(event.target.value)}
          />
        </label>
        <p className={styles.found} role="status" aria-busy={isFetching}>
          {pattern === ''
            ? texts.aStarStandsForAnything
            : error
              ? error.message
              : data === undefined
                ? ''
                : isNothing(data.found)
                  ? texts.findsNothingYetWhatComes
                  : texts.findsWithFields(
                      describeFound(data.found),
                      formatCount(fields.length),
                      fields.length,
                    )}
        </p>
        <label className={styles.row}>
          <span>{texts.name}</span>
          <input
            className="input"
            value={name}
            placeholder={title.trim() || texts.asThePattern}
            onChange={event => setName(event.target.value)}
          />
        </label>
        <label className={styles.row}>
          <span>{texts.timeField}</span>
          <select className="input" value={timeFieldName} onChange={event => setTime(event.target.value)}>
            {choices.map(choice => (
              <option key={choice} value={choice}>
                {choice}
              </option>
            ))}
            <option value="">{texts.noneDataWithoutTime}</option>
          </select>
        </label>
        <div className={styles.way}>
          <button type="submit" className="button small primary" disabled={!ready}>
            {view === null ? texts.create : texts.save}
          </button>
          <Outcome error={store.error ?? prefer.error} done={store.isSuccess ? texts.saved : null} />
        </div>
      </form>
      {view && fields.length > 0 && <FormatsEditor key={view.id} view={view.id} fields={fields} />}
      {fields.length > 0 && (
        <div className={styles.fields}>
          <input
            className="input"
            type="search"
            aria-label={texts.findAField}
            placeholder={texts.findAField}
            spellCheck={false}
            value={find}
            onChange={event => setFind(event.target.value)}
          />
          <DataTable label={texts.fields} columns={COLUMNS} rows={shown} keyOf={f => f.name} order="name" />
        </div>
      )}
    </DetailPane>
  )
}
