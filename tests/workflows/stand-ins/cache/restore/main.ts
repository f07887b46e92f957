// The run's own ref first, then the default branch; in each the key, then the newest cache whose key
// begins with one of the restore-keys, in their order.
import { appendFileSync, cpSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { input, scopeOf, variable } from '../scopes.ts'

const beginnings = input('restore-keys')
  .split('\n')
  .map((line) => line.trim())
const wanted = [input('key'), ...beginnings.filter(Boolean)]
const scopes = [variable('GITHUB_REF'), 'refs/heads/main'].map(scopeOf)
const [found] = scopes.flatMap((scope) =>
  wanted.flatMap((beginning) =>
    cachesIn(scope)
      .filter(({ key }) => key.startsWith(beginning))
      .sort((a, b) => b.savedAt - a.savedAt),
  ),
)
if (found) {
  mkdirSync(input('path'), { recursive: true })
  cpSync(found.path, input('path'), { recursive: true })
  console.log(`Cache restored from key: ${found.key}`)
} else {
  console.log(`Cache not found for input keys: ${wanted.join(', ')}`)
}
appendFileSync(variable('GITHUB_OUTPUT'), `cache-hit=${found?.key === input('key')}\n`)

function cachesIn(scope: string) {
  if (!existsSync(scope)) return []
  return readdirSync(scope).map((name) => {
    const path = join(scope, name)
    return { key: decodeURIComponent(name), path, savedAt: statSync(path).ctimeMs }
  })
}
