import { globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'

const source = resolve(import.meta.dirname, '../../src')
const texts = new Map(
  globSync('**/*.ts', { cwd: source }).map((file) => [
    file,
    readFileSync(join(source, file), 'utf8'),
  ]),
)

/** Where numbers, names and differences are put into words. */
const word = /^(?:(?:export )?function|export const) (\w+)/gm
const wordings = ['base/wording.ts', 'evaluation/gate/wording.ts', 'reporting/format.ts']

it('lets a reader see the same number written the same way everywhere: each wording is there once', () => {
  const words = wordings.flatMap((file) => declared(file, word))
  expect(words.length).toBeGreaterThan(15)
  const others = [...texts.keys()].flatMap((file) => declared(file, word))
  expect(words.filter((word) => others.filter((other) => other === word).length > 1)).toEqual([])
})

function declared(file: string, pattern: RegExp): string[] {
  return Array.from(texts.get(file)?.matchAll(pattern) ?? [], ([, name]) => name)
}
