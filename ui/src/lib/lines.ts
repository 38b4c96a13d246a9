// Lines of a long text by their offsets, for views that draw only some of them.

/** Where each line begins. */
export function lineStarts(text: string): number[] {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

/** The line that holds an offset. */
export function lineAt(starts: readonly number[], offset: number): number {
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((starts[middle] as number) <= offset) low = middle
    else high = middle - 1
  }
  return low
}

/** The end of a line, without its line break. */
export function lineEnd(text: string, starts: readonly number[], line: number): number {
  const next = starts[line + 1]
  return next === undefined ? text.length : next - 1
}

export function placeOf(
  text: string,
  starts: readonly number[],
  offset: number,
): { line: number; column: number } {
  const line = lineAt(starts, offset)
  return { line, column: columns(text.slice(starts[line], offset)) }
}

/** The width of the widest line, in columns. */
export function columnsOf(text: string, starts: readonly number[]): number {
  let widest = 0
  for (let line = 0; line < starts.length; line++) {
    const start = starts[line] as number
    const end = lineEnd(text, starts, line)
    // A character takes two columns at most, so most lines need not be looked at.
    if ((end - start) * 2 > widest) widest = Math.max(widest, columns(text.slice(start, end)))
  }
  return widest
}

const WIDE = /[\t\u1100-\u115f\u2e80-\ud7ff\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60]+/g

/** Wide characters (of East Asian scripts, and emoji) take two columns, and so does a tab here. */
function columns(text: string): number {
  let count = text.length
  // A search by the engine passes over megabytes in a moment.
  for (const wide of text.matchAll(WIDE)) count += wide[0].length
  return count
}
