// What was said in a story: prompts, tool calls and answers, in order, with what they cost.

import type { LogEvent } from '../events'
import type { EpochMillis, Millis } from '../time/units'
import { durationsOf, wholeOf } from './durations'

export interface Said {
  kind: 'system' | 'prompt' | 'answer' | 'tool'
  event: LogEvent
  at: EpochMillis
  /** What was said; for a tool its name. */
  text: string
  /** Of a tool call. */
  args?: unknown
  result?: unknown
  error: string | null
  /** How often the same was tried, this time included. */
  attempt: number
  model: string | null
  tokensIn: number | null
  tokensOut: number | null
  cost: number | null
  took: Millis | null
  firstToken: Millis | null
}

export interface Conversation {
  said: Said[]
  tokensIn: number
  tokensOut: number
  cost: number
  models: string[]
}

const PROMPTS = ['prompt', 'user_prompt', 'question', 'gen_ai.prompt', 'llm.prompt', 'user_message']
const ANSWERS = [
  'response',
  'completion',
  'answer',
  'gen_ai.completion',
  'llm.response',
  'output_text',
  'assistant_message',
]
const TOOLS = ['tool_name', 'gen_ai.tool.name', 'mcp.tool.name', 'tool.name', 'tool']
const ARGUMENTS = ['tool_arguments', 'arguments', 'tool_args', 'args', 'tool_input', 'parameters', 'params']
const RESULTS = ['tool_result', 'result', 'tool_output', 'output', 'tool_response']
const ERRORS = ['error_message', 'error.message', 'error', 'exception']
const MODELS = ['model', 'gen_ai.response.model', 'gen_ai.request.model', 'model_name']
const TOKENS_IN = ['prompt_tokens', 'input_tokens', 'gen_ai.usage.input_tokens', 'usage.prompt_tokens']
const TOKENS_OUT = [
  'completion_tokens',
  'output_tokens',
  'gen_ai.usage.output_tokens',
  'usage.completion_tokens',
]
const COSTS = ['cost', 'cost_usd', 'gen_ai.cost.total', 'gen_ai.usage.cost', 'total_cost']

/** Null for a story without prompts, answers or tools. */
export function conversationOf(events: readonly LogEvent[]): Conversation | null {
  const said: Said[] = []
  for (const event of [...events].sort((a, b) => a.at - b.at)) {
    for (const one of saidIn(event)) {
      const before = said.findLast(s => s.kind === one.kind)
      // What is tried again is said once.
      if (one.kind === 'prompt' && before?.text === one.text) {
        continue
      }
      said.push(one)
    }
  }
  if (said.length === 0) return null
  const sum = (pick: (s: Said) => number | null) => said.reduce((total, s) => total + (pick(s) ?? 0), 0)
  return {
    said,
    tokensIn: sum(s => s.tokensIn),
    tokensOut: sum(s => s.tokensOut),
    cost: sum(s => s.cost),
    models: [...new Set(said.flatMap(s => s.model ?? []))],
  }
}

function saidIn(event: LogEvent): Said[] {
  const { flat } = event
  const error = textIn(flat, ERRORS)
  const attempt = numberIn(flat, ['attempt', 'retry', 'retry_count']) ?? 1
  const blank = { tokensIn: null, tokensOut: null, cost: null, took: null, firstToken: null, model: null }
  const base = { event, at: event.at, attempt, error: null, ...blank }
  const found: Said[] = messagesIn(event.source).map(m => ({ ...base, kind: m.kind, text: m.text }))
  const prompt = textIn(flat, PROMPTS)
  const answer = textIn(flat, ANSWERS)
  const tool = textIn(flat, TOOLS)
  const durations = durationsOf(flat)
  const first = durations.find(d => /first_token|ttft/.test(d.field))
  const measures = {
    model: textIn(flat, MODELS),
    tokensIn: numberIn(flat, TOKENS_IN),
    tokensOut: numberIn(flat, TOKENS_OUT),
    cost: numberIn(flat, COSTS),
    took: wholeOf(durations.filter(d => d !== first))?.length ?? null,
    firstToken: first?.length ?? null,
  }
  if (prompt !== null) found.push({ ...base, attempt: 1, kind: 'prompt', text: prompt })
  if (tool !== null && prompt === null) {
    const [args, result] = [valueIn(event, ARGUMENTS), valueIn(event, RESULTS)]
    found.push({
      ...base,
      ...measures,
      kind: 'tool',
      text: tool,
      error,
      ...(args !== undefined && { args }),
      ...(result !== undefined && { result }),
    })
  } else if (answer !== null || (prompt !== null && error !== null)) {
    found.push({ ...base, ...measures, kind: 'answer', text: answer ?? '', error })
  }
  return found
}

/** A list of messages with roles, as chat interfaces send it. */
function messagesIn(source: Record<string, unknown>): { kind: Said['kind']; text: string }[] {
  const genAi = isObject(source.gen_ai) ? source.gen_ai : {}
  const input = isObject(genAi.input) ? genAi.input : {}
  const list = [source.messages, input.messages].find(Array.isArray) ?? []
  return list.flatMap((message: unknown) => {
    if (!isObject(message)) return []
    const text = contentOf(message.content ?? message.parts)
    if (text === '') return []
    const kind =
      message.role === 'system'
        ? 'system'
        : message.role === 'assistant'
          ? 'answer'
          : message.role === 'tool'
            ? 'tool'
            : 'prompt'
    return [{ kind, text } as const]
  })
}

function contentOf(content: unknown): string {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return ''
  return content
    .map(part => (isObject(part) ? (part.text ?? part.content) : part))
    .filter(part => typeof part === 'string')
    .join('\n')
}

/** A text that holds JSON counts as what it holds. */
function valueIn({ source, flat }: LogEvent, names: readonly string[]): unknown {
  for (const name of names) {
    const value = source[name] ?? flat.get(name)
    if (value === undefined || value === null || value === '') continue
    if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value
    try {
      return JSON.parse(value)
    } catch {
      return value
    }
  }
  return undefined
}

/** Parts of a text, where true marks what was taken out of it before it was stored. */
export function redacted(text: string): [part: string, taken: boolean][] {
  const parts: [string, boolean][] = []
  let end = 0
  for (const match of text.matchAll(
    /\[?\b(?:REDACTED|MASKED|REMOVED)\b(?:[:_ ]\w+)?\]?|\[[A-Z][A-Z0-9_]{2,}\]|<[A-Z][A-Z0-9_]{2,}>|\*{3,}|•{3,}/g,
  )) {
    if (match.index > end) parts.push([text.slice(end, match.index), false])
    parts.push([match[0], true])
    end = match.index + match[0].length
  }
  if (end < text.length) parts.push([text.slice(end), false])
  return parts
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function textIn(flat: ReadonlyMap<string, unknown>, names: readonly string[]): string | null {
  for (const name of names) {
    const value = flat.get(name)
    if (typeof value === 'string' && value !== '') return value
  }
  return null
}

function numberIn(flat: ReadonlyMap<string, unknown>, names: readonly string[]): number | null {
  for (const name of names) {
    const value = flat.get(name)
    if (typeof value === 'number') return value
  }
  return null
}
