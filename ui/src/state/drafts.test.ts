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

  it('do not last where storage is forbidden, and nothing fails', () => {
    vi.stubGlobal('sessionStorage', undefined)
    writeDraft('web', { dashboard: newDashboard(), version: null })
    expect(readDraft('web')).toBeNull()
  })
})
