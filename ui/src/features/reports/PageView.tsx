import type { CSSProperties, KeyboardEvent } from 'react'
import { Scheme } from '../../components/charts/palette'
import { lightness } from '../../lib/canvas/colour'
import { HANDLES, readingOrder } from '../../lib/canvas/geometry'
import type { Element, Page, Place, Workpad } from '../../lib/canvas/model'
import { texts } from '../../texts/reports'
import { Drawn } from './draw/Drawn'
import { elementName } from './names'
import styles from './PageView.module.css'
import type { Moment } from './queries'
import { useDrag } from './useDrag'

export interface Editing {
  selected: ReadonlySet<string>
  onSelect: (ids: ReadonlySet<string>) => void
  onPlaces: (places: ReadonlyMap<string, Place>) => void
  onKey: (event: KeyboardEvent) => void
}

interface Props {
  page: Page
  number: number
  workpad: Workpad
  moment: Moment | null
  zoom: number
  /** Null while it is only looked at. */
  editing: Editing | null
}

/** One page in its own pixels, larger or smaller on the screen. */
export function PageView({ page, number, workpad, moment, zoom, editing }: Props) {
  const { width, height } = workpad
  const drag = useDrag({ zoom, page: workpad, onPlaces: places => editing?.onPlaces(places) })
  const placeOf = (element: Element) => drag.preview?.places.get(element.id) ?? element.place
  const light = lightness(page.background ?? '#ffffff')
  const scheme = light !== null && light < 0.2 ? 'dark' : 'light'
  const chosen = page.elements.filter(e => editing?.selected.has(e.id))
  const [only] = chosen.length === 1 ? chosen : []
  const press = (event: React.PointerEvent, element: Element) => {
    if (!editing || event.button !== 0) return
    const adding = event.shiftKey || event.ctrlKey || event.metaKey
    const has = editing.selected.has(element.id)
    const next = new Set(adding || has ? editing.selected : [])
    if (adding && has) next.delete(element.id)
    else next.add(element.id)
    editing.onSelect(next)
    const moving = page.elements.filter(e => next.has(e.id))
    drag.begin(
      event,
      'move',
      moving,
      page.elements.filter(e => !next.has(e.id)),
    )
  }
  return (
    <section
      className={styles.sheet}
      aria-label={texts.page(number)}
      data-page={number}
      style={{ '--w': `${width}px`, '--h': `${height}px`, '--zoom': zoom } as CSSProperties}
    >
      <div
        className={styles.page}
        data-scheme={scheme}
        style={page.background === null ? undefined : { backgroundColor: page.background }}
        onPointerDown={event => event.target === event.currentTarget && editing?.onSelect(new Set())}
      >
        <Scheme value={scheme}>
          {readingOrder(page.elements).map(element => (
            <div
              key={element.id}
              className={styles.element}
              data-element={element.id}
              style={placeStyle(placeOf(element), page.elements.indexOf(element))}
            >
              <div className={styles.content} inert={editing !== null}>
                <Drawn element={{ ...element, place: placeOf(element) }} workpad={workpad} moment={moment} />
              </div>
              {editing && (
                <button
                  type="button"
                  className={styles.hold}
                  aria-label={elementName(element)}
                  aria-pressed={editing.selected.has(element.id)}
                  aria-describedby="report-keys"
                  data-hold={element.id}
                  onPointerDown={event => press(event, element)}
                  onPointerMove={drag.move}
                  onPointerUp={drag.drop}
                  onPointerCancel={drag.drop}
                  onKeyDown={editing.onKey}
                  onClick={event => {
                    // By keys; a pointer has chosen already.
                    if (event.detail === 0) editing.onSelect(new Set([element.id]))
                  }}
                />
              )}
            </div>
          ))}
        </Scheme>
        {editing && only && (
          <div className={styles.chosen} style={placeStyle(placeOf(only), 10_000)}>
            {HANDLES.map(handle => (
              <span
                key={handle.name}
                className={styles.handle}
                data-x={handle.x}
                data-y={handle.y}
                title={texts.sizeByThe(handle.name)}
                onPointerDown={event =>
                  drag.begin(
                    event,
                    handle,
                    [only],
                    page.elements.filter(e => e.id !== only.id),
                  )
                }
                onPointerMove={drag.move}
                onPointerUp={drag.drop}
                onPointerCancel={drag.drop}
              />
            ))}
          </div>
        )}
        {drag.preview?.guides.map(({ axis, at, from, to }) => (
          <i
            key={`${axis} ${at}`}
            className={styles.guide}
            data-axis={axis}
            style={
              axis === 'x'
                ? { left: `${at}px`, top: `${from}px`, height: `${to - from}px` }
                : { top: `${at}px`, left: `${from}px`, width: `${to - from}px` }
            }
          />
        ))}
      </div>
    </section>
  )
}

const placeStyle = ({ left, top, width, height, angle }: Place, layer: number): CSSProperties => ({
  left: `${left}px`,
  top: `${top}px`,
  width: `${width}px`,
  height: `${height}px`,
  zIndex: layer,
  ...(angle !== 0 && { transform: `rotate(${angle}deg)` }),
})
