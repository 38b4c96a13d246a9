import { describe, expect, it } from 'vitest'
import { formatField, readFieldFormats, writeFieldFormats } from './fieldformats'

describe('the formats of a data view', () => {
  const text = (id: string, params: Record<string, unknown>, value: unknown) =>
    formatField(value, { id, params }).text

  it.each([
    ['bytes', {}, 1536, '1.5 KB'],
    ['bytes', {}, '2048', '2 KB'],
    ['bytes', {}, 0, '0 B'],
    ['number', {}, 1234567.891, '1,234,567.891'],
    ['number', { pattern: '0.00' }, 5, '5.00'],
    ['number', { pattern: '0,0' }, 1234.5, '1,235'],
    ['number', { pattern: '0.0[00]' }, 1.25, '1.25'],
    ['number', { pattern: '0.[0] a' }, 12_300, '12.3 k'],
    ['number', { pattern: '$0,0.00' }, 1234.5, '$1,234.50'],
    ['number', { pattern: 'odd' }, 7, '7'],
    ['percent', { pattern: '0.0%' }, 0.1234, '12.3%'],
    ['duration', { inputFormat: 'milliseconds' }, 1530, '1.53 seconds'],
    ['duration', { inputFormat: 'nanoseconds' }, 90e9, '1.5 minutes'],
    ['duration', { inputFormat: 'seconds', outputFormat: 'asMinutes', outputPrecision: 0 }, 60, '1 minute'],
    ['duration', { inputFormat: 'milliseconds' }, 0, '0 seconds'],
    ['string', { transform: 'upper' }, 'error', 'ERROR'],
    ['string', { transform: 'short' }, 'org.example.Service', 'o.e.Service'],
    ['truncate', { fieldLength: 3 }, 'abcdef', 'abc…'],
    ['static_lookup', { lookupEntries: [{ key: '1', value: 'on' }], unknownKeyValue: '?' }, 1, 'on'],
    ['static_lookup', { lookupEntries: [], unknownKeyValue: '?' }, 2, '?'],
    ['bytes', {}, 'none', 'none'],
    ['bytes', {}, [1024, 2048], '1 KB, 2 KB'],
    ['bytes', {}, null, 'null'],
    ['histogram', {}, 5, '5'],
  ])('%s %j of %j', (id, params, value, want) => {
    expect(text(id, params, value)).toBe(want)
  })

  it('make links, but none that run anything', () => {
    const link = (urlTemplate: string, value: string) =>
      formatField(value, { id: 'url', params: { urlTemplate } })
    expect(link('https://t.example/{{value}}?q={{rawValue}}', 'a b')).toEqual({
      text: 'a b',
      href: 'https://t.example/a%20b?q=a b',
    })
    expect(
      formatField('x', {
        id: 'url',
        params: { urlTemplate: '/t/{{value}}', labelTemplate: 'see {{value}}' },
      }),
    ).toEqual({
      text: 'see x',
      href: '/t/x',
    })
    expect(link('{{rawValue}}', 'javascript:alert(1)')).toEqual({ text: 'javascript:alert(1)' })
    expect(link('//evil.example/{{value}}', 'x').href).toBeUndefined()
  })

  it('colour by range or expression', () => {
    const colours = (params: Record<string, unknown>, value: unknown) =>
      formatField(value, { id: 'color', params }).colour
    const number = {
      fieldType: 'number',
      colors: [{ range: '500:Infinity', text: '#ffffff', background: '#cc0000' }],
    }
    expect(colours(number, 503)).toEqual({ text: '#ffffff', background: '#cc0000' })
    expect(colours(number, 200)).toBeUndefined()
    const string = { fieldType: 'string', colors: [{ regex: '^ERR', text: '#000', background: 'url(x)' }] }
    expect(colours(string, 'ERROR')).toBeUndefined()
    expect(
      colours({ fieldType: 'string', colors: [{ regex: '(', text: '#000', background: '#fff' }] }, 'a'),
    ).toBeUndefined()
  })

  it('are read as Kibana keeps them, and kept as they were read', () => {
    const kept = '{"size":{"id":"bytes","params":{}},"x":{"id":"drilldown","params":{"a":[1]}}}'
    expect(writeFieldFormats(readFieldFormats(kept))).toBe(kept)
    for (const damaged of [undefined, '', '{', '[]', '{"a":1}', '{"a":{"id":7}}']) {
      expect(readFieldFormats(damaged).size).toBe(0)
    }
  })
})
