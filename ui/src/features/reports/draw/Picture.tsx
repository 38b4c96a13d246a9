import { useEffect, useState } from 'react'
import { readDataUrl } from '../../../lib/canvas/image'
import type { ImageMode } from '../../../lib/canvas/values'
import styles from './draw.module.css'

/** An image of the workpad. It is handed to the browser as a file of its own, in which no script runs. */
export function Picture({ source, mode }: { source: string | null; mode: ImageMode }) {
  const url = useObjectUrl(source)
  if (url === null) return null
  return <img className={styles.picture} src={url} alt="" data-mode={mode} draggable={false} />
}

export function useObjectUrl(source: string | null): string | null {
  const [url, setUrl] = useState<string | null>(null)
  useEffect(() => {
    const read = source === null ? null : readDataUrl(source)
    if (read === null) return setUrl(null)
    const made = URL.createObjectURL(new Blob([read.bytes], { type: read.type }))
    setUrl(made)
    return () => URL.revokeObjectURL(made)
  }, [source])
  return url
}
