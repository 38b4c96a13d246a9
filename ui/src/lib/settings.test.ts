import { describe, expect, it } from 'vitest'
import { readSettings, writeRange } from './settings'

const NONE = { zone: null, theme: null, range: null, columns: null, rows: null }

describe('settings', () => {
  it('are read by the names that Kibana gives them', () => {
    expect(
      readSettings({
        'dateFormat:tz': 'Europe/Oslo',
        'theme:darkMode': 'enabled',
        'timepicker:timeDefaults': writeRange({ from: 'now-7d', to: 'now' }),
        defaultColumns: ['level', 'message'],
        'discover:sampleSize': 500,
      }),
    ).toEqual({
      zone: 'Europe/Oslo',
      theme: 'dark',
      range: { from: 'now-7d', to: 'now' },
      columns: ['level', 'message'],
      rows: 500,
    })
  })
  it.each([
    {},
    { 'dateFormat:tz': 'Browser', 'theme:darkMode': 'system', defaultColumns: ['_source'] },
    { 'dateFormat:tz': null, 'timepicker:timeDefaults': null, 'discover:sampleSize': null },
    { 'dateFormat:tz': 7, 'timepicker:timeDefaults': '{', defaultColumns: 'a', 'discover:sampleSize': -1 },
    { 'timepicker:timeDefaults': '{"from":"now-1d"}', defaultColumns: [1], 'discover:sampleSize': 'many' },
  ])('are as if not set: %j', attributes => expect(readSettings(attributes)).toEqual(NONE))
  it.each([
    [true, 'dark'],
    [false, 'light'],
    ['disabled', 'light'],
  ])('the switch of older versions %j is %s', (value, theme) =>
    expect(readSettings({ 'theme:darkMode': value }).theme).toBe(theme),
  )
})
