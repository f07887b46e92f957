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
const files = [...texts.keys()]

const exportedType = /^export (?:type|interface) (\w+)/gm
const word = /^(?:(?:export )?function|export const) (\w+)/gm

/** Where numbers, names and differences are put into words. */
const wordings = ['base/wording.ts', 'reporting/format.ts', 'reporting/texts/numbers.ts']

/** What reporting makes: texts, and what they are made up of. */
const madeByReporting = [
  'Annotation',
  'EvaluationParts',
  'ModelCard',
  'Part',
  'Plotted',
  'Reference',
  'RequestText',
  'Shown',
  'SitePlace',
  'Table',
  'TableCell',
]

it('gives every type one owner: no two files export one of the same name', () => {
  const types = files.flatMap((file) => declared(file, exportedType))
  expect(types.length).toBeGreaterThan(150)
  expect(types.filter((type, index) => types.indexOf(type) < index)).toEqual([])
})

it('leaves the domain to those who make it: reporting exports no types but those of texts', () => {
  const types = files
    .filter((file) => file.startsWith('reporting/'))
    .flatMap((file) => declared(file, exportedType))
  expect(types.sort()).toEqual(madeByReporting)
})

it('lets a reader see the same number written the same way everywhere: each wording is there once', () => {
  const words = wordings.flatMap((file) => declared(file, word))
  expect(words.length).toBeGreaterThan(8)
  const all = files.flatMap((file) => declared(file, word))
  expect(words.filter((one) => all.filter((other) => other === one).length > 1)).toEqual([])
})

it('reads sales through their source alone, wherever that keeps them', () => {
  const listing = files.filter((file) => texts.get(file)?.match(/\bdataFiles\(|\bdataFiles,/))
  expect(listing.sort()).toEqual(['sales/sources/data-files.ts', 'sales/sources/sales-source.ts'])
})

function declared(file: string, pattern: RegExp): string[] {
  return Array.from(texts.get(file)?.matchAll(pattern) ?? [], ([, name]) => name)
}
