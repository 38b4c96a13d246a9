import { describe, expect, it } from 'vitest'
import { type LogEvent, toEvent } from '../events'
import { conversationOf, redacted } from './conversation'
import { durationsOf, wholeOf } from './durations'
import { sameStory, storyOf, storyOfEvent } from './ids'
import { foldedScale } from './scale'
import { traceOf } from './spans'

let id = 0
const event = (at: number, source: Record<string, unknown>): LogEvent =>
  toEvent({ index: 'i', id: String(id++), source, sort: [at] })

describe('ids', () => {
  it.each([
    ['trace_id', 'trace'],
    ['trace.id', 'trace'],
    ['ctx.traceId', 'trace'],
    ['X-Request-ID', 'request'],
    ['correlation_id', 'correlation'],
    ['request_context.session_id', 'session'],
    ['user_id', null],
    ['id', null],
    ['trace', null],
  ])('%s', (name, story) => {
    expect(storyOf(name)).toBe(story)
  })
  it('takes the one that tells most', () => {
    const flat = new Map<string, unknown>([
      ['session_id', 's'],
      ['request_id', ''],
      ['trace.id', 't'],
    ])
    expect(storyOfEvent(flat)).toEqual({ field: 'trace.id', value: 't' })
  })
  it('knows the other names of the same id', () => {
    const field = (name: string) => ({
      name,
      type: 'keyword',
      kind: 'keyword' as const,
      searchable: true,
      aggregateOn: name,
      split: [],
    })
    expect(sameStory('trace_id', ['trace.id', 'trace_id', 'session_id'].map(field))).toEqual([
      'trace_id',
      'trace.id',
    ])
    expect(sameStory('user_id', ['user_id', 'session_id'].map(field))).toEqual(['user_id'])
  })
})

describe('durations', () => {
  const of = (object: Record<string, unknown>) =>
    durationsOf(new Map(Object.entries(object))).map(d => [d.stage, d.length])
  it('are known by name and unit', () => {
    expect(
      of({
        duration_ms: 5,
        latencyMs: 6,
        response_time: 7,
        'event.duration': 8_000_000,
        'transaction.duration.us': 9000,
        elapsed_s: 0.01,
        'inference.feature_store_latency_ms': 11,
        'stages.model_ms': 12,
      }),
    ).toEqual([
      ['duration', 5],
      ['latency', 6],
      ['response', 7],
      ['duration', 8],
      ['duration', 9],
      ['elapsed', 10],
      ['feature store', 11],
      ['model', 12],
    ])
  })
  it('are not points in time, figures of many, texts or negative', () => {
    expect(
      of({
        timestamp_ms: 1.7e12,
        start_time: 5,
        avg_latency_ms: 3,
        uptime: 9,
        latency_ms: -1,
        took: '5',
        hour: 3,
        time: 1.7e12,
      }),
    ).toEqual([])
  })
  it('the whole is the least nested of its names, else the longest', () => {
    const whole = (object: Record<string, unknown>) =>
      wholeOf(durationsOf(new Map(Object.entries(object))))?.field
    expect(whole({ 'a.latency_ms': 9, response_time: 8, cache_latency_ms: 99 })).toBe('response_time')
    expect(whole({ cache_latency_ms: 2, db_latency_ms: 3 })).toBe('db_latency_ms')
    expect(whole({ message: 'x' })).toBeUndefined()
  })
})

describe('a story as spans', () => {
  it('nests by time, ends where the record was written, and finds what nobody logged', () => {
    const trace = traceOf([
      event(1000, { service: 'gateway', latency_ms: 1000 }),
      event(400, { service: 'model', duration_ms: 300, log_level: 'ERROR' }),
      event(500, { service: 'model', message: 'cache miss' }),
      event(3000, { service: 'widget', duration_ms: 10 }),
    ])
    expect(trace.spans.map(s => [s.service, s.depth, s.start, s.end, s.error])).toEqual([
      ['gateway', 0, 0, 1000, false],
      ['model', 1, 100, 400, true],
      ['model', 1, 500, 500, false],
      ['widget', 0, 2990, 3000, false],
    ])
    expect(trace.gaps).toEqual([{ from: 1000, to: 2990 }])
    expect(trace.services).toEqual([
      { name: 'gateway', spans: 1, errors: 0, own: 700 },
      { name: 'model', spans: 2, errors: 1, own: 300 },
      { name: 'widget', spans: 1, errors: 0, own: 10 },
    ])
  })
  it('nests by the parent that a span names, and survives a circle of parents', () => {
    const depths = traceOf([
      event(100, { span_id: 'a', duration_ms: 10 }),
      event(500, { span_id: 'b', parent_span_id: 'a', duration_ms: 10 }),
      event(900, { span_id: 'x', parent_span_id: 'y' }),
      event(901, { span_id: 'y', parent_span_id: 'x' }),
      event(902, { span_id: 'z', parent_span_id: 'z' }),
    ]).spans.map(s => [s.event.source.span_id, s.depth])
    expect(depths).toEqual([
      ['a', 0],
      ['b', 1],
      ['z', 0],
      ['x', 0],
      ['y', 1],
    ])
  })
  it('lays stages one after the other, or where the event says', () => {
    const [first, second] = traceOf([
      event(100, {
        response_time: 96.5,
        latency_ms: 97,
        feature_store_latency_ms: 37,
        ranking_duration_ms: 9,
      }),
      event(300, {
        duration_ms: 100,
        stages: [
          { name: 'cache', duration_ms: 10, offset_ms: 5 },
          { name: 'model', duration_ms: 60, start: '1970-01-01T00:00:00.230Z' },
        ],
      }),
    ]).spans
    expect(first?.stages).toEqual([
      { name: 'feature store', start: 3, length: 37, placed: false },
      { name: 'ranking', start: 40, length: 9, placed: false },
    ])
    expect(second?.stages).toEqual([
      { name: 'cache', start: 205, length: 10, placed: true },
      { name: 'model', start: 230, length: 60, placed: true },
    ])
  })
  it('takes tracers at their word', () => {
    const [span] = traceOf([event(1000, { 'span.duration.us': 5000, 'span.name': 'SELECT' })]).spans
    expect(span).toMatchObject({ name: 'SELECT', start: 1000, end: 1005 })
    const [stated] = traceOf([event(1_700_000_000_900, { start_time: '2023-11-14T22:13:20.000Z' })]).spans
    expect(stated).toMatchObject({ start: 1_700_000_000_000, length: 900 })
  })
  it('is empty for no events', () => {
    expect(traceOf([]).spans).toEqual([])
  })
})

describe('the scale', () => {
  it('folds long gaps and keeps the order', () => {
    const scale = foldedScale({ from: 0, to: 100_000, gaps: [{ from: 100, to: 99_900 }] })
    expect(scale.folded).toHaveLength(1)
    expect(scale.place(0)).toBe(0)
    expect(scale.place(100)).toBeCloseTo(0.4825)
    expect(scale.place(99_900)).toBeCloseTo(0.5175)
    expect(scale.place(100_000)).toBe(1)
    expect(scale.place(-5)).toBe(0)
  })
  it('is true where there is nothing to fold, also for a single moment', () => {
    expect(foldedScale({ from: 0, to: 10, gaps: [] }).place(5)).toBe(0.5)
    expect(foldedScale({ from: 7, to: 7, gaps: [] }).place(7)).toBe(0)
  })
})

describe('a conversation', () => {
  it('has prompts once, answers with their cost, and tools with what they were given', () => {
    const conversation = conversationOf([
      event(1, { prompt: 'Book a table', error_message: '429', attempt: 1 }),
      event(2, {
        prompt: 'Book a table',
        response: 'Done',
        attempt: 2,
        model: 'm',
        prompt_tokens: 10,
        completion_tokens: 4,
        cost: 0.5,
        latency_ms: 90,
        time_to_first_token_ms: 12,
      }),
      event(3, { tool_name: 'reserve', arguments: '{"people":2}', result: { id: 7 }, response_time: 20 }),
      event(4, { message: 'nothing said' }),
    ])
    expect(conversation?.said.map(s => [s.kind, s.text, s.attempt, s.error])).toEqual([
      ['prompt', 'Book a table', 1, null],
      ['answer', '', 1, '429'],
      ['answer', 'Done', 2, null],
      ['tool', 'reserve', 1, null],
    ])
    expect(conversation?.said[2]).toMatchObject({ took: 90, firstToken: 12, tokensIn: 10, tokensOut: 4 })
    expect(conversation?.said[3]).toMatchObject({ args: { people: 2 }, result: { id: 7 }, took: 20 })
    expect(conversation).toMatchObject({ cost: 0.5, models: ['m'] })
  })
  it('reads messages with roles', () => {
    const said = conversationOf([
      event(1, {
        messages: [
          { role: 'system', content: 'Be kind' },
          { role: 'user', content: [{ type: 'text', text: 'Hi' }] },
          { role: 'assistant', content: 'Hello' },
          'damaged',
        ],
      }),
    ])?.said.map(s => [s.kind, s.text])
    expect(said).toEqual([
      ['system', 'Be kind'],
      ['prompt', 'Hi'],
      ['answer', 'Hello'],
    ])
  })
  it('is none where nothing was said', () => {
    expect(conversationOf([event(1, { message: 'started' })])).toBeNull()
  })
  it('marks what was taken out', () => {
    expect(redacted('mail [EMAIL] card ****1234')).toEqual([
      ['mail ', false],
      ['[EMAIL]', true],
      [' card ', false],
      ['****', true],
      ['1234', false],
    ])
  })
})
