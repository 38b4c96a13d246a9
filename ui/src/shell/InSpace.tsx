import type { ReactNode } from 'react'
import { SpaceMark } from '../components/SpaceMark'
import { baseOf, DEFAULT_SPACE, SPACE } from '../lib/space'
import { texts } from '../texts/shell'
import styles from './InSpace.module.css'
import { Nothing } from './States'
import { useSpaces } from './spaces'
import { useTitle } from './useTitle'

/** The pages of the space that the address names; where there is none, the ways to those that are. */
export function InSpace({ children }: { children: ReactNode }) {
  const { data } = useSpaces()
  if (SPACE === DEFAULT_SPACE || !data || data.some(space => space.id === SPACE)) return children
  return (
    <main className={styles.lost} aria-label={texts.noSuchSpace}>
      <NoSpace />
      <ul className={styles.spaces}>
        {data.map(space => (
          <li key={space.id}>
            <a className="button outlined" href={`${baseOf(space.id)}/discover`}>
              <SpaceMark space={space} />
            </a>
          </li>
        ))}
      </ul>
    </main>
  )
}

function NoSpace() {
  useTitle(texts.noSuchSpace)
  return (
    <>
      <h1 className="visually-hidden">{texts.noSuchSpace}</h1>
      <Nothing title={texts.thereIsNoSuchSpace}>
        <p>
          <code>{SPACE}</code> {texts.isTheId}
        </p>
      </Nothing>
    </>
  )
}
