import { defineConfig } from 'vitest/config'

// The workflows, executed by act: `npm run test:workflows`. `npm test` does not need them.
export default defineConfig({
  test: {
    globalSetup: ['tests/temporary-files.ts', 'tests/workflows/act-binary.ts'],
    setupFiles: ['tests/around-each-file.ts'],
    include: ['tests/workflows/**/*.scenario.ts'],
    allowOnly: false,
    testTimeout: 1_800_000,
    hookTimeout: 1_800_000,
    // Each of them keeps a processor busy.
    maxWorkers: '100%',
  },
})
