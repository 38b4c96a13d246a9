import type { Millis } from '../lib/time/units'
import { texts } from '../texts/components'
import { RefreshButtons } from './RefreshButtons'

const EVERY: readonly (Millis | null)[] = [null, 5000, 10_000, 30_000, 60_000, 300_000]

const textOf = (every: Millis) => (every >= 60_000 ? `${every / 60_000} min` : `${every / 1000} s`)

interface Props {
  every: Millis | null
  onEvery: (every: Millis | null) => void
  onRefresh: () => void
}

/** Asks again now, or every so often. */
export function RefreshMenu({ every, onEvery, onRefresh }: Props) {
  return (
    <RefreshButtons
      mode={every}
      modes={EVERY}
      labelOf={one => (one === null ? texts.off : texts.every(textOf(one)))}
      shortOf={one => (one === null ? '' : textOf(one))}
      again={{ label: texts.refresh, title: texts.askAgain }}
      byItself={{ label: texts.refreshByItself }}
      menu={texts.refresh}
      onAgain={onRefresh}
      onMode={onEvery}
    />
  )
}
