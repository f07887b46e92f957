import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalJson } from '../../../src/base/canonical-json.ts'
import { UserError } from '../../../src/base/errors.ts'
import { modelFrom } from '../../../src/forecasting/model-file.ts'
import {
  artifactFrom,
  modelOfPart,
  newIndex,
  partFile,
  partsName,
} from '../../../src/forecasting/model-in-parts.ts'
import { completeRecipe } from '../../../src/forecasting/recipe.ts'
import { isVersionFile } from '../../../src/registry/manifest.ts'

const recipe = completeRecipe({ frequency: 'week', horizon: 4, partition: 'store' }, 'recipe.yml')
const part = (name: string, series = 3) => ({
  name,
  file: partFile(name),
  sha256: '0'.repeat(64),
  series,
})
const indexOf = (...parts: ReturnType<typeof part>[]) =>
  Buffer.from(canonicalJson(newIndex(recipe, { parts, untrained: [] }, '2026-01-04')))

describe('the file of a part', () => {
  test('is one of a version, in its folder, whatever a sales file calls the part', () => {
    const hostile = ['', '.', '..', '../x', '/etc/passwd', 'a\u0000b', 'CON', 'x'.repeat(300), '🛒']
    fc.assert(
      fc.property(fc.oneof(fc.constantFrom(...hostile), fc.string({ unit: 'binary' })), (name) => {
        expect(isVersionFile(partFile(name))).toBe(true)
        expect(partFile(name)).toMatch(/^parts\/[a-z0-9-]{1,64}\.json$/)
      }),
      { numRuns: 50 },
    )
  })

  test('is that of no other part, on disks that know no capitals either', () => {
    const names = ['Centro', 'centro', 'CENTRO', 'cen-tro', 'cen tro', 'çentro', '', ' ', '-']
    expect(new Set(names.map((name) => partFile(name).toLowerCase())).size).toBe(names.length)
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        if (a !== b) expect(partFile(a)).not.toBe(partFile(b))
      }),
    )
  })
})

describe('the index of a model in parts', () => {
  test('is read back with its recipe', () => {
    const artifact = artifactFrom(indexOf(part('A'), part('B')), 'model.json')
    if (artifact.kind === 'whole') throw new Error('a model was read')
    expect(artifact.index.recipe).toEqual(recipe)
    expect(partsName(artifact.index)).toBe('2 models by store')
  })

  test('is refused by whoever takes it for one model of all series, and told what it is', () => {
    expect(() => modelFrom(indexOf(part('A')), 'model.json')).toThrow(/is a model in parts/)
  })

  test.each([
    ['names a part twice', [part('A'), part('A')]],
    ['gives two parts one file', [part('A'), { ...part('B'), file: partFile('A') }]],
    ['leads out of its folder', [{ ...part('A'), file: 'parts/../../x.json' }]],
    ['has no part', []],
  ])('that %s is refused', (_, parts) => {
    expect(() => artifactFrom(indexOf(...parts), 'model.json')).toThrow(UserError)
  })

  test('has the model of most series stand in for a part that it does not know', () => {
    const index = { parts: [part('A', 2), part('B', 5), part('C', 5)] }
    expect(modelOfPart(index, 'C')).toMatchObject({ part: { name: 'C' }, standsIn: false })
    expect(modelOfPart(index, 'new')).toMatchObject({ part: { name: 'B' }, standsIn: true })
  })
})
