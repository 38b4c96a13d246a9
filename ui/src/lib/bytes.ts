const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']

/** Bytes by powers of 1024, as Elasticsearch counts them: "0 B", "1.5 kB", "24 MB". */
export function formatBytes(bytes: number): string {
  let value = bytes
  let unit = 0
  while (Math.abs(value) >= 1024 && unit < UNITS.length - 1) {
    value /= 1024
    unit++
  }
  return `${unit > 0 && Math.abs(value) < 10 ? value.toFixed(1) : Math.round(value)} ${UNITS[unit]}`
}
