import { withPage } from '../../lib/canvas/edit'
import { LIMITS, SIZES } from '../../lib/canvas/model'
import { texts } from '../../texts/reports'
import { Colour } from './Colour'
import styles from './Inspector.module.css'
import type { Report } from './useReport'

/** The report's size and the page's ground. */
export function PageSettings({ report, pageId }: { report: Report; pageId: string }) {
  const { workpad, edit } = report
  const { width, height } = workpad
  const page = workpad.pages.find(p => p.id === pageId)
  const size = SIZES.find(s => s.width === width && s.height === height)
  const side = (which: 'width' | 'height', value: number) => {
    if (!Number.isFinite(value)) return
    const kept = Math.round(Math.min(LIMITS.mostSide, Math.max(LIMITS.leastSide, value)))
    edit(w => ({ ...w, [which]: kept }), `size ${which}`)
  }
  return (
    <>
      <h2>{texts.report}</h2>
      <div className={styles.group}>
        <label className={styles.field}>
          <span>{texts.name}</span>
          <input
            className="input"
            value={workpad.name}
            maxLength={200}
            onChange={event => edit(w => ({ ...w, name: event.target.value }), 'name')}
          />
        </label>
        <label className={styles.field}>
          <span>{texts.sizeOfThePages}</span>
          <select
            className="input"
            value={size?.id ?? ''}
            onChange={event => {
              const chosen = SIZES.find(s => s.id === event.target.value)
              if (chosen) edit(w => ({ ...w, width: chosen.width, height: chosen.height }))
            }}
          >
            {!size && <option value="">{texts.itsOwn}</option>}
            {SIZES.map(s => (
              <option key={s.id} value={s.id}>
                {s.label}
              </option>
            ))}
          </select>
        </label>
        <div className={styles.numbers}>
          {(['width', 'height'] as const).map(which => (
            <label key={which}>
              <span>{which === 'width' ? texts.width : texts.height}</span>
              <input
                className="input"
                type="number"
                min={LIMITS.leastSide}
                max={LIMITS.mostSide}
                defaultValue={workpad[which]}
                key={workpad[which]}
                onBlur={event => side(which, event.target.valueAsNumber)}
              />
            </label>
          ))}
        </div>
      </div>
      {page && (
        <div className={styles.group}>
          <Colour
            label={texts.groundOfThisPage}
            value={page.background ?? '#ffffff'}
            colors={workpad.colors}
            onChange={background =>
              edit(w => withPage(w, page.id, p => ({ ...p, background })), `ground ${page.id}`)
            }
          />
        </div>
      )}
      <p className={styles.hint}>{texts.arrowKeysMoveWhat}</p>
    </>
  )
}
