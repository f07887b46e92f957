import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    setupFiles: ['tests/fast-check-seed.ts'],
    include: ['tests/**/*.test.ts'],
    // `fit` is a word of forecasting, so the linter cannot tell a focused test from a fitted model.
    allowOnly: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
