import { defineConfig } from 'vitest/config'

// What the pictures show, by the workflows themselves: `npm run pictures`.
export default defineConfig({
  test: {
    globalSetup: ['tests/temporary-files.ts', 'tests/workflows/act-binary.ts'],
    setupFiles: ['tests/around-each-file.ts'],
    include: ['docs/pictures/*.scenario.ts'],
    testTimeout: 1_800_000,
  },
})
