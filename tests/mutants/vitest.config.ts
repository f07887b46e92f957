import { defineConfig } from 'vitest/config'

// The tests beside the code that Stryker changes, which `run.ts` names.
export default defineConfig({
  test: {
    globalSetup: ['tests/temporary-files.ts'],
    setupFiles: ['tests/around-each-file.ts'],
    include: JSON.parse(process.env.CD4ML_TESTS_BESIDE ?? '[]'),
    isolate: false,
    allowOnly: false,
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
})
