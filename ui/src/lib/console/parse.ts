// A console text as requests: which lines belong to one, what is sent, and where its body cannot be JSON.

import { texts } from '../../texts/requests'
import { checkValues } from './json'
import { jsonText, type Token, tokenizeConsole } from './tokens'

export interface Fault {
  message: string
  start: number
  end: number
}

export interface ConsoleRequest {
  method: string
  /** As it is written: with or without a slash at its start. */
  path: string
  /** Empty when there is none. Without comments, and with """texts""" as JSON. */
  body: string
  /** Several values, one on a line: bulk and other streams. */
  lines: boolean
  /** From the method to the end of the body. */
  start: number
  end: number
  /** Where the body begins; `end` when there is none. */
  bodyStart: number
  fault: Fault | null
}

export interface ConsoleText {
  tokens: Token[]
  requests: ConsoleRequest[]
  /** The first thing before any request that is no comment. */
  stray: Fault | null
}

const STREAMS = /(^|\/)(_bulk|_msearch)(\/template)?\/?(\?|$)/

export function parseConsole(text: string): ConsoleText {
  const tokens = tokenizeConsole(text)
  const requests: ConsoleRequest[] = []
  const first = tokens.findIndex(t => t.kind === 'method')
  const before = tokens.slice(0, first < 0 ? tokens.length : first).find(t => t.kind !== 'comment')
  const stray = before
    ? {
        message: texts.aRequestBegins,
        start: before.start,
        end: before.end,
      }
    : null
  for (let at = first; at >= 0 && at < tokens.length; ) {
    let next = at + 1
    while (next < tokens.length && (tokens[next] as Token).kind !== 'method') next++
    requests.push(requestOf(text, tokens.slice(at, next)))
    at = next
  }
  return { tokens, requests, stray }
}

function requestOf(text: string, tokens: Token[]): ConsoleRequest {
  const [method, second] = tokens as [Token, Token | undefined]
  const named = second?.kind === 'path' ? second : null
  const body = tokens.slice(named ? 2 : 1).filter(t => t.kind !== 'comment')
  const last = body.at(-1) ?? named ?? method
  const path = named ? text.slice(named.start, named.end) : ''
  const { values, fault } = checkValues(text, body)
  const lines = fault === null && (values.length > 1 || STREAMS.test(path))
  return {
    method: text.slice(method.start, method.end).toUpperCase(),
    path,
    body: body.length === 0 ? '' : lines ? linesOf(text, values) : withoutComments(text, body),
    lines,
    start: method.start,
    end: last.end,
    bodyStart: body[0]?.start ?? last.end,
    fault: named ? fault : { message: texts.aPathIsMissing, start: method.start, end: method.end },
  }
}

/** Each value on a line of its own, which ends the stream too. */
function linesOf(text: string, values: Token[][]): string {
  return values.map(value => `${value.map(t => sent(text, t)).join('')}\n`).join('')
}

/** As it is written, less the comments. */
function withoutComments(text: string, body: Token[]): string {
  let out = ''
  let end = (body[0] as Token).start
  for (const token of body) {
    out += text.slice(end, token.start).replace(/\/\*[\s\S]*?\*\/|(?:#|\/\/)[^\n]*/g, '')
    out += sent(text, token)
    end = token.end
  }
  return out.replace(/[ \t]+\n/g, '\n')
}

function sent(text: string, token: Token): string {
  const part = text.slice(token.start, token.end)
  return token.kind === 'text' || token.kind === 'key' ? jsonText(part) : part
}

/** The requests that a selection touches; a cursor between two belongs to the one above it. */
export function requestsAt(requests: ConsoleRequest[], from: number, to: number): ConsoleRequest[] {
  const touched = requests.filter(r => r.start <= to && r.end >= from)
  if (touched.length > 0) return touched
  const above = requests.findLast(r => r.start <= from) ?? requests[0]
  return above ? [above] : []
}
