// Which index patterns to offer, from the names of the indices there are.

export interface IndexInfo {
  name: string
  docs: number
}

export interface IndexPattern {
  pattern: string
  indices: number
  docs: number
}

/** Everything that is not hidden. */
const ALL = '*'

/** A trailing date (2026.12.25, 2026-12, 2026.w52) or rollover number (000001), which make one series of indices. */
const SERIES = /[-_.](\d{4}[.-]\d{2}([.-]\d{2})?([.-]\d{2})?|\d{4}\.w\d{2}|\d{4}|\d{6})(-\d{1,6})?$/

/** Patterns, largest first after `*`. Hidden indices (a leading dot) are left out. */
export function patternsOf(indices: readonly IndexInfo[]): IndexPattern[] {
  const visible = indices.filter(i => !i.name.startsWith('.'))
  const groups = new Map<string, IndexPattern>()
  for (const { name, docs } of visible) {
    const base = name.replace(SERIES, '')
    const pattern = base === name ? name : `${base}-*`
    const group = groups.get(pattern) ?? { pattern, indices: 0, docs: 0 }
    groups.set(pattern, { pattern, indices: group.indices + 1, docs: group.docs + docs })
  }
  const sorted = [...groups.values()].sort((a, b) => b.docs - a.docs || a.pattern.localeCompare(b.pattern))
  const docs = visible.reduce((sum, i) => sum + i.docs, 0)
  return [{ pattern: ALL, indices: visible.length, docs }, ...sorted]
}

/** Where a first visit lands: the only series there is, else `logs-*`, else everything. */
export function choosePattern(patterns: readonly IndexPattern[]): string {
  const series = patterns.filter(p => p.pattern !== ALL && p.docs > 0)
  if (series.length === 1) return (series[0] as IndexPattern).pattern
  return series.find(p => p.pattern === 'logs-*')?.pattern ?? ALL
}
