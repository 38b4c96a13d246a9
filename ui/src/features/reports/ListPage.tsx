import { useRef, useState } from 'react'
import { Link } from 'wouter'
import { importFile } from '../../api/saved'
import { type DataColumn, DataTable } from '../../components/DataTable'
import { Icon } from '../../components/Icon'
import { newWorkpad, SIZES } from '../../lib/canvas/model'
import { type SavedObject, titleOf } from '../../lib/savedobjects'
import { PageBar } from '../../shell/PageBar'
import { SavedTools, savedColumns } from '../../shell/SavedList'
import styles from '../../shell/SavedList.module.css'
import { Answered, Nothing, Waiting } from '../../shell/States'
import { useSavedActs } from '../../shell/useSavedActs'
import { navigate } from '../../state/navigate'
import { texts } from '../../texts/reports'
import { useForgetReports, useReports, WORKPAD } from './queries'
import { TemplateList } from './TemplateList'
import { reportUrl } from './url'
import { startReport } from './useReport'

/** All reports: found, made, copied, removed and taken back, imported and exported. */
export function ListPage() {
  const [text, setText] = useState('')
  const found = useReports(text.trim() === '' ? '' : `${text.trim()}*`)
  const forget = useForgetReports()
  const file = useRef<HTMLInputElement>(null)
  const acts = useSavedActs({ type: WORKPAD, nameIn: 'name', file: 'reports' }, forget)
  const take = (chosen: File) =>
    acts.act(async () => {
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
      <SavedTools
        title={texts.reports}
        find={{ label: texts.findAReport, text, onText: setText }}
        acts={acts}
      >
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
      </SavedTools>
      <main className={styles.body}>
        <Answered
          query={found}
          title={texts.theReportsDidNotCome}
          waiting={<Waiting label={texts.loadingReports} />}
        >
          {() =>
            objects.length > 0 ? (
              <DataTable
                label={texts.reports}
                columns={[...COLUMNS, ...savedColumns(acts)]}
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
            )
          }
        </Answered>
        {found.isSuccess && <TemplateList />}
      </main>
    </div>
  )
}

function sizeOf({ attributes: { width, height } }: SavedObject): string {
  const known = SIZES.find(s => s.width === width && s.height === height)
  return known?.label ?? `${String(width)} × ${String(height)}`
}

const COLUMNS: DataColumn<SavedObject>[] = [
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
]
