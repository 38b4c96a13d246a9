import { texts } from '../texts/components'
import styles from './HealthMark.module.css'

const WORDS: Record<string, string> = {
  green: texts.healthy,
  yellow: texts.degraded,
  red: texts.failing,
  closed: texts.closed,
}

/** A state as a shape and a colour, so that colour is not the only sign. */
export function HealthMark({ health, words }: { health: string; words?: boolean }) {
  const text = WORDS[health] ?? health
  return (
    <span className={styles.mark} title={text}>
      <svg viewBox="0 0 10 10" width="9" height="9" data-health={health} aria-hidden="true">
        {health === 'red' ? (
          <path d="M5 .8 9.600 9H.4Z" />
        ) : health === 'yellow' ? (
          <path d="M5 .6 9.400 5 5 9.400.6 5Z" />
        ) : health === 'green' ? (
          <circle cx="5" cy="5" r="3.600" />
        ) : (
          <circle cx="5" cy="5" r="3.200" fill="none" strokeWidth="1.300" />
        )}
      </svg>
      <span className={words ? undefined : 'visually-hidden'}>{text}</span>
    </span>
  )
}
