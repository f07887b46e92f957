import { resolve } from 'node:path'
import { defineConfig } from 'vitest/config'

// The buyer's page in a real Chromium: `npm run test:browser`. `npm test` does not need one. With
// `--mode pictures` it takes the pictures of the documentation.
export default defineConfig(({ mode }) => ({
  test: {
    globalSetup: ['tests/temporary-files.ts'],
    setupFiles: ['tests/around-each-file.ts'],
    include: [
      'tests/browser/**/*.test.ts',
      ...(mode === 'pictures' ? ['tests/browser/**/*.pictures.ts'] : []),
    ],
    allowOnly: false,
    testTimeout: 600_000,
    hookTimeout: 600_000,
    env: {
      NODE_COMPILE_CACHE: resolve('node_modules/.cache/compiled'),
      ...(mode === 'pictures' && { PICTURES: resolve('docs/pictures') }),
    },
    // Each of them has a browser of its own.
    maxWorkers: 1,
  },
}))
