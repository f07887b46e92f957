import { globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, it } from 'vitest'

const repository = resolve(import.meta.dirname, '../..')
const { dependencies } = JSON.parse(read('package.json'))

it('runs on its dependencies alone: a job that installs without the packages of the tests misses none', () => {
  const files = globSync('{src,actions,bin}/**/*.{ts,js}', { cwd: repository })
  const loaded = files.flatMap((file) => packagesOf(read(file)).map((name) => ({ file, name })))
  expect(loaded.map(({ name }) => name)).toContain('@actions/core')
  expect(loaded.filter(({ name }) => !Object.hasOwn(dependencies, name))).toEqual([])
})

/** Of what is imported when the text is run: all but built-in modules, files and mere types. */
function packagesOf(text: string): string[] {
  const statements = text.matchAll(
    /^(?:import|export) (?!type )[^;]*?from '([^']+)'|import\('([^']+)'\)|^import '([^']+)'/gm,
  )
  return Array.from(statements, (found) => found.slice(1).find((name) => name !== undefined)!)
    .filter((name) => !/^(\.|node:)/.test(name))
    .map((name) => name.match(/^(@[^/]+\/)?[^/]+/)![0])
}

function read(file: string): string {
  return readFileSync(resolve(repository, file), 'utf8')
}
