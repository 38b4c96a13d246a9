const grouped = new Intl.NumberFormat('en', { maximumFractionDigits: 2 })

/** "12,408" */
export const formatCount = (n: number): string => grouped.format(n)

/** "12.4k", "1.2M": short enough for an axis. */
export function formatShort(n: number): string {
  const [value, unit] =
    n >= 1e9 ? [n / 1e9, 'G'] : n >= 1e6 ? [n / 1e6, 'M'] : n >= 1e4 ? [n / 1e3, 'k'] : [n, '']
  return unit === ''
    ? grouped.format(value)
    : `${value < 100 ? Number(value.toFixed(1)) : Math.round(value)}${unit}`
}

/** A share as "61 %"; "<1 %" for what would round to nothing. */
export function formatShare(part: number, whole: number): string {
  if (whole <= 0) return '–'
  const percent = (100 * part) / whole
  return percent > 0 && percent < 1 ? '<1 %' : `${Math.round(percent)} %`
}

/** Up to four significant digits, for measured values. */
export function formatMeasure(n: number): string {
  return Math.abs(n) >= 1000 ? grouped.format(Math.round(n)) : String(Number(n.toPrecision(4)))
}

/** Up to three significant digits, for what changes while one looks. */
export function formatRough(n: number): string {
  return Math.abs(n) >= 100 ? grouped.format(Math.round(n)) : String(Number(n.toPrecision(n < 1 ? 2 : 3)))
}

/** A round number at or above n, for the top of an axis. */
export function niceCeiling(n: number): number {
  if (n <= 1) return 1
  const power = 10 ** Math.floor(Math.log10(n))
  const step = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find(s => s * power >= n && Number.isInteger(s * power))
  return (step ?? 10) * power
}

/** From one number to another: "+12 %", "−40 %", "×3.2"; "new" from nothing. */
export function changeText(before: number, now: number): string {
  if (before === 0) return now === 0 ? '±0 %' : 'new'
  const factor = now / before
  if (factor >= 2) return `×${factor >= 10 ? Math.round(factor) : factor.toFixed(1)}`
  const percent = Math.round(100 * (factor - 1))
  return percent === 0 ? '±0 %' : percent > 0 ? `+${percent} %` : `−${-percent} %`
}
