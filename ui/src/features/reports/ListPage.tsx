import { useRef, useState } from 'react'
import { Link } from 'wouter'
import { createObject, deleteObject, exportObjects, getObject, importFile } from '../../api/saved'
import { type DataColumn, DataTable } from '../../components/DataTable'
import { Icon } from '../../components/Icon'
import styles from '../../components/SavedList.module.css'
import { saveText } from '../../components/save'
import { newWorkpad, SIZES } from '../../lib/canvas/model'
import { type SavedObject, titleOf } from '../../lib/savedobjects'
import { formatAgo } from '../../lib/time/format'
import { PageBar } from '../../shell/PageBar'
import { Failure, Nothing, Outcome, Waiting } from '../../shell/States'
import { navigate } from '../../state/navigate'
import { texts } from '../../texts/reports'
import { useForget, useReports, WORKPAD } from './queries'
import { TemplateList } from './TemplateList'
import { reportUrl } from './url'
import { startReport } from './useReport'

/** All reports: found, made, copied, removed and taken back, imported and exported. */
export function ListPage() {
  const [text, setText] = useState('')
  const found = useReports(text.trim() === '' ? '' : `${text.trim()}*`)
  const forget = useForget()
  const file = useRef<HTMLInputElement>(null)
  const [removed, setRemoved] = useState<SavedObject | null>(null)
  const [fault, setFault] = useState<Error | null>(null)
  const [done, setDone] = useState<string | null>(null)
  const act = async (work: () => Promise<string | null>) => {
    setFault(null)
    setDone(null)
    try {
      setDone(await work())
      await forget()
    } catch (error) {
      setFault(error instanceof Error ? error : new Error(String(error)))
    }
  }
  const copy = (object: SavedObject) =>
    act(async () => {
      const whole = await getObject(object)
      const name = texts.copy(titleOf(whole))
      await createObject(WORKPAD, {
        attributes: { ...whole.attributes, name },
        references: whole.references,
      })
      return texts.copiedAs(name)
    })
  const remove = (object: SavedObject) =>
    act(async () => {
      const whole = await getObject(object)
      await deleteObject(whole)
      setRemoved(whole)
      return null
    })
  const takeBack = (object: SavedObject) =>
    act(async () => {
      await createObject(WORKPAD, object, object.id)
      setRemoved(null)
      return texts.isBack(titleOf(object))
    })
  const exportOne = (object: SavedObject) =>
    act(async () => {
      saveText(`${titleOf(object)}.ndjson`, 'application/ndjson', await exportObjects([object]))
      return null
    })
  const take = (chosen: File) =>
    act(async () => {
      const result = await importFile(chosen, 'copies')
      const [problem] = result.problems
      if (problem)
        throw new Error(
          texts.wasNotImported(problem.title || problem.key.id, problem.message || problem.type),
        )
      return texts.objectsImported(result.count)
    })
  const start = () => {
    startReport(newWorkpad())
    navigate('/reports/new')
  }
  const objects = found.data?.objects ?? []
  const commands = [
    { id: 'new', label: texts.newReport, kind: texts.command, run: start },
    { id: 'import', label: texts.importAReport, kind: texts.command, run: () => file.current?.click() },
  ]
  return (
    <div className={styles.page}>
      <PageBar current="/reports" commands={commands} />
      <section className={styles.tools} aria-label={texts.findAndAdd}>
        <h1 className="visually-hidden">{texts.reports}</h1>
        <input
          className="input"
          type="search"
          aria-label={texts.findAReport}
          placeholder={texts.findAReport}
          value={text}
          onChange={e => setText(e.target.value)}
        />
        <span className={styles.outcome}>
          {removed ? (
            <span role="status">
              {texts.removedNamed(titleOf(removed))}{' '}
              <button type="button" className={styles.undo} onClick={() => takeBack(removed)}>
                {texts.undo}
              </button>
            </span>
          ) : (
            <Outcome error={fault} done={done} />
          )}
        </span>
        <input
          ref={file}
          type="file"
          accept=".ndjson,.json"
          hidden
          aria-label={texts.fileOfReports}
          onChange={event => {
            const chosen = event.target.files?.[0]
            event.target.value = ''
            if (chosen) void take(chosen)
          }}
        />
        <button type="button" className="button outlined" onClick={() => file.current?.click()}>
          {texts.import}
        </button>
        <button type="button" className="button primary" onClick={start}>
          <Icon name="plus" size={13} /> {texts.newReport}
        </button>
      </section>
      <main className={styles.body}>
        {found.error ? (
          <Failure
            error={found.error}
            title={texts.theReportsDidNotCome}
            onRetry={() => void found.refetch()}
          />
        ) : found.isPending ? (
          <Waiting label={texts.loadingReports} />
        ) : objects.length > 0 ? (
          <DataTable
            label={texts.reports}
            columns={columnsOf({ copy, remove, exportOne })}
            rows={objects}
            keyOf={object => object.id}
            order="updated"
          />
        ) : text === '' ? (
          <Nothing title={texts.noReportYet}>
            <p>{texts.aReportIsAPage}</p>
          </Nothing>
        ) : (
          <Nothing title={texts.noReportIsCalled(text)} />
        )}
        {found.isSuccess && <TemplateList />}
      </main>
    </div>
  )
}

interface Acts {
  copy: (object: SavedObject) => void
  remove: (object: SavedObject) => void
  exportOne: (object: SavedObject) => void
}

function sizeOf({ attributes: { width, height } }: SavedObject): string {
  const known = SIZES.find(s => s.width === width && s.height === height)
  return known?.label ?? `${String(width)} × ${String(height)}`
}

const columnsOf = ({ copy, remove, exportOne }: Acts): DataColumn<SavedObject>[] => [
  {
    id: 'name',
    label: texts.name,
    width: 'minmax(180px, 2fr)',
    sort: titleOf,
    cell: object => (
      <Link href={reportUrl(object.id)} className={styles.name}>
        {titleOf(object)}
      </Link>
    ),
  },
  {
    id: 'size',
    label: texts.pages,
    width: 'minmax(120px, 1fr)',
    cell: object => <span className={styles.quiet}>{sizeOf(object)}</span>,
  },
  {
    id: 'updated',
    label: texts.changed,
    width: '130px',
    numeric: true,
    sort: object => object.updatedAt,
    cell: object => formatAgo(Date.parse(object.updatedAt), Date.now()),
  },
  {
    id: 'acts',
    label: texts.actions,
    width: '230px',
    numeric: true,
    cell: object => (
      <span className={styles.acts}>
        <button type="button" className="button quiet small" onClick={() => copy(object)}>
          {texts.duplicate}
        </button>
        <button type="button" className="button quiet small" onClick={() => exportOne(object)}>
          {texts.export}
        </button>
        <button type="button" className="button quiet small" onClick={() => remove(object)}>
          {texts.delete}
        </button>
      </span>
    ),
  },
]
