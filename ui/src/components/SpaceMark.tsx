import type { CSSProperties } from 'react'
import type { Space } from '../lib/space'
import styles from './SpaceMark.module.css'

/** A space by its colour and name. */
export function SpaceMark({ space }: { space: Pick<Space, 'name' | 'color'> }) {
  return (
    <span className={styles.mark}>
      <span
        className={styles.swatch}
        style={space.color === null ? undefined : ({ '--space': space.color } as CSSProperties)}
      />
      <span className={styles.name}>{space.name}</span>
    </span>
  )
}
