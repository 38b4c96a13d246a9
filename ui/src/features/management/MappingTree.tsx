import { useState } from 'react'
import { Icon } from '../../components/Icon'
import { texts } from '../../texts/management'
import styles from './MappingTree.module.css'

export interface MappingRow {
  /** Names from the root, with dots. */
  path: string
  name: string
  depth: number
  type: string
  /** Options but for type and members, as written. */
  options: string
  /** It has members. */
  branch: boolean
}

/** The rows of a mapping's tree, members behind their objects; sub-fields are members too. */
export function rowsOfMapping(mapping: unknown): MappingRow[] {
  const rows: MappingRow[] = []
  const walk = (properties: unknown, prefix: string, depth: number) => {
    if (!isObject(properties)) return
    for (const [name, raw] of Object.entries(properties).toSorted(([a], [b]) => a.localeCompare(b))) {
      if (!isObject(raw)) continue
      const { type, properties: members, fields, ...rest } = raw
      const path = prefix + name
      rows.push({
        path,
        name,
        depth,
        type: typeof type === 'string' ? type : 'object',
        options: Object.entries(rest)
          .map(([option, value]) => `${option}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
          .join(', '),
        branch: isObject(members),
      })
      walk(members, `${path}.`, depth + 1)
      walk(fields, `${path}.`, depth + 1)
    }
  }
  const inner = isObject(mapping) && isObject(mapping.mappings) ? mapping.mappings : mapping
  if (isObject(inner)) walk(inner.properties, '', 0)
  return rows
}

/** How many fields have values: objects have none. */
export const countFields = (mapping: unknown): number =>
  rowsOfMapping(mapping).filter(row => !row.branch).length

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The fields of a mapping as a tree whose branches close. `whole` shows paths instead, as for a search. */
export function MappingTree({ rows, whole }: { rows: MappingRow[]; whole: boolean }) {
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set())
  const toggle = (path: string) =>
    setClosed(before => {
      const after = new Set(before)
      if (!after.delete(path)) after.add(path)
      return after
    })
  const hidden = (row: MappingRow) => !whole && [...closed].some(path => row.path.startsWith(`${path}.`))
  return (
    <ul className={styles.tree} aria-label={texts.fields}>
      {rows
        .filter(row => !hidden(row))
        .map(row => (
          <li key={row.path} className={styles.row}>
            <span className={styles.name} style={{ paddingLeft: whole ? 0 : row.depth * 16 }}>
              {row.branch && !whole ? (
                <button type="button" aria-expanded={!closed.has(row.path)} onClick={() => toggle(row.path)}>
                  <Icon name={closed.has(row.path) ? 'right' : 'down'} size={11} />
                  {row.name}
                </button>
              ) : (
                <span className={styles.leaf}>{whole ? row.path : row.name}</span>
              )}
            </span>
            <span className={styles.type}>{row.type}</span>
            <span className={styles.options} title={row.options}>
              {row.options}
            </span>
          </li>
        ))}
    </ul>
  )
}
