import { describe, expect, it } from 'vitest'
import { kindLabel, typeLabel } from './names'

const chart = (type: string, params = {}) => ({ visState: JSON.stringify({ type, params, aggs: [] }) })

describe('the name of a kind', () => {
  it.each([
    ['visualization', chart('histogram'), 'Bars'],
    ['visualization', chart('vertical_bar'), 'Bars'],
    ['visualization', chart('metric'), 'Number'],
    ['visualization', chart('donut'), 'Pie'],
    ['visualization', chart('metrics'), 'TSVB'],
    ['visualization', chart('some_plugin'), 'some plugin'],
    ['visualization', { visState: '{' }, 'Chart'],
    ['lens', {}, 'Lens'],
    ['search', {}, 'Saved search'],
  ])('of a %s %o is %s', (type, attributes, want) => {
    expect(kindLabel(type, attributes)).toBe(want)
  })
  it('is no name that every object has', () => {
    expect(typeLabel('constructor')).toBe('constructor')
  })
})
