import { expect, it } from 'vitest'
import { madeFields, readRuntimeFields, withRuntimeFields } from './runtimefields'

it('reads what a data view keeps, without what nobody can ask for', () => {
  const text = JSON.stringify({
    hour: { type: 'long', script: { source: 'emit(1)' }, customLabel: 'Hour' },
    bare: { type: 'keyword' },
    both: { type: 'composite', script: { source: '' }, fields: { a: { type: 'long' } } },
    odd: 7,
  })
  expect(readRuntimeFields(text)).toEqual({
    fields: { hour: { type: 'long', script: { source: 'emit(1)' } }, bare: { type: 'keyword' } },
    leftOut: ['both', 'odd'],
  })
  for (const none of ['', '{', '[1]', 'null', 7, undefined])
    expect(readRuntimeFields(none)).toEqual({ fields: {}, leftOut: [] })
})

it('adds them to a search, with their values where documents are wanted', () => {
  const fields = { hour: { type: 'long' } }
  expect(withRuntimeFields({ size: 0 }, fields)).toEqual({ size: 0, runtime_mappings: fields })
  expect(withRuntimeFields({}, fields)).toEqual({ runtime_mappings: fields, fields: ['hour'] })
  const request = { size: 5 }
  expect(withRuntimeFields(request, {})).toBe(request)
  expect(madeFields({ a: 1 }, { hour: [3], tags: ['x', 'y'] })).toEqual({ a: 1, hour: 3, tags: ['x', 'y'] })
})
