// How the server was of late, as it tells it.

export interface MetricPoint {
  /** Milliseconds since 1970. */
  at: number
  /** Since the point before, but for the time that no process ran. */
  seconds: number
  /** The process was started since the point before. */
  restarted: boolean
  indexRate: number
  searchRate: number
  eventsInRate: number
  eventsOutRate: number
  mergeRate: number
  /** Milliseconds for one; null when there was none. */
  searchMillis: number | null
  indexMillis: number | null
  processors: number
  docs: number
  segments: number
  storeBytes: number
  logBytes: number
  heapBytes: number
  memoryBytes: number
  diskFreeBytes: number
  diskTotalBytes: number
  queued: number
  letters: number
}

export interface SlowSearch {
  at: string
  tookMillis: number
  request: string
  body: string
  status: number
}

export interface Metrics {
  now: number
  intervalMillis: number
  points: MetricPoint[]
  slow: SlowSearch[]
}

/** Less than this between two processes is no gap. */
const PAUSE_MILLIS = 30_000

/** The times of points and what is shown of them, with a time of nothing wherever no process ran. */
export function withGaps(points: readonly MetricPoint[]): { at: number; point: MetricPoint | null }[] {
  return points.flatMap((point, i) => {
    const before = points[i - 1]
    const started = point.at - point.seconds * 1000
    const off = point.restarted && before !== undefined && started - before.at > PAUSE_MILLIS
    return off
      ? [
          { at: started, point: null },
          { at: point.at, point },
        ]
      : [{ at: point.at, point }]
  })
}

/** A line's points as an SVG path; a null lifts the pen, and one point alone is a dot. x and y are from 0 to 1, y upwards. */
export function linePath(
  points: readonly { x: number; y: number | null }[],
  width: number,
  height: number,
): string {
  let path = ''
  let drawing = false
  for (const { x, y } of points) {
    if (y === null) {
      drawing = false
      continue
    }
    path += `${drawing ? 'L' : 'M'}${(x * width).toFixed(1)} ${(height - y * height).toFixed(1)}${drawing ? '' : 'h0'}`
    drawing = true
  }
  return path
}
