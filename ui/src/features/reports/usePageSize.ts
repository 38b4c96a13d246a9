import { useEffect } from 'react'

/** Prints each page on a sheet of its own size, without the printer's margins. */
export function usePageSize(width: number, height: number) {
  useEffect(() => {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(`@page { size: ${width}px ${height}px; margin: 0 }`)
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]
    return () => {
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter(one => one !== sheet)
    }
  }, [width, height])
}
