import { useEffect, useState } from 'react'
import { changeElement } from '../../lib/canvas/edit'
import { parseExpression } from '../../lib/canvas/expression'
import type { Element, Place } from '../../lib/canvas/model'
import { texts } from '../../texts/reports'
import { Fields } from './Fields'
import styles from './Inspector.module.css'
import { Layout } from './Layout'
import { elementName } from './names'
import { PageSettings } from './PageSettings'
import type { Report } from './useReport'
import type { Selection } from './useSelection'

interface Props {
  report: Report
  selection: Selection
  pageId: string
}

/** What is chosen, with everything about it that can be changed; the page and the report where nothing is. */
export function Inspector({ report, selection, pageId }: Props) {
  const { chosen } = selection
  const [only] = chosen.length === 1 ? chosen : []
  return (
    <aside className={styles.panel} aria-label={texts.settings}>
      {chosen.length === 0 && <PageSettings report={report} pageId={pageId} />}
      {chosen.length > 1 && <h2>{texts.elements(chosen.length)}</h2>}
      {only && <h2>{elementName(only)}</h2>}
      {chosen.length > 0 && <Layout selection={selection} />}
      {only && (
        <>
          <Placement
            element={only}
            onPlace={place => selection.place(new Map([[only.id, place]]), `place ${only.id}`)}
          />
          <Fields
            element={only}
            colors={report.workpad.colors}
            onChange={(expression, gesture) =>
              report.edit(w => changeElement(w, only.id, { expression }), gesture)
            }
          />
          <Code key={only.id} element={only} report={report} />
        </>
      )}
    </aside>
  )
}

const SIDES = [
  ['left', texts.left],
  ['top', texts.top],
  ['width', texts.width],
  ['height', texts.height],
  ['angle', texts.turn],
] as const

function Placement({ element, onPlace }: { element: Element; onPlace: (place: Place) => void }) {
  const { place } = element
  return (
    <fieldset className={styles.group}>
      <legend>{texts.place}</legend>
      <div className={styles.numbers}>
        {SIDES.map(([side, label]) => (
          <label key={side}>
            <span>{label}</span>
            <input
              className="input"
              type="number"
              value={Math.round(place[side] * 100) / 100}
              min={side === 'width' || side === 'height' ? 2 : -16_000}
              max={16_000}
              onChange={event => {
                const value = event.target.valueAsNumber
                const least = side === 'width' || side === 'height' ? 2 : -16_000
                if (Number.isFinite(value))
                  onPlace({ ...place, [side]: Math.min(16_000, Math.max(least, value)) })
              }}
            />
          </label>
        ))}
      </div>
    </fieldset>
  )
}

/** The expression itself, which takes effect as soon as it can be read. */
function Code({ element, report }: { element: Element; report: Report }) {
  const [text, setText] = useState(element.expression)
  const [fault, setFault] = useState<string | null>(null)
  useEffect(() => {
    setText(element.expression)
    setFault(null)
  }, [element.expression])
  const change = (next: string) => {
    setText(next)
    try {
      parseExpression(next)
      setFault(null)
      report.edit(w => changeElement(w, element.id, { expression: next }), `expression ${element.id}`)
    } catch (error) {
      setFault(error instanceof Error ? error.message : String(error))
    }
  }
  return (
    <div className={styles.group}>
      <label className={styles.code}>
        <span>{texts.expression}</span>
        <textarea
          className="input"
          spellCheck={false}
          rows={12}
          value={text}
          aria-invalid={fault !== null}
          onChange={event => change(event.target.value)}
        />
      </label>
      {fault && (
        <p className={styles.fault} role="alert">
          {fault}
        </p>
      )}
    </div>
  )
}
