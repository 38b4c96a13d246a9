import { type FormEvent, useState } from 'react'
import { copyObjects } from '../../api/spaces'
import { Dialog } from '../../components/Dialog'
import { type SavedObject, titleOf } from '../../lib/savedobjects'
import { baseOf, type Space } from '../../lib/space'
import { Outcome } from '../../shell/States'
import styles from './CopyDialog.module.css'
import { useDeed } from './queries'
import { HOWS, type How } from './savedtypes'
import { Taken } from './Taken'

interface Props {
  objects: SavedObject[]
  /** Those that can be copied to; at least one. */
  spaces: Space[]
  onClose: () => void
}

/** Copies objects, with all that they need, into another space. */
export function CopyDialog({ objects, spaces, onClose }: Props) {
  const [space, setSpace] = useState(spaces[0]?.id ?? '')
  const [how, setHow] = useState<How>('fail')
  const copy = useDeed(() => copyObjects(objects, space, how))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!copy.isPending) copy.mutate(undefined)
  }
  const what = objects.length === 1 && objects[0] ? titleOf(objects[0]) : `${objects.length} objects`
  return (
    <Dialog label="Copy to a space" onClose={onClose}>
      <form className={styles.copy} onSubmit={submit}>
        <h2>Copy to a space</h2>
        <p className={styles.about}>
          <b>{what}</b>, and everything needed with {objects.length === 1 ? 'it' : 'them'}. What is changed
          afterwards is changed in one space only.
        </p>
        <label className={styles.row}>
          <span>Space</span>
          <select className="input" value={space} onChange={event => setSpace(event.target.value)}>
            {spaces.map(one => (
              <option key={one.id} value={one.id}>
                {one.name}
              </option>
            ))}
          </select>
        </label>
        <label className={styles.row}>
          <span>Then</span>
          <select className="input" value={how} onChange={event => setHow(event.target.value as How)}>
            {(Object.keys(HOWS) as How[]).map(h => (
              <option key={h} value={h}>
                {HOWS[h]}
              </option>
            ))}
          </select>
        </label>
        <Outcome error={copy.error} />
        {copy.data && <Taken result={copy.data} verb="copied" />}
        <div className={styles.ways}>
          {copy.data?.success && (
            <a className="button outlined" href={`${baseOf(space)}/management/saved_objects`}>
              Go there
            </a>
          )}
          <button type="button" className="button outlined" onClick={onClose}>
            Close
          </button>
          <button type="submit" className="button primary" disabled={copy.isPending}>
            Copy
          </button>
        </div>
      </form>
    </Dialog>
  )
}
