import { describe, expect, it } from 'vitest'
import { actionFor, shortcutKeys } from './shortcuts'
import { ACTIONS } from './table'

const press = (key: string, mod = false) => ({ key, ctrlKey: mod, metaKey: false, altKey: false })

describe('the table of commands', () => {
  it('has no id and no shortcut twice', () => {
    const ids = ACTIONS.map(a => a.id)
    const shortcuts = ACTIONS.flatMap(a => a.shortcut ?? [])
    expect(new Set(ids).size).toBe(ids.length)
    expect(new Set(shortcuts).size).toBe(shortcuts.length)
  })
})

describe('shortcuts', () => {
  it('find their command', () => {
    expect(actionFor(press('/'), ACTIONS, false)?.id).toBe('search_focus')
    expect(actionFor(press('J'), ACTIONS, false)?.id).toBe('row_next')
    expect(actionFor(press('k', true), ACTIONS, false)?.id).toBe('palette_open')
    expect(actionFor(press('q'), ACTIONS, false)).toBeUndefined()
    expect(actionFor(press('r', true), ACTIONS, false)).toBeUndefined()
  })
  it('may be two keys', () => {
    expect(actionFor(press('c'), ACTIONS, false, 'g')?.id).toBe('page_console')
    expect(actionFor(press('d'), ACTIONS, false, 'g')?.id).toBe('page_discover')
    expect(actionFor(press('d'), ACTIONS, false)?.id).toBe('theme_toggle')
    expect(actionFor(press('j'), ACTIONS, false, 'g')?.id).toBe('row_next')
    expect(actionFor(press('c'), ACTIONS, true, 'g')).toBeUndefined()
  })
  it('leave a text alone', () => {
    expect(actionFor(press('j'), ACTIONS, true)).toBeUndefined()
    expect(actionFor(press('k', true), ACTIONS, true)?.id).toBe('palette_open')
  })
  it('are written as the keyboard shows them', () => {
    expect(shortcutKeys('mod+k', true)).toEqual(['⌘', 'K'])
    expect(shortcutKeys('mod+k', false)).toEqual(['Ctrl', 'K'])
    expect(shortcutKeys('g d', false)).toEqual(['G', 'D'])
    expect(shortcutKeys('Escape', false)).toEqual(['Esc'])
  })
})
