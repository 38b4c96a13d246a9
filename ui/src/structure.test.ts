// The layers of this folder, kept by a test: features use components, api and
// state, those use lib, and nothing looks upwards or sideways.

import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const SRC = import.meta.dirname

const MAY_IMPORT: Record<string, string[]> = {
  texts: [],
  lib: ['texts'],
  api: ['texts', 'lib'],
  state: ['texts', 'lib'],
  styles: [],
  components: ['texts', 'lib', 'state'],
  actions: ['texts', 'lib', 'state'],
  shell: ['texts', 'lib', 'state', 'components', 'api', 'actions'],
  features: ['texts', 'lib', 'state', 'components', 'api', 'actions', 'shell'],
}

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).map(name => name.replaceAll('\\', '/'))
const read = (name: string) => readFileSync(join(SRC, name), 'utf8')

/** The parts of a path that make a layer: `lib`, or `features/discover`. */
function layerOf(path: string): string {
  const [first = '', second = ''] = path.split('/')
  return first === 'features' ? `features/${second}` : first
}

describe('imports', () => {
  const sources = files.filter(f => /\.tsx?$/.test(f) && f.includes('/'))
  it.each(sources)('%s', file => {
    const layer = layerOf(file)
    const allowed = MAY_IMPORT[layer.split('/')[0] as string]
    expect(allowed, `the layer ${layer} is not listed`).toBeDefined()
    for (const [, path] of read(file).matchAll(
      /^(?:import|export)\b[^'\n]*(?:\{[^}]*\}[^'\n]*)?'(\.[^']*)'/gm,
    )) {
      const target = layerOf(relative(SRC, resolve(join(SRC, file), '..', path as string)))
      expect(target === layer || allowed?.includes(target), `${file} imports ${path}`).toBe(true)
    }
  })
  it('only the client calls fetch', () => {
    const callers = sources.filter(f => /\bfetch\(/.test(read(f)) && !f.endsWith('.test.ts'))
    expect(callers).toEqual(['api/client.ts'])
  })
  it('only state/navigate knows paths with their space, and addresses as they are written', () => {
    const raw =
      /import \{[^}]*\b(?:(?:navigate|usePathname)\b[^}]*\} from 'wouter\/use-browser-location'|useSearch\b[^}]*\} from 'wouter)/
    expect(sources.filter(f => raw.test(read(f)))).toEqual(['state/navigate.ts'])
  })
  it('only state/forget makes answers old: a first answer on its way would outlive the change', () => {
    expect(sources.filter(f => /\binvalidateQueries\(/.test(read(f)))).toEqual(['state/forget.ts'])
  })
  it('lib knows no React', () => {
    expect(sources.filter(f => f.startsWith('lib/') && /from 'react/.test(read(f)))).toEqual([])
  })
})

describe('style sheets', () => {
  it.each(files.filter(f => f.endsWith('.css') && f !== 'styles/tokens.css'))(
    '%s takes its colours from the tokens',
    file => {
      expect(read(file).match(/#[0-9a-f]{3,8}\b|\b(?:rgba?|hsla?|oklch|light-dark)\(/gi)).toBeNull()
    },
  )
})
