import fc from 'fast-check'
import { afterAll } from 'vitest'
import { removeTemporaryFolders } from './repository.ts'

// The same cases on every run: a failure is then the change's, not the day's.
fc.configureGlobal({ seed: 42 })

afterAll(removeTemporaryFolders)
