// Charts of several layers laid over each other: one axis that has the values of all of them.

import { type Axis, MAX_SERIES, type Series, type XYChart } from './series'

/** The first chart with the series of the others along its axis. */
export function withLayers(chart: XYChart, others: readonly XYChart[]): XYChart {
  if (others.length === 0) return chart
  const all = [chart, ...others]
  const axis = joined(all.map(c => c.axis))
  const placeOf = new Map(axis.values.map((value, at) => [value, at]))
  const series = all.flatMap((one, layer) => {
    const places = one.axis.values.map(value => placeOf.get(value) ?? 0)
    return one.series.map(s => placed(s, places, axis.values.length, one.axis.step, layer))
  })
  return { ...chart, axis, series: series.slice(0, MAX_SERIES) }
}

/** The values of all axes: in their order on a scale, in the order of their coming otherwise. */
function joined(axes: readonly Axis[]): Axis {
  const [first] = axes as [Axis]
  const found = new Map<number | string, { axis: Axis; at: number }>()
  for (const axis of axes)
    for (const [at, value] of axis.values.entries()) if (!found.has(value)) found.set(value, { axis, at })
  const entries = [...found]
  if (axes.every(a => a.kind !== 'category')) entries.sort(([a], [b]) => Number(a) - Number(b))
  const ofPlace = <T>(i: number, read: (axis: Axis, at: number) => T): T | undefined => {
    const own = entries[i]?.[1]
    return own && read(own.axis, own.at)
  }
  const steps = axes.flatMap(a => a.step ?? [])
  return {
    ...first,
    values: entries.map(([value]) => value),
    text: i => ofPlace(i, (axis, at) => axis.text(at)) ?? '',
    filters: i => ofPlace(i, (axis, at) => axis.filters(at)) ?? [],
    step: steps.length > 0 ? Math.min(...steps) : null,
  }
}

function placed(s: Series, places: number[], length: number, step: number | null, layer: number): Series {
  const spread = <T>(list: readonly T[], otherwise: () => T): T[] => {
    const out = Array.from({ length }, otherwise)
    for (const [at, place] of places.entries()) out[place] = list[at] as T
    return out
  }
  return {
    ...s,
    id: layer === 0 ? s.id : `${layer} ${s.id}`,
    values: spread(s.values, () => null),
    filters: i => {
      const own = places.lastIndexOf(i)
      return own < 0 ? [] : s.filters(own)
    },
    ...(s.sizes && { sizes: spread(s.sizes, () => null) }),
    places,
    step,
  }
}
