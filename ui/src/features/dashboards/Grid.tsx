import {
  type CSSProperties,
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
  useRef,
  useState,
} from 'react'
import { Icon } from '../../components/Icon'
import { useWidth } from '../../components/useWidth'
import { fit, movePanel, readingOrder } from '../../lib/dashboard/grid'
import { COLUMNS, type Panel, type Place } from '../../lib/dashboard/model'
import { texts } from '../../texts/dashboards'
import styles from './Grid.module.css'

/** Pixels of a row of the grid. */
const ROW = 22

interface Props {
  panels: readonly Panel[]
  editing: boolean
  titleOf: (panel: Panel) => string
  onPanels: (panels: Panel[]) => void
  children: (panel: Panel) => ReactNode
}

interface Drag {
  id: string
  kind: 'move' | 'size'
  from: Place
  start: { x: number; y: number }
  panels: readonly Panel[]
}

/** Panels where they belong. While editing they are moved and sized by pointer, or by arrow keys on their handles. */
export function Grid({ panels, editing, titleOf, onPanels, children }: Props) {
  const [root, width] = useWidth<HTMLDivElement>()
  const drag = useRef<Drag | null>(null)
  const [preview, setPreview] = useState<Panel[] | null>(null)
  const [said, setSaid] = useState('')
  const shown = preview ?? panels
  const column = width / COLUMNS
  const rows = shown.reduce((most, p) => Math.max(most, p.place.y + p.place.h), 0)

  const begin = (event: PointerEvent, panel: Panel, kind: Drag['kind']) => {
    if (event.button !== 0) return
    event.preventDefault()
    event.currentTarget.setPointerCapture(event.pointerId)
    drag.current = {
      id: panel.id,
      kind,
      from: panel.place,
      start: { x: event.clientX, y: event.clientY },
      panels,
    }
  }
  const move = (event: PointerEvent) => {
    const held = drag.current
    if (!held || column === 0) return
    const dx = Math.round((event.clientX - held.start.x) / column)
    const dy = Math.round((event.clientY - held.start.y) / ROW)
    setPreview(movePanel(held.panels, held.id, changed(held.from, held.kind, dx, dy)))
  }
  const drop = () => {
    if (drag.current && preview) onPanels(preview)
    drag.current = null
    setPreview(null)
  }
  const press = (event: KeyboardEvent, panel: Panel, kind: Drag['kind']) => {
    const [dx, dy] = STEPS[event.key] ?? [0, 0]
    if (dx === 0 && dy === 0) return
    event.preventDefault()
    const by = event.shiftKey ? 4 : 1
    const asked = fit(changed(panel.place, kind, dx * by, dy * by))
    // One row down is no move for a panel that is drawn up again: it changes places with what is below.
    const to = kind === 'move' && dy > 0 ? { ...asked, y: belowNext(panels, panel) ?? asked.y } : asked
    const next = movePanel(panels, panel.id, to)
    onPanels(next)
    const place = next.find(p => p.id === panel.id)?.place
    if (place) setSaid(texts.columnRowWideHigh(titleOf(panel), place.x + 1, place.y + 1, place.w, place.h))
  }
  return (
    <>
      <div
        ref={root}
        className={styles.grid}
        data-editing={editing}
        data-dragging={preview !== null}
        style={{ '--height': `${(rows + (editing ? 6 : 0)) * ROW}px` } as CSSProperties}
      >
        {readingOrder(panels).map(panel => {
          const { x, y, w, h } = shown.find(p => p.id === panel.id)?.place ?? panel.place
          return (
            <div
              key={panel.id}
              className={styles.cell}
              data-held={preview !== null && drag.current?.id === panel.id}
              style={
                {
                  '--left': `${(x / COLUMNS) * 100}%`,
                  '--top': `${y * ROW}px`,
                  '--width': `${(w / COLUMNS) * 100}%`,
                  '--height': `${h * ROW}px`,
                } as CSSProperties
              }
            >
              {children(panel)}
              {editing && (
                <>
                  <button
                    type="button"
                    className={styles.move}
                    aria-label={texts.move(titleOf(panel))}
                    title={texts.dragOrArrowKeys}
                    onPointerDown={event => begin(event, panel, 'move')}
                    onPointerMove={move}
                    onPointerUp={drop}
                    onPointerCancel={drop}
                    onKeyDown={event => press(event, panel, 'move')}
                  >
                    <Icon name="grip" size={13} />
                  </button>
                  <button
                    type="button"
                    className={styles.size}
                    aria-label={texts.resize(titleOf(panel))}
                    title={texts.dragOrArrowKeys}
                    onPointerDown={event => begin(event, panel, 'size')}
                    onPointerMove={move}
                    onPointerUp={drop}
                    onPointerCancel={drop}
                    onKeyDown={event => press(event, panel, 'size')}
                  />
                </>
              )}
            </div>
          )
        })}
      </div>
      <p className="visually-hidden" aria-live="polite">
        {said}
      </p>
    </>
  )
}

const STEPS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}

const changed = ({ x, y, w, h }: Place, kind: Drag['kind'], dx: number, dy: number): Place =>
  kind === 'move' ? { x: x + dx, y: y + dy, w, h } : { x, y, w: w + dx, h: h + dy }

/** Where a panel has the nearest one below it behind itself. */
function belowNext(panels: readonly Panel[], panel: Panel): number | null {
  const { x, w, y } = panel.place
  const below = panels.filter(
    p => p.id !== panel.id && p.place.y > y && p.place.x < x + w && x < p.place.x + p.place.w,
  )
  const [next] = below.sort((a, b) => a.place.y - b.place.y)
  return next ? next.place.y + 1 : null
}
