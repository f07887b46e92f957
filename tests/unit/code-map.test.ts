import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { expect, it } from 'vitest'

const repository = resolve(import.meta.dirname, '../..')
const map = readFileSync(join(repository, 'docs/code.md'), 'utf8')
const named = Array.from(map.matchAll(/`([\w./-]+)`/g), ([, path]) => path)

it('leads nobody to a file that is not there', () => {
  const files = named.filter((path) => /\.(ts|yml)$/.test(path))
  expect(files.length).toBeGreaterThan(40)
  const everywhere = new Set(
    globSync('{src,actions,tests,.github}/**/*.{ts,yml}', { cwd: repository }).flatMap((path) => [
      path,
      path.replace(/^src\//, ''),
      path.slice(path.lastIndexOf('/') + 1),
    ]),
  )
  expect(
    files.filter((path) => !everywhere.has(path) && !existsSync(join(repository, path))),
  ).toEqual([])
})

it('names every room of the house', () => {
  const rooms = new Set(
    globSync('src/**/*.ts', { cwd: repository })
      .map((file) => dirname(file))
      .filter((folder) => folder !== 'src' && folder !== 'src/reporting/texts'),
  )
  const missing = [...rooms].filter((room) => {
    const last = `${room.slice(room.lastIndexOf('/') + 1)}/`
    return !named.includes(`${room}/`) && !named.includes(last)
  })
  expect(missing).toEqual([])
})
