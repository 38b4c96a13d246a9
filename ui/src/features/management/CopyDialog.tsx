import { type FormEvent, useState } from 'react'
import { copyObjects } from '../../api/spaces'
import { Dialog } from '../../components/Dialog'
import { type SavedObject, titleOf } from '../../lib/savedobjects'
import { baseOf, type Space } from '../../lib/space'
import { Outcome } from '../../shell/States'
import { texts } from '../../texts/management'
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
  const what = objects.length === 1 && objects[0] ? titleOf(objects[0]) : texts.objects(objects.length)
  return (
    <Dialog label={texts.copyToASpace} onClose={onClose}>
      <form className={styles.copy} onSubmit={submit}>
        <h2>{texts.copyToASpace}</h2>
        <p className={styles.about}>
          <b>{what}</b>
          {texts.andEverythingNeeded(objects.length)}
        </p>
        <label className={styles.row}>
          <span>{texts.space}</span>
          <select className="input" value={space} onChange={event => setSpace(event.target.value)}>
            {spaces.map(one => (
              <option key={one.id} value={one.id}>
                {one.name}
              </option>
            ))}
          </select>
        </label>
        <label className={styles.row}>
          <span>{texts.thenWord}</span>
          <select className="input" value={how} onChange={event => setHow(event.target.value as How)}>
            {(Object.keys(HOWS) as How[]).map(h => (
              <option key={h} value={h}>
                {HOWS[h]}
              </option>
            ))}
          </select>
        </label>
        <Outcome error={copy.error} />
        {copy.data && <Taken result={copy.data} verb={texts.copied} />}
        <div className={styles.ways}>
          {copy.data?.success && (
            <a className="button outlined" href={`${baseOf(space)}/management/saved_objects`}>
              {texts.goThere}
            </a>
          )}
          <button type="button" className="button outlined" onClick={onClose}>
            {texts.close}
          </button>
          <button type="submit" className="button primary" disabled={copy.isPending}>
            {texts.copy}
          </button>
        </div>
      </form>
    </Dialog>
  )
}
