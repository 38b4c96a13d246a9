import { expect, it } from 'vitest'
import { rebase } from './rebase'

it('keeps what was changed while a save was on its way, and takes the rest as it was saved', () => {
  const panels = ['a']
  const base = { title: '', panels, query: 'old' }
  const saved = { title: 'Named', panels: ['a', 'settled'], query: 'new' }
  expect(rebase(base, base, saved)).toEqual(saved)
  expect(rebase({ ...base, panels: ['a', 'b'] }, base, saved)).toEqual({
    title: 'Named',
    panels: ['a', 'b'],
    query: 'new',
  })
  expect(rebase({ ...base, title: 'Other' }, base, saved).title).toBe('Other')
})
