import { useState } from 'react'
import { mappings, search } from '../../api/client'
import { decodeMetric } from '../../api/schemas/search'
import { candidates, type Filling, suggestDashboard } from '../../lib/dashboard/suggest'
import { type Field, fieldsOfMappings } from '../../lib/fields'
import type { DataViewInfo } from '../../lib/savedobjects'
import { absoluteRange } from '../../lib/time/range'
import { existsFilter } from '../../lib/vis/filter'
import { conditionsQuery } from '../../lib/vis/query'
import { useForget } from '../../state/forget'
import { texts } from '../../texts/dashboards'
import { newView } from './queries'
import type { DashboardPageState } from './useDashboard'

/** Fills an empty dashboard with what suits the data, in one press. */
export function useSuggested(page: DashboardPageState, onDone: () => void) {
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<string | null>(null)
  const forget = useForget()
  const act = async (viewOf: () => Promise<DataViewInfo>) => {
    setBusy(true)
    setFault(null)
    try {
      const view = await viewOf()
      const fields = fieldsOfMappings(await mappings(view.title))
      const range = page.narrowing?.range
      const now = range && view.timeField !== null ? { field: view.timeField, range } : null
      const recent = await fillings(view, fields, now)
      // Where the time that is looked at holds nothing, the whole data tells more than an empty page.
      const known = recent.total > 0 ? recent : await fillings(view, fields, null)
      page.edit(d => suggestDashboard(d, view, fields, known.of), texts.suggestedFromNamed(view.name))
      if (recent.total === 0 && known.span !== null)
        page.changeRange(absoluteRange(known.span.from, known.span.to + 1))
      onDone()
    } catch (error) {
      setFault(error instanceof Error ? error.message : String(error))
    }
    setBusy(false)
  }
  return {
    busy,
    fault,
    fromView: (view: DataViewInfo) => void act(() => Promise.resolve(view)),
    /** Of indices that have no data view yet, which they get. */
    fromPattern: (pattern: string) =>
      void act(async () => {
        const view = await newView(pattern)
        await forget('data_views')
        return view
      }),
  }
}

type Within = Parameters<typeof conditionsQuery>[0]

/** What one search tells of the fields that are worth asking about. */
async function fillings({ title, timeField }: DataViewInfo, fields: readonly Field[], within: Within) {
  const asked = candidates(fields)
  const aggs = Object.fromEntries(
    asked.flatMap((field, at): [string, object][] => {
      const on = field.aggregateOn ?? field.name
      const has: [string, object] = [`has${at}`, { filter: existsFilter(on).query }]
      return field.kind === 'geo' ? [has] : [has, [`values${at}`, { cardinality: { field: on } }]]
    }),
  )
  const span =
    timeField === null ? {} : { least: { min: { field: timeField } }, most: { max: { field: timeField } } }
  const { total, aggregations } = await search(title, {
    size: 0,
    query: conditionsQuery(within, [], []),
    track_total_hits: true,
    aggs: { ...aggs, ...span },
  })
  const all = total?.value ?? 0
  const of = (field: Field): Filling => {
    const at = asked.indexOf(field)
    const { doc_count: has } = (aggregations[`has${at}`] ?? {}) as { doc_count?: number }
    return {
      share: all > 0 ? (has ?? 0) / all : 0,
      values: field.kind === 'geo' ? 0 : (decodeMetric(aggregations, `values${at}`) ?? 0),
    }
  }
  const [from, to] =
    timeField === null
      ? [null, null]
      : [decodeMetric(aggregations, 'least'), decodeMetric(aggregations, 'most')]
  return { total: all, of, span: from !== null && to !== null ? { from, to } : null }
}
