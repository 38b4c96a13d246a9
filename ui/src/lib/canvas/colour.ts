// Colours and borders of a file that anybody may have written: nothing but a colour gets into a style.

const NAMED = /^[a-z]{3,24}$/i
const HEX = /^#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/i
const FUNCTION = /^(?:rgb|rgba|hsl|hsla)\([\d\s.,%/+-]{1,60}(?:deg)?[\d\s.,%/+-]{0,60}\)$/i

/** The colour as it may stand in a style, or null. */
export function readColour(text: string | null | undefined): string | null {
  const trimmed = (text ?? '').trim()
  return HEX.test(trimmed) || NAMED.test(trimmed) || FUNCTION.test(trimmed) ? trimmed : null
}

const BORDER_STYLES = new Set(['solid', 'dashed', 'dotted', 'double'])

/** `1px solid #ccc`; null for none and for what is no border. */
export function readBorder(text: string | null): { width: number; style: string; color: string } | null {
  const m = /^(\d{1,3}(?:\.\d{1,2})?)px\s+([a-z]+)\s+(.+)$/i.exec((text ?? '').trim())
  const color = readColour(m?.[3])
  const style = m?.[2]?.toLowerCase() ?? ''
  const width = Number(m?.[1] ?? 0)
  return color !== null && width > 0 && BORDER_STYLES.has(style) ? { width, style, color } : null
}

/** `12px` or `12`; 0 for anything else. */
export function readPixels(text: string | null): number {
  const m = /^(\d{1,4}(?:\.\d{1,2})?)(?:px)?$/.exec((text ?? '').trim())
  return m ? Number(m[1]) : 0
}

/** How light a colour is, 0 to 1, from its hexadecimal or `rgb()` form; null where that cannot be told. */
export function lightness(colour: string): number | null {
  const parts = channels(colour)
  if (parts === null) return null
  const [r, g, b] = parts.map(c =>
    c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4,
  )
  return 0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (b ?? 0)
}

function channels(colour: string): number[] | null {
  const hex = /^#([0-9a-f]{3,8})$/i.exec(colour.trim())?.[1]
  if (hex !== undefined) {
    const wide = hex.length <= 4 ? hex.replace(/./g, c => c + c) : hex
    return [0, 2, 4].map(at => Number.parseInt(wide.slice(at, at + 2), 16))
  }
  const rgb = /^rgba?\(\s*([\d.]+)[\s,]+([\d.]+)[\s,]+([\d.]+)/i.exec(colour.trim())
  if (rgb) return rgb.slice(1, 4).map(Number)
  return { white: [255, 255, 255], black: [0, 0, 0] }[colour.trim().toLowerCase()] ?? null
}
