// The names that a mistyped one may stand for.

/** Longer names are compared by their first letters only: the table of a comparison grows with both lengths. */
const COMPARED = 64

/** Those close enough to be meant, nearest first. */
export function nearestNames(name: string, names: readonly string[]): string[] {
  const wanted = fold(name)
  return names
    .map(candidate => ({ candidate, far: farness(wanted, fold(candidate)) }))
    .filter(({ far }) => far <= 0.5)
    .sort((a, b) => a.far - b.far || a.candidate.length - b.candidate.length)
    .map(({ candidate }) => candidate)
}

/** Case and the sign between words are told apart by machines only. */
const fold = (name: string) =>
  name
    .toLowerCase()
    .replace(/[\s._-]+/g, '_')
    .slice(0, COMPARED)

/** 0 is the same, 1 nothing in common. */
function farness(a: string, b: string): number {
  if (a === b) return 0
  const edits = editDistance(a, b) / Math.max(a.length, b.length)
  const [short, long] = a.length < b.length ? [a, b] : [b, a]
  // `level` for log_level, `service` for service_name, `responsetime` for response_time.
  if (
    short.length >= 3 &&
    (`_${long}_`.includes(`_${short}_`) || long.replaceAll('_', '') === short.replaceAll('_', ''))
  )
    return Math.min(edits, 0.3)
  if (short.length >= 3 && long.startsWith(short)) return Math.min(edits, 0.4)
  return edits
}

/** Letters to insert, delete, replace or swap with their neighbour. */
function editDistance(a: string, b: string): number {
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      let least = Math.min(
        (last[j] as number) + 1,
        (row[j - 1] as number) + 1,
        (last[j - 1] as number) + same,
      )
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, (before[j - 2] as number) + 1)
      row.push(least)
    }
    before = last
    last = row
  }
  return last[b.length] as number
}
