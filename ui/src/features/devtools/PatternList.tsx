import { useMemo, useState } from 'react'
import type { EcsCompatibility } from '../../api/client'
import type { NamedPattern } from '../../lib/grok'
import { texts } from '../../texts/devtools'
import styles from './PatternList.module.css'
import { usePatterns } from './queries'

interface Props {
  ecs: EcsCompatibility
  custom: NamedPattern[]
  onEcs: (ecs: EcsCompatibility) => void
  /** Puts a reference to a pattern into the expression. */
  onChoose: (name: string) => void
}

const SETS = [
  { ecs: 'disabled', label: texts.legacy, title: texts.fieldNamesAsBefore },
  { ecs: 'v8', label: 'ECS', title: texts.fieldNamesOfTheElastic },
] as const

/** The named patterns, to be found by name or by what they hold. */
export function PatternList({ ecs, custom, onEcs, onChoose }: Props) {
  const [wanted, setWanted] = useState('')
  const patterns = usePatterns(ecs)
  const found = useMemo(
    () => find([...custom, ...(patterns.data ?? [])], wanted),
    [custom, patterns.data, wanted],
  )
  return (
    <aside className={styles.side} aria-label={texts.namedPatterns}>
      <div className={styles.head}>
        <input
          className="input"
          aria-label={texts.findAPattern}
          placeholder={texts.findAPattern}
          value={wanted}
          onChange={event => setWanted(event.target.value)}
        />
        <fieldset className={styles.sets}>
          <legend className="visually-hidden">{texts.fieldNames}</legend>
          {SETS.map(set => (
            <button
              key={set.ecs}
              type="button"
              title={set.title}
              aria-pressed={ecs === set.ecs}
              onClick={() => onEcs(set.ecs)}
            >
              {set.label}
            </button>
          ))}
        </fieldset>
      </div>
      {patterns.error && (
        <p className={styles.none} role="alert">
          {patterns.error.message}
        </p>
      )}
      <ul className={styles.list} aria-label={texts.patterns}>
        {found.map(({ name, definition }) => (
          <li key={name}>
            <button
              type="button"
              className={styles.pattern}
              aria-label={name}
              title={texts.putIntoThePattern(name)}
              onClick={() => onChoose(name)}
            >
              <span className={styles.name}>{name}</span>
              <span className={styles.definition}>{definition}</span>
            </button>
          </li>
        ))}
      </ul>
      {patterns.isSuccess && found.length === 0 && (
        <p className={styles.none}>{texts.noPatternHasThisName}</p>
      )}
    </aside>
  )
}

/** By name first, then by definition; custom patterns hide built-in ones of the same name. */
function find(patterns: NamedPattern[], wanted: string): NamedPattern[] {
  const text = wanted.trim().toLowerCase()
  const seen = new Set<string>()
  const unique = patterns.filter(p => !seen.has(p.name) && seen.add(p.name))
  if (text === '') return unique
  const rank = ({ name, definition }: NamedPattern) => {
    const lower = name.toLowerCase()
    if (lower.startsWith(text)) return 0
    if (lower.includes(text)) return 1
    return definition.toLowerCase().includes(text) ? 2 : 3
  }
  return unique.filter(p => rank(p) < 3).sort((a, b) => rank(a) - rank(b))
}
