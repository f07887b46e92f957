import { join } from 'node:path'
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import type { Experiment } from '../../src/registry/experiment.ts'
import { experimentComment } from '../../src/reporting/experiment-comment.ts'
import { readValidation, writeValidation } from '../../src/steps/data/validation-files.ts'
import { readExperiment } from '../../src/steps/model/experiment.ts'
import { put, temporaryFolder } from '../repository.ts'
import { evaluation, manifest, naughty, search, validation } from '../unit/reporting/examples.ts'
import { expectHarmless } from '../unit/reporting/harmless.ts'

const MODEL = 'ab'.repeat(32)
const { commit, trainedOn, code, lockfile, data, contract, recipe } = manifest().lineage
const [, ...warnings] = validation().findings

/** What an honest experiment leaves behind. */
const ARTIFACT = {
  'validation/report.json': validation({
    outcome: 'valid',
    findings: warnings,
    asOf: '2026-11-01',
  }),
  'challenger/training.json': {
    format: 'cd4ml-training/1',
    model: MODEL,
    fingerprint: { data: 'd', contract: 'c', recipe: 'r', asOf: '2026-11-01' },
    lineage: { commit, trainedOn, code, lockfile, data, contract, recipe },
    search: search(),
  },
  'challenger/comparison.json': {
    format: 'cd4ml-comparison/1',
    challenger: MODEL,
    champion: { version: 3, model: '9'.repeat(64) },
    evaluation: evaluation(),
    pending: {
      version: 4,
      model: '8'.repeat(64),
      verdict: 'worse',
      decidedBy: 'wape',
      difference: { estimate: 0.1, low: 0.05, high: 0.15 },
    },
  },
}

let project: string
beforeAll(async () => {
  project = await temporaryFolder()
})

test('an honest experiment is shown whole', async () => {
  const found = await handedOver(ARTIFACT)
  expect(found.problem).toBeUndefined()
  expect(Object.keys(found).sort()).toEqual(['evaluation', 'pending', 'search', 'validation'])
})

/** A value of any place in the artifact, and how to have another one there. */
const places = placesIn(ARTIFACT, [])
const hostile = fc.oneof(
  fc.constantFrom<unknown>(...naughty.map(({ text }) => text)),
  fc.constantFrom<unknown>('9999-99-99', '2026-02-30', '', null, true, {}, [], [[[[]]]], undefined),
  fc.constantFrom<unknown>(1e308, -1e308, 5e-324, 1e16, -1, 0, 2 ** 53),
  fc.constant<unknown>(JSON.parse('{"__proto__":{"a":1},"constructor":1}')),
)

test('whatever a branch puts in one place of it, the comment is harmless and shows numbers', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...places), hostile, async (place, value) => {
      const comment = commentOn(await handedOver(replaced(ARTIFACT, place, value)))
      expectHarmless(comment)
      expect(comment).not.toMatch(/NaN|Infinity|undefined|\[object/)
    }),
    { numRuns: 400 },
  )
})

test.each([
  ['nested a million deep', `${'['.repeat(1e6)}${']'.repeat(1e6)}`],
  ['of a million wrong entries', JSON.stringify(Array.from({ length: 1e6 }, () => 1))],
  ['a number beyond all numbers', '{"format":1e999}'],
  ['no JSON', '\u0000'],
  ['no text', ''],
])('a file that is %s is one sentence', async (_, text) => {
  for (const file of Object.keys(ARTIFACT)) {
    const { problem } = await handedOver(ARTIFACT, { [file]: text })
    expect(problem).toContain(file.split('/')[1])
    expectHarmless(commentOn({ problem: problem ?? '' }))
  }
})

test('a report of the validation that no job could read again takes the place of none', async () => {
  const folder = await temporaryFolder()
  await writeValidation(folder, validation(), 'en')
  await expect(writeValidation(folder, validation({ asOf: 'today' }), 'en')).rejects.toThrow(
    /report\.json was made, but could not be read again: .*asOf/s,
  )
  expect(await readValidation(folder)).toEqual(validation())
})

async function handedOver(
  artifact: object,
  written: Record<string, string> = {},
): Promise<Experiment> {
  const texts = Object.entries(artifact).map(([file, value]) => [file, JSON.stringify(value)])
  const files = { ...Object.fromEntries(texts), ...written }
  const at = Object.entries(files).map(([file, text]) => [`.cd4ml/${file}`, text ?? ''])
  await put(project, Object.fromEntries(at))
  const folder = join(project, '.cd4ml')
  const [validation, out] = ['validation', 'challenger'].map((name) => join(folder, name))
  return await readExperiment({ project, validation: validation!, out: out! })
}

function commentOn(found: Experiment): string {
  return experimentComment(
    { ...found, run: 'https://github.com/shop/demand/actions/runs/42' },
    'en',
  )
}

type Place = (string | number)[]

function placesIn(value: unknown, place: Place): Place[] {
  if (typeof value !== 'object' || value === null) return [place]
  const inside = Object.entries(value).flatMap(([key, inner]) =>
    placesIn(inner, [...place, Array.isArray(value) ? Number(key) : key]),
  )
  return place.length < 1 ? inside : [place, ...inside]
}

function replaced<T>(value: T, [key, ...deeper]: Place, by: unknown): T {
  if (key === undefined) return by as T
  const copy = (Array.isArray(value) ? [...value] : { ...value }) as Record<
    string | number,
    unknown
  >
  copy[key] = replaced(copy[key], deeper, by)
  return copy as T
}
