// The console's text, and the requests sent from it lately, newest first.

import { readStored, writeStored } from './stored'

export interface SentRequest {
  method: string
  path: string
  /** As it was written, without the request line. */
  body: string
  /** When it was sent. */
  at: number
}

const TEXT = 'elkhorn.console-text'
const HISTORY = 'elkhorn.console-history'
const KEPT = 100
/** Longer bodies are files rather than requests, and would fill the storage. */
const MAX_BODY_CHARS = 20_000

export const storedText = () => readStored(TEXT)
export const storeText = (text: string) => writeStored(TEXT, text)

export function sentRequests(): SentRequest[] {
  try {
    const stored: unknown = JSON.parse(readStored(HISTORY) ?? '[]')
    return Array.isArray(stored) ? stored.filter(isSent).slice(0, KEPT) : []
  } catch {
    return []
  }
}

export function rememberRequests(requests: SentRequest[]) {
  const fresh = requests.filter(r => r.body.length <= MAX_BODY_CHARS)
  const same = (a: SentRequest, b: SentRequest) =>
    a.method === b.method && a.path === b.path && a.body === b.body
  const others = sentRequests().filter(old => !fresh.some(r => same(r, old)))
  writeStored(HISTORY, JSON.stringify([...fresh.toReversed(), ...others].slice(0, KEPT)))
}

export const forgetRequests = () => writeStored(HISTORY, '[]')

function isSent(value: unknown): value is SentRequest {
  if (typeof value !== 'object' || value === null) return false
  const { method, path, body, at } = value as Record<string, unknown>
  return (
    typeof method === 'string' &&
    typeof path === 'string' &&
    typeof body === 'string' &&
    typeof at === 'number'
  )
}
