import { type Level, levelLetter } from '../lib/levels'
import styles from './LevelMark.module.css'

/** A level as a coloured letter, so that colour is never the only sign. */
export function LevelMark({ level }: { level: Level | null }) {
  if (level === null) return <span className={styles.mark}>·</span>
  return (
    <span className={styles.mark} data-level={level} title={level}>
      <span aria-hidden="true">{levelLetter(level)}</span>
      <span className="visually-hidden">{level}</span>
    </span>
  )
}
