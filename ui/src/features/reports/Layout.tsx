import { texts } from '../../texts/reports'
import styles from './Inspector.module.css'
import type { Selection } from './useSelection'

const ALIGN = [
  ['left', texts.leftEdges, 'M2.5 2v12M5 4.500h8.500v2.500H5zM5 9h5.500v2.500H5z'],
  ['center', texts.middlesAcross, 'M8 2v12M3.500 4.500h9v2.500h-9zM5 9h6v2.500H5z'],
  ['right', texts.rightEdges, 'M13.500 2v12M2.500 4.500H11v2.500H2.500zM5.500 9H11v2.500H5.500z'],
  ['top', texts.upperEdges, 'M2 2.500h12M4.500 5H7v8.500H4.500zM9 5h2.500v5.500H9z'],
  ['middle', texts.middlesUpright, 'M2 8h12M4.500 3.500H7v9H4.500zM9 5h2.500v6H9z'],
  ['bottom', texts.lowerEdges, 'M2 13.500h12M4.500 2.500H7V11H4.500zM9 5.500h2.500V11H9z'],
] as const

const LAYERS = [
  ['top', texts.toTheFront],
  ['up', texts.forward],
  ['down', texts.backward],
  ['bottom', texts.toTheBack],
] as const

/** Alignment, layers and what else is done with elements as a whole. */
export function Layout({ selection }: { selection: Selection }) {
  const several = selection.chosen.length > 2
  return (
    <>
      <div className={styles.group} role="group" aria-label={texts.align}>
        <div className={styles.icons}>
          {ALIGN.map(([how, label, path]) => (
            <button
              key={how}
              type="button"
              className="button quiet small icon"
              aria-label={texts.alignNamed(label)}
              title={selection.chosen.length > 1 ? label : texts.withThePage(label)}
              onClick={() => selection.align(how)}
            >
              <svg
                width={14}
                height={14}
                viewBox="0 0 16 16"
                fill="none"
                stroke="currentColor"
                aria-hidden="true"
              >
                <path d={path} />
              </svg>
            </button>
          ))}
        </div>
        {several && (
          <div className={styles.row}>
            <button type="button" className="button quiet small" onClick={() => selection.distribute('x')}>
              {texts.sameGapsAcross}
            </button>
            <button type="button" className="button quiet small" onClick={() => selection.distribute('y')}>
              {texts.sameGapsDown}
            </button>
          </div>
        )}
      </div>
      <div className={styles.group} role="group" aria-label={texts.layer}>
        <div className={styles.row}>
          {LAYERS.map(([to, label]) => (
            <button key={to} type="button" className="button quiet small" onClick={() => selection.layer(to)}>
              {label}
            </button>
          ))}
        </div>
        <div className={styles.row}>
          <button type="button" className="button outlined small" onClick={() => selection.duplicate()}>
            {texts.duplicate}
          </button>
          <button type="button" className="button outlined small" onClick={selection.remove}>
            {texts.remove}
          </button>
        </div>
      </div>
    </>
  )
}
