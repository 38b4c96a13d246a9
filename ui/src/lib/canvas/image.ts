// Images as the workpad holds them: data URLs. Nothing is loaded from elsewhere.

/** Larger ones make every write of the workpad slow; Kibana's own limit is 25 kB. */
export const MAX_IMAGE_BYTES = 1_000_000

export const IMAGE_TYPES = ['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/svg+xml'] as const

const DATA_URL = /^data:(image\/(?:png|jpe?g|gif|webp|svg\+xml))((?:;[\w=-]+)*?)(;base64)?,/i

/** The type and the bytes of an image; null for what is none. */
export function readDataUrl(url: string): { type: string; bytes: Uint8Array<ArrayBuffer> } | null {
  const m = DATA_URL.exec(url.slice(0, 200))
  if (!m || url.length > MAX_IMAGE_BYTES * 3) return null
  const body = url.slice(m[0].length)
  const type = (m[1] as string).toLowerCase()
  try {
    const raw = m[3] === undefined ? decodeURIComponent(body) : null
    if (raw !== null) return { type, bytes: new TextEncoder().encode(raw) }
    return { type, bytes: Uint8Array.from(atob(body), c => c.charCodeAt(0)) }
  } catch {
    return null
  }
}
