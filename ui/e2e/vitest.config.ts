import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    root: new URL('.', import.meta.url).pathname,
    // Pages of which nothing but a picture is wanted are visited when pictures are.
    include: ['*.e2e.ts', ...(process.env.PICTURES ? ['*.pictures.ts'] : [])],
    // Each has a server and a browser of its own, and one alone leaves much of a processor idle.
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
