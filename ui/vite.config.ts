import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import react from '@vitejs/plugin-react'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'

// The address of a running server (or of `npm run mock`) that `npm run dev` passes /es/ on to.
const server = process.env.ELKHORN_URL ?? 'http://127.0.0.1:5601'

/** Scripts and styles that a first visit loads, compressed. More would be felt on a slow line. */
const FIRST_PAGE_BYTES = 250 * 1024

/** Fails a build whose first page has grown too heavy. */
function budget(): Plugin {
  return {
    name: 'first-page-budget',
    generateBundle(_, bundle) {
      // The entry and what it imports, each with its styles; what is imported on demand is not of the first page.
      const loaded = new Set(
        Object.values(bundle).flatMap(f => (f.type === 'chunk' && f.isEntry ? [f.fileName] : [])),
      )
      let bytes = 0
      for (const name of loaded) {
        const file = bundle[name]
        if (file?.type === 'asset') bytes += gzipSync(file.source).length
        if (file?.type !== 'chunk') continue
        bytes += gzipSync(file.code).length
        for (const needed of [...file.imports, ...(file.viteMetadata?.importedCss ?? [])]) loaded.add(needed)
      }
      // With no entry found nothing would ever be too heavy.
      if (bytes === 0) this.error('the first page has no entry')
      if (bytes > FIRST_PAGE_BYTES)
        this.error(`the first page is ${bytes} bytes compressed, more than ${FIRST_PAGE_BYTES}`)
    },
  }
}

/** Below this a gzip header costs about what it saves, and the answer fits one packet either way. */
const MIN_ZIPPED_BYTES = 1024

/** Writes what shrinks as name.gz, and only so: the program serves it as it is, and is smaller by it. */
function zipped(): Plugin {
  return {
    name: 'zipped',
    apply: 'build',
    async writeBundle({ dir = 'dist' }, bundle) {
      const names = Object.keys(bundle).filter(name => /\.(?:js|css|html|svg|json)$/.test(name))
      await Promise.all(
        names.map(async name => {
          const path = join(dir, name)
          const body = await readFile(path)
          if (body.length < MIN_ZIPPED_BYTES) return
          await writeFile(`${path}.gz`, gzipSync(body, { level: 9 }))
          await rm(path)
        }),
      )
    },
  }
}

export default defineConfig({
  plugins: [react(), budget(), zipped()],
  build: {
    target: 'es2023',
    // No data: URLs: the content policy takes fonts and styles from this origin only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
  },
  server: { proxy: { '/es': server, '/api': server, '^/s/[^/]+/(api|es)/': server } },
  test: { include: ['src/**/*.test.ts'], testTimeout: 60_000 },
})
