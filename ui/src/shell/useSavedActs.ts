import { useState } from 'react'
import { createObject, deleteObject, exportObjects, getObject } from '../api/saved'
import { saveText } from '../components/save'
import { type SavedObject, titleOf } from '../lib/savedobjects'
import { texts } from '../texts/saved'

interface Kind {
  type: string
  /** The attribute that people know it by. */
  nameIn: 'title' | 'name'
  /** The name of a file of several. */
  file: string
}

export interface SavedActs {
  /** Does something and says what came of it, or why not. */
  act: (work: () => Promise<string | null>) => Promise<void>
  copy: (object: SavedObject) => void
  remove: (object: SavedObject) => void
  takeBack: (object: SavedObject) => void
  download: (objects: readonly SavedObject[]) => void
  /** What can be taken back. */
  removed: SavedObject | null
  fault: Error | null
  done: string | null
}

/** What people do with saved objects in a list of them; `changed` is called after each. */
export function useSavedActs(kind: Kind, changed: () => Promise<unknown>): SavedActs {
  const [removed, setRemoved] = useState<SavedObject | null>(null)
  const [fault, setFault] = useState<Error | null>(null)
  const [done, setDone] = useState<string | null>(null)
  const act = async (work: () => Promise<string | null>) => {
    setFault(null)
    setDone(null)
    try {
      setDone(await work())
      await changed()
    } catch (error) {
      setFault(error instanceof Error ? error : new Error(String(error)))
    }
  }
  return {
    act,
    copy: object =>
      void act(async () => {
        const { attributes, references } = await getObject(object)
        const title = texts.copy(titleOf(object))
        await createObject(kind.type, { attributes: { ...attributes, [kind.nameIn]: title }, references })
        return texts.copiedAs(title)
      }),
    remove: object =>
      void act(async () => {
        const whole = await getObject(object)
        await deleteObject(whole)
        setRemoved(whole)
        return null
      }),
    takeBack: object =>
      void act(async () => {
        await createObject(kind.type, object, object.id)
        setRemoved(null)
        return texts.isBack(titleOf(object))
      }),
    download: objects =>
      void act(async () => {
        const [first] = objects
        const name = objects.length === 1 && first ? titleOf(first) : kind.file
        saveText(`${name}.ndjson`, 'application/ndjson', await exportObjects(objects))
        return null
      }),
    removed,
    fault,
    done,
  }
}
