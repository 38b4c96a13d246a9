import { Visualization } from '../../../components/charts/Visualization'
import type { Saved } from '../../../lib/canvas/values'
import { needsSearch } from '../../../lib/vis/request'
import { type Moment, useMoment, useSavedVis, useVisTable } from '../queries'

interface Props {
  saved: Saved
  moment: Moment
  width: number
}

/** A chart of the library, or one that the workpad holds itself. */
export function SavedView({ saved, moment, width }: Props) {
  const vis = useSavedVis(saved)
  const own = useMoment(saved.range ?? { from: 'now', to: 'now' }, moment.askedAt)
  const table = useVisTable(vis.data ?? null, saved.range ? own : moment, width)
  if (!vis.data) return vis.error ? <p role="alert">{vis.error.message}</p> : <p aria-busy="true" />
  const shown = saved.title === null ? vis.data : { ...vis.data, title: saved.title }
  const waiting = needsSearch(vis.data) && table.isFetching
  return (
    <Visualization
      vis={shown}
      table={table.data ?? null}
      error={table.data ? null : table.error}
      stale={waiting}
    />
  )
}
