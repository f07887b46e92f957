import { resolve } from 'node:path'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    globalSetup: ['tests/temporary-files.ts'],
    setupFiles: ['tests/around-each-file.ts'],
    maxWorkers: '100%',
    projects: [
      {
        extends: true,
        // Modules are loaded once, not once a file.
        test: { name: 'unit', include: ['tests/unit/**/*.test.ts'], isolate: false },
      },
      {
        extends: true,
        // These start many processes, and the more memory a process has, the longer that takes it:
        // each file gets a new one.
        test: {
          name: 'real',
          include: ['tests/{integration,end-to-end,acceptance}/**/*.test.ts'],
          // Less room for what is soon garbage.
          execArgv: ['--max-semi-space-size=4'],
        },
      },
    ],
    // `fit` is a word of forecasting, so the linter cannot tell a focused test from a fitted model.
    allowOnly: false,
    // Many tests start processes, which take their time on a busy machine.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    // For the threads and processes that tests start: compiling takes longer than what they do.
    env: { NODE_COMPILE_CACHE: resolve('node_modules/.cache/compiled') },
  },
})
