import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

// The address of a running server (or of `npm run mock`) that `npm run dev` passes /es/ on to.
const server = process.env.ELKHORN_URL ?? 'http://127.0.0.1:5601'

export default defineConfig({
  plugins: [react()],
  build: {
    target: 'es2023',
    // No data: URLs: the content policy takes fonts and styles from this origin only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
  },
  server: { proxy: { '/es': server } },
  test: { include: ['src/**/*.test.ts'] },
})
