/** Hands a text to the browser as a file. */
export function download(name: string, type: string, content: BlobPart) {
  const url = URL.createObjectURL(new Blob([content], { type }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}

/** A name that every file system takes. */
export const fileName = (title: string, ending: string): string =>
  `${title.replace(/[^\p{L}\p{N} _.-]+/gu, ' ').trim() || 'visualization'}.${ending}`
