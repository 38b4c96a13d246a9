import type { CSSProperties } from 'react'
import type { Font } from '../../../lib/canvas/values'

/** A font as a style of an element. */
export const fontStyle = (font: Font): CSSProperties => ({
  ...(font.family !== null && { fontFamily: font.family }),
  fontSize: `${font.size}px`,
  ...(font.color !== null && { color: font.color }),
  textAlign: font.align,
  fontWeight: font.weight,
  ...(font.italic && { fontStyle: 'italic' }),
  ...(font.underline && { textDecoration: 'underline' }),
  lineHeight: font.lineHeight === null ? 1.35 : `${font.lineHeight}px`,
})
