import { Icon } from '../../components/Icon'
import { addPage, copyOfPage, movePage, removePage } from '../../lib/canvas/edit'
import { LIMITS, newPage, type Page, type Workpad } from '../../lib/canvas/model'
import { texts } from '../../texts/reports'
import styles from './Pages.module.css'
import type { Report } from './useReport'

interface Props {
  report: Report
  current: Page
  editing: boolean
  onGo: (number: number) => void
}

/** The pages, each as a small outline of what stands on it. */
export function Pages({ report, current, editing, onGo }: Props) {
  const { workpad, edit } = report
  const { pages } = workpad
  const at = pages.indexOf(current)
  const go = (number: number) => onGo(Math.min(Math.max(number, 1), pages.length))
  return (
    <nav className={styles.pages} aria-label={texts.pages}>
      <ol>
        {pages.map((page, i) => (
          <li key={page.id}>
            <button
              type="button"
              className={styles.page}
              aria-label={texts.page(i + 1)}
              aria-current={page === current ? 'page' : undefined}
              onClick={() => onGo(i + 1)}
            >
              <span>{i + 1}</span>
              <Outline page={page} workpad={workpad} />
            </button>
          </li>
        ))}
      </ol>
      {editing && (
        <div className={styles.ways} role="group" aria-label={texts.thisPage}>
          <button
            type="button"
            className="button quiet small icon"
            aria-label={texts.addAPage}
            title={texts.addAPage}
            disabled={pages.length >= LIMITS.pages}
            onClick={() => {
              edit(w => addPage(w, newPage(current.background), current.id))
              onGo(at + 2)
            }}
          >
            <Icon name="plus" size={13} />
          </button>
          <button
            type="button"
            className="button quiet small icon"
            aria-label={texts.duplicateThisPage}
            title={texts.duplicateThisPage}
            disabled={pages.length >= LIMITS.pages}
            onClick={() => {
              edit(w => addPage(w, copyOfPage(current), current.id))
              onGo(at + 2)
            }}
          >
            <Icon name="copy" size={13} />
          </button>
          <button
            type="button"
            className="button quiet small icon"
            aria-label={texts.moveThisPageUp}
            title={texts.moveThisPageUp}
            disabled={at === 0}
            onClick={() => {
              edit(w => movePage(w, current.id, -1))
              go(at)
            }}
          >
            <Icon name="up" size={13} />
          </button>
          <button
            type="button"
            className="button quiet small icon"
            aria-label={texts.moveThisPageDown}
            title={texts.moveThisPageDown}
            disabled={at === pages.length - 1}
            onClick={() => {
              edit(w => movePage(w, current.id, 1))
              go(at + 2)
            }}
          >
            <Icon name="down" size={13} />
          </button>
          <button
            type="button"
            className="button quiet small icon"
            aria-label={texts.removeThisPage}
            title={texts.removeThisPage}
            disabled={pages.length === 1}
            onClick={() => {
              edit(w => removePage(w, current.id))
              onGo(Math.min(at + 1, pages.length - 1))
            }}
          >
            <Icon name="close" size={13} />
          </button>
        </div>
      )}
    </nav>
  )
}

function Outline({ page, workpad }: { page: Page; workpad: Workpad }) {
  const { width, height } = workpad
  return (
    <svg viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      <rect className={styles.ground} width={width} height={height} fill={page.background ?? '#ffffff'} />
      {page.elements.map(({ id, place }) => (
        <rect
          key={id}
          className={styles.part}
          x={place.left}
          y={place.top}
          width={place.width}
          height={place.height}
          transform={`rotate(${place.angle} ${place.left + place.width / 2} ${place.top + place.height / 2})`}
        />
      ))}
    </svg>
  )
}
