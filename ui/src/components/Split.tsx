import { type PointerEvent, type ReactNode, useRef, useState } from 'react'
import styles from './Split.module.css'

interface Props {
  /** Names the line between, which can be dragged or moved with arrow keys. */
  label: string
  left: ReactNode
  right: ReactNode
}

const LEAST = 20
const STEP = 2

/** Two panes side by side, whose shares a person chooses. */
export function Split({ label, left, right }: Props) {
  const [share, setShare] = useState(50)
  const root = useRef<HTMLDivElement>(null)
  const set = (percent: number) => setShare(Math.min(100 - LEAST, Math.max(LEAST, percent)))
  const drag = (event: PointerEvent) => {
    const box = root.current?.getBoundingClientRect()
    if (box && event.currentTarget.hasPointerCapture(event.pointerId))
      set(((event.clientX - box.left) / box.width) * 100)
  }
  return (
    <div
      className={styles.split}
      ref={root}
      style={{ gridTemplateColumns: `minmax(0, ${share}fr) 9px minmax(0, ${100 - share}fr)` }}
    >
      {left}
      <div
        className={styles.line}
        role="separator"
        aria-label={label}
        aria-orientation="vertical"
        aria-valuenow={Math.round(share)}
        aria-valuemin={LEAST}
        aria-valuemax={100 - LEAST}
        tabIndex={0}
        onPointerDown={event => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={drag}
        onDoubleClick={() => setShare(50)}
        onKeyDown={event => {
          if (event.key === 'ArrowLeft') set(share - STEP)
          if (event.key === 'ArrowRight') set(share + STEP)
        }}
      />
      {right}
    </div>
  )
}
