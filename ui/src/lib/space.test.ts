import { describe, expect, it } from 'vitest'
import { baseOf, linkWithin, spaceIdOf, spaceOf } from './space'

describe('the space of a path', () => {
  it.each([
    ['/', 'default', ''],
    ['/discover', 'default', ''],
    ['/s/ops', 'ops', '/s/ops'],
    ['/s/ops/', 'ops', '/s/ops'],
    ['/s/ops/discover', 'ops', '/s/ops'],
    ['/s/a-b_2/s/other/discover', 'a-b_2', '/s/a-b_2'],
    ['/s/default/discover', 'default', '/s/default'],
    ['/s/OPS/discover', 'default', ''],
    ['/s/o%70s/discover', 'default', ''],
    ['/s//discover', 'default', ''],
    ['/settings', 'default', ''],
    ['/x/s/ops', 'default', ''],
  ])('%s', (path, space, base) => {
    expect(spaceOf(path)).toEqual({ space, base })
  })
  it('leads back', () => {
    for (const space of ['default', 'ops', 'a-b_2'])
      expect(spaceOf(`${baseOf(space)}/discover`).space).toBe(space)
  })
})

describe('a written link', () => {
  it.each([
    ['/dashboards/errors', '/s/ops/dashboards/errors'],
    ['/s/dev/dashboards/errors', '/s/dev/dashboards/errors'],
    ['/s/default/discover', '/s/default/discover'],
    ['/settings', '/s/ops/settings'],
    ['https://example.org/discover', 'https://example.org/discover'],
    ['#below', '#below'],
    ['mailto:ops@example.org', 'mailto:ops@example.org'],
  ])('%s', (href, wanted) => {
    expect(linkWithin('/s/ops', href)).toBe(wanted)
    if (href !== wanted) expect(linkWithin('', href)).toBe(href)
  })
})

describe('the id of a name', () => {
  it.each([
    ['Operations', 'operations'],
    ['  Night shift (EU) ', 'night-shift-eu'],
    ['Équipe nº 2', 'equipe-no-2'],
    ['../../etc', 'etc'],
    ['夜', ''],
    ['x'.repeat(200), 'x'.repeat(100)],
  ])('%s', (name, id) => {
    expect(spaceIdOf(name)).toBe(id)
    if (id !== '') expect(spaceOf(`/s/${id}/discover`).space).toBe(id)
  })
})
