// A key is taken once in a scope; a second save of it changes nothing.
import { cpSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { input, scopeOf, variable } from '../scopes.ts'

const cache = join(scopeOf(variable('GITHUB_REF')), encodeURIComponent(input('key')))
if (!existsSync(input('path'))) {
  console.log(`::warning::Path Validation Error: ${input('path')} does not exist`)
} else if (existsSync(cache)) {
  console.log(`::warning::Failed to save: a cache with key ${input('key')} exists already`)
} else {
  cpSync(input('path'), cache, { recursive: true })
  console.log(`Cache saved with key: ${input('key')}`)
}
