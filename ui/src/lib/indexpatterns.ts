// Which index patterns to offer, from the names of the indices there are.

import { type EpochMillis, MINUTE } from './time/units'

export interface IndexInfo {
  name: string
  docs: number
}

export interface IndexPattern {
  pattern: string
  indices: number
  docs: number
  /** When its newest event was; null where that is not known. */
  newest: EpochMillis | null
}

/** Everything that is not hidden. */
const ALL = '*'

/** A trailing date (2026.12.25, 2026-12, 2026.w52) or rollover number (000001), which make one series of indices. */
const SERIES = /[-_.](\d{4}[.-]\d{2}([.-]\d{2})?([.-]\d{2})?|\d{4}\.w\d{2}|\d{4}|\d{6})(-\d{1,6})?$/

/** An index behind a data stream, and the stream's name. */
const BACKING = /^\.(?:ds|fs)-(.+)-\d{4}\.\d{2}\.\d{2}-\d{6,}$/

/** The data stream that an index stands behind, else its own name. */
export const streamOf = (index: string): string => BACKING.exec(index)?.[1] ?? index

/** Hidden indices have a leading dot; those behind data streams are seen through their stream. */
export const isHidden = (index: string): boolean => streamOf(index).startsWith('.')

/** Whether a pattern, or a list of them with commas between, finds an index by its name or its stream's. */
export function fitsPattern(index: string, pattern: string): boolean {
  const names = [index, streamOf(index)]
  return pattern.split(',').some(part => {
    const parts = part
      .trim()
      .split('*')
      .map(text => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    const found = new RegExp(`^${parts.join('.*')}$`)
    return names.some(name => found.test(name) && (!isHidden(name) || part.startsWith('.')))
  })
}

/** Patterns, largest first after `*`. `newest` tells of each index when its newest event was. */
export function patternsOf(
  indices: readonly IndexInfo[],
  newest: ReadonlyMap<string, EpochMillis> = new Map(),
): IndexPattern[] {
  const visible = indices.filter(i => !isHidden(i.name))
  const groups = new Map<string, IndexPattern>()
  const add = (pattern: string, index: IndexInfo) => {
    const group = groups.get(pattern) ?? { pattern, indices: 0, docs: 0, newest: null }
    groups.set(pattern, {
      pattern,
      indices: group.indices + 1,
      docs: group.docs + index.docs,
      newest: later(group.newest, newest.get(index.name) ?? null),
    })
  }
  for (const index of visible) {
    const stream = streamOf(index.name)
    const base = stream === index.name ? stream.replace(SERIES, '') : stream
    add(base === stream ? stream : `${base}-*`, index)
  }
  const all = { pattern: ALL, indices: 0, docs: 0, newest: null as EpochMillis | null }
  for (const group of groups.values()) {
    all.indices += group.indices
    all.docs += group.docs
    all.newest = later(all.newest, group.newest)
  }
  return [all, ...[...groups.values()].sort((a, b) => b.docs - a.docs || a.pattern.localeCompare(b.pattern))]
}

function later(a: EpochMillis | null, b: EpochMillis | null): EpochMillis | null {
  return a === null ? b : b === null ? a : Math.max(a, b)
}

/** Series whose newest events are no further apart than this are equally fresh. */
const FRESH = 15 * MINUTE

/**
 * Where a first visit lands: the series with the newest events, of equally fresh ones the largest; everything where no time
 * is known. An event of the future is no newer than one of now: a clock that is wrong makes nothing fresh.
 */
export function choosePattern(patterns: readonly IndexPattern[], now: EpochMillis = Date.now()): string {
  const series = patterns.filter(p => p.pattern !== ALL && p.docs > 0)
  if (series.length === 1) return (series[0] as IndexPattern).pattern
  const until = (p: IndexPattern) => (p.newest === null ? null : Math.min(p.newest, now))
  const newest = series.reduce((at, p) => later(at, until(p)), null as EpochMillis | null)
  if (newest === null) return ALL
  const fresh = series.filter(p => (until(p) ?? Number.NEGATIVE_INFINITY) >= newest - FRESH)
  return fresh.reduce((a, b) => (b.docs > a.docs ? b : a)).pattern
}
