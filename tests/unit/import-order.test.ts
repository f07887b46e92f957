import { globSync, readFileSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import { expect, it } from 'vitest'

/** The folders of `src` from top to bottom: each may import itself and the levels below its own. */
const order = [
  ['cli.ts'],
  ['commands', 'workflow'],
  ['service'],
  ['steps'],
  ['github', 'reporting'],
  ['monitoring'],
  ['registry', 'ledger'],
  ['evaluation'],
  ['ordering'],
  ['forecasting'],
  ['demand'],
  ['sales', 'simulation'],
  ['base'],
]

/** The same of the rooms of `src/service`, and the files beside them. */
const serviceOrder = [
  ['serve.ts'],
  ['server.ts'],
  ['access'],
  ['api', 'page', 'exchange', 'ops'],
  ['recording'],
  ['engine'],
  ['http'],
]

const source = resolve(import.meta.dirname, '../../src')
const imports = globSync('**/*.ts', { cwd: source })
  .filter((file) => !file.endsWith('.d.ts'))
  .flatMap((file) => importsOf(file).map((target) => ({ file, target })))

it('shows a reader the order of the folders: nothing below imports from above or beside', () => {
  expect(imports.length).toBeGreaterThan(200)
  const wrong = imports.filter(({ file, target }) => {
    const [from, to] = [folderOf(file), folderOf(target)]
    return !isOutside(target) && from !== to && levelOf(from) >= levelOf(to)
  })
  expect(wrong).toEqual([])
})

it('shows the same of the rooms of the service, in which no file leads back to itself', () => {
  const inside = imports.flatMap(({ file, target }) =>
    folderOf(file) === 'service' && folderOf(target) === 'service'
      ? [{ file: file.slice('service/'.length), target: target.slice('service/'.length) }]
      : [],
  )
  const level = (file: string) =>
    serviceOrder.findIndex((rooms) => rooms.includes(file.split('/')[0]))
  const wrong = inside.filter(({ file, target }) => {
    const isOwn = file.split('/')[0] === target.split('/')[0]
    return level(file) < 0 || (!isOwn && level(file) >= level(target))
  })
  expect(wrong).toEqual([])
  expect(inside.length).toBeGreaterThan(100)
  expect(leadingBack(inside)).toEqual([])
})

it('leaves no folder of src without a place in the order, and none that could hold anything', () => {
  const folders = new Set(imports.map(({ file }) => folderOf(file)))
  expect([...folders].filter((folder) => levelOf(folder) < 0)).toEqual([])
  expect(globSync('**/{util,utils,helpers,common,misc,lib}', { cwd: source })).toEqual([])
})

it('ships without benchmarks, scripts and tests: src imports nothing of the project but itself', () => {
  const outside = imports.filter(({ target }) => isOutside(target)).map(({ target }) => target)
  expect(outside.filter((target) => target !== '../package.json')).toEqual([])
})

/** Relative to `src`, every file that is named in an import or loaded by its URL. */
function importsOf(file: string): string[] {
  const text = readFileSync(resolve(source, file), 'utf8')
  return Array.from(text.matchAll(/(?:from |import\(|import |new URL\()'(\.[^']+)'/g), ([, path]) =>
    relative(source, resolve(source, dirname(file), path)),
  )
}

/** The files from which imports lead back to themselves: what is left when all is taken away that imports none of the rest. */
function leadingBack(all: { file: string; target: string }[]): string[] {
  let left = all
  for (;;) {
    const importing = new Set(left.map(({ file }) => file))
    const next = left.filter(({ target }) => importing.has(target))
    if (next.length === left.length) return [...importing].sort()
    left = next
  }
}

function isOutside(target: string): boolean {
  return target.startsWith('..')
}

function folderOf(file: string): string {
  if (file === 'cli.ts') return file
  return file.slice(0, file.indexOf('/'))
}

/** 0 is the top; -1 for a folder that has no place. */
function levelOf(folder: string): number {
  return order.findIndex((level) => level.includes(folder))
}
