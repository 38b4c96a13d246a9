import { useCallback, useRef, useState } from 'react'
import { sendRaw } from '../../api/client'
import { layOut } from '../../lib/console/json'
import type { ConsoleRequest } from '../../lib/console/parse'
import { type Token, tokenizeConsole } from '../../lib/console/tokens'
import { rememberRequests } from '../../state/requests'

export interface Answer {
  /** Of all answers of this page. */
  id: number
  method: string
  path: string
  /** 0 when none came. */
  status: number
  statusText: string
  tookMillis: number
  /** Characters as they came. */
  size: number
  /** Laid out when it is JSON. */
  text: string
  tokens: Token[]
}

/** Larger answers are shown as they came: laying them out and colouring them would hold up the page. */
const MAX_COLOURED = 2_000_000

/** Sends requests one after the other, as the order may matter, and keeps the answers of the last run. */
export function useRuns() {
  const [answers, setAnswers] = useState<Answer[]>([])
  const [busy, setBusy] = useState(false)
  const control = useRef<AbortController | null>(null)
  const ids = useRef(0)

  const cancel = useCallback(() => control.current?.abort(), [])
  const run = useCallback(async (requests: ConsoleRequest[], text: string) => {
    const sent = requests.filter(r => r.path !== '')
    if (sent.length === 0) return
    control.current?.abort()
    const mine = new AbortController()
    control.current = mine
    setBusy(true)
    const at = Date.now()
    rememberRequests(
      sent.map(r => ({ method: r.method, path: r.path, body: text.slice(r.bodyStart, r.end), at })),
    )
    const come: Answer[] = []
    try {
      for (const request of sent) {
        const answer = await sendRaw(request, mine.signal)
        come.push({ ...shown(answer), id: ++ids.current, method: request.method, path: request.path })
        setAnswers([...come])
      }
    } catch (error) {
      if (!mine.signal.aborted) throw error
    } finally {
      if (control.current === mine) setBusy(false)
    }
  }, [])
  return { answers, busy, run, cancel }
}

function shown(answer: Awaited<ReturnType<typeof sendRaw>>): Omit<Answer, 'id' | 'method' | 'path'> {
  const { status, statusText, tookMillis, json } = answer
  const raw = answer.text.trimEnd()
  const base = { status, statusText, tookMillis, size: answer.text.length }
  if (!json || raw.length > MAX_COLOURED) return { ...base, text: raw, tokens: [] }
  const text = layOut(raw, tokenizeConsole(raw))
  return { ...base, text, tokens: tokenizeConsole(text) }
}
