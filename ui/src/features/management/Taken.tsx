import type { ImportResult } from '../../lib/savedobjects'
import styles from './SavedObjectsPage.module.css'
import { OBJECT_TYPES } from './savedtypes'

/** What came of an import, or of a copy. */
export function Taken({ result, verb = 'taken in' }: { result: ImportResult; verb?: string }) {
  const count = `${result.count} ${result.count === 1 ? 'object' : 'objects'}`
  // While one waits for a decision, none is written.
  const waits = result.problems.some(p => p.type === 'conflict' || p.type === 'missing_references')
  return (
    <div role={result.problems.length > 0 ? 'alert' : 'status'}>
      <p>
        {result.problems.length === 0
          ? `${count} ${verb}.`
          : waits
            ? `Nothing ${verb} yet:`
            : `${count} ${verb}, ${result.problems.length} not:`}
      </p>
      <ul className={styles.problems}>
        {result.problems.map(p => (
          <li key={`${p.key.type}:${p.key.id}`}>
            <b>{p.title}</b> ({OBJECT_TYPES[p.key.type] ?? p.key.type}):{' '}
            {p.type === 'conflict'
              ? 'is there already; choose to replace it or to make copies, and try again'
              : p.type === 'missing_references'
                ? `needs ${p.missing.map(m => `${m.type} ${m.id}`).join(', ')}, which is not there`
                : p.message || p.type.replaceAll('_', ' ')}
          </li>
        ))}
      </ul>
    </div>
  )
}
