import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    setupFiles: ['tests/fast-check-seed.ts'],
    include: ['tests/**/*.test.ts'],
    // `fit` is a word of forecasting, so the linter cannot tell a focused test from a fitted model.
    allowOnly: false,
    // Many tests start processes, which take their time on a busy machine.
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
})
