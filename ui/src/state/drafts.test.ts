import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { newDashboard } from '../lib/dashboard/model'
import { readDraft, writeDraft } from './drafts'

const KEY = 'elkhorn.draft.1.web'
const kept = new Map<string, string>()

beforeEach(() => {
  kept.clear()
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  })
})

afterEach(() => vi.unstubAllGlobals())

describe('drafts', () => {
  it('are kept by dashboard until they are forgotten', () => {
    const draft = { dashboard: newDashboard('Web'), version: 'WzEsMV0=' }
    writeDraft('web', draft)
    expect(readDraft('web')).toEqual(draft)
    expect(readDraft('new')).toBeNull()
    writeDraft('web', null)
    expect(readDraft('web')).toBeNull()
    expect(kept.size).toBe(0)
  })

  it.each([
    '{',
    'null',
    '7',
    '[]',
    '{"dashboard":null,"version":null}',
    '{"dashboard":{"panels":3},"version":"a"}',
  ])('are none where storage holds %s', text => {
    kept.set(KEY, text)
    expect(readDraft('web')).toBeNull()
  })

  it('last as long as the program is open where storage is forbidden', () => {
    vi.stubGlobal('sessionStorage', undefined)
    const draft = { dashboard: newDashboard(), version: null }
    writeDraft('web', draft)
    expect(readDraft('web')).toBe(draft)
    writeDraft('web', null)
    expect(readDraft('web')).toBeNull()
  })
})
