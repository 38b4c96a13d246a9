import type { ImportResult } from '../../lib/savedobjects'
import { texts } from '../../texts/management'
import styles from './SavedObjectsPage.module.css'
import { OBJECT_TYPES } from './savedtypes'

/** What came of an import, or of a copy. */
export function Taken({ result, verb = texts.takenIn }: { result: ImportResult; verb?: string }) {
  const count = texts.objectsCount(String(result.count), result.count)
  // While one waits for a decision, none is written.
  const waits = result.problems.some(p => p.type === 'conflict' || p.type === 'missing_references')
  return (
    <div role={result.problems.length > 0 ? 'alert' : 'status'}>
      <p>
        {result.problems.length === 0
          ? `${count} ${verb}.`
          : waits
            ? texts.nothingYet(verb)
            : texts.objectsNot(count, verb, result.problems.length)}
      </p>
      <ul className={styles.problems}>
        {result.problems.map(p => (
          <li key={`${p.key.type}:${p.key.id}`}>
            <b>{p.title}</b> ({OBJECT_TYPES[p.key.type] ?? p.key.type}):{' '}
            {p.type === 'conflict'
              ? texts.isThereAlreadyChooseToReplace
              : p.type === 'missing_references'
                ? texts.needsWhichIsNotThere(p.missing.map(m => `${m.type} ${m.id}`).join(', '))
                : p.message || p.type.replaceAll('_', ' ')}
          </li>
        ))}
      </ul>
    </div>
  )
}
