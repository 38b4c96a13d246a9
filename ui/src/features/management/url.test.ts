import { describe, expect, it } from 'vitest'
import { formatIndicesUrl, type IndicesState, parseIndicesUrl } from './url'

describe('links to indices', () => {
  const plain: IndicesState = { view: 'indices', find: '', hidden: false, open: null, tab: 'overview' }
  it('say nothing of what is at its default', () => {
    expect(formatIndicesUrl(plain)).toBe('')
    expect(parseIndicesUrl('')).toEqual(plain)
  })
  it.each<IndicesState>([
    { ...plain, view: 'streams', open: 'logs-app' },
    { ...plain, find: 'a&b=c', hidden: true, open: '.ds-x', tab: 'mapping' },
  ])('go round: %j', state => {
    expect(parseIndicesUrl(formatIndicesUrl(state))).toEqual(state)
  })
  it('survive what nobody wrote', () => {
    expect(parseIndicesUrl('tab=nope&view=nope&hidden=yes')).toEqual(plain)
  })
})
