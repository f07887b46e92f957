import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { UserError } from '../../../src/base/errors.ts'
import { openHistory } from '../../../src/evaluation/search/history.ts'
import { trainAsOf } from '../../../src/evaluation/search/search.ts'
import {
  type Challenger,
  type Fingerprint,
  newChallenger,
  PULL_REQUEST_TEXT,
  readChallenger,
  readTraining,
  requireFresh,
  type TrainingRecord,
  writeChallenger,
} from '../../../src/registry/challenger.ts'
import { digest } from '../../../src/registry/manifest.ts'
import { put, temporaryFolder } from '../../repository.ts'
import { totalsOf } from '../demand/totals.ts'
import { recipeOf, shopSales } from '../evaluation/shop.ts'
import { lineageOf } from './commits.ts'

const fingerprint: Fingerprint = { data: 'd', contract: 'c', recipe: 'r', asOf: '2026-10-01' }
const trained = (of: Fingerprint) => ({ fingerprint: of }) as TrainingRecord

test('a challenger that was trained on what there is now is compared', () => {
  expect(() => requireFresh(trained(fingerprint), { ...fingerprint })).not.toThrow()
  const { asOf: _, ...now } = fingerprint
  expect(() => requireFresh(trained(now), now)).not.toThrow()
})

test('of a challenger that was trained on something else exactly that is named', () => {
  const parts = fc.subarray(['data', 'contract', 'recipe', 'asOf'] as const, { minLength: 1 })
  fc.assert(
    fc.property(parts, fc.constantFrom('other', undefined), (changed, other) => {
      const now = { ...fingerprint, ...Object.fromEntries(changed.map((part) => [part, other])) }
      expect(() => requireFresh(trained(fingerprint), now as Fingerprint)).toThrow(
        new UserError(`the challenger was trained with another ${changed.join(', ')}`, {
          remedy: 'Run cd4ml train again, with the same options as this command.',
        }),
      )
      expect(() => requireFresh(trained(now as Fingerprint), fingerprint)).toThrow(UserError)
    }),
  )
})

let challenger: Challenger

beforeAll(async () => {
  const history = openHistory(totalsOf(shopSales(24)))
  const { model, search } = await trainAsOf(
    history,
    recipeOf({ families: { 'moving-average': {} } }),
  )
  const { policy: _, ...lineage } = lineageOf({})
  challenger = newChallenger(model, { fingerprint, lineage, search })
})

const write = async () => {
  const folder = await temporaryFolder()
  const { model, training } = challenger
  const { format: _, model: __, ...made } = training
  await put(folder, { 'comparison.json': '{}', [PULL_REQUEST_TEXT]: '#', 'kept.txt': '' })
  return { folder, written: await writeChallenger(folder, model, made) }
}

test('a challenger is read as it was written, and what was told of the one before is gone', async () => {
  const { folder, written } = await write()
  expect(written).toEqual(challenger)
  expect(await readChallenger(folder)).toEqual(challenger)
  expect(await readTraining(folder)).toEqual(challenger.training)
  expect(challenger.training.format).toBe('cd4ml-training/1')
  expect(challenger.training.model).toBe(digest(await readFile(join(folder, 'model.json'))))
  await expect(readFile(join(folder, 'comparison.json'))).rejects.toThrow('ENOENT')
  await expect(readFile(join(folder, PULL_REQUEST_TEXT))).rejects.toThrow('ENOENT')
  expect(await readFile(join(folder, 'kept.txt'), 'utf8')).toBe('')
})

test('what lacks a part, or holds another model, is no challenger: train again', async () => {
  const { folder } = await write()
  const text = await readFile(join(folder, 'model.json'), 'utf8')
  await put(folder, { 'model.json': `${text} ` })
  await expect(readChallenger(folder)).rejects.toThrow(
    /model\.json: is not the model that training\.json beside it describes\n.*Run cd4ml train again/,
  )
  for (const name of ['training.json', 'model.json']) {
    const { folder } = await write()
    await rm(join(folder, name))
    await expect(readChallenger(folder)).rejects.toThrow(
      `${name}: there is no trained challenger here`,
    )
  }
})

test('a model that could not be read again is written over nothing', async () => {
  const { folder } = await write()
  const { model, training } = challenger
  const halved = { ...model, members: model.members.map((it) => ({ ...it, weight: 0.5 })) }
  await expect(writeChallenger(folder, halved, training)).rejects.toThrow(
    'model.json was made, but could not be read again',
  )
  const other = { ...training, search: { ...training.search, origins: ['today'] } }
  await expect(writeChallenger(folder, model, other)).rejects.toThrow(
    'training.json was made, but could not be read again',
  )
  expect(await readChallenger(folder)).toEqual(challenger)
})
