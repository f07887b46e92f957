import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Static, Type } from 'typebox'
import { canonicalJson } from '../base/canonical-json.ts'
import { UserError } from '../base/errors.ts'
import { checker, parseJson } from '../base/schema.ts'
import { isoDay, object } from '../base/schema-parts.ts'
import { readBack, writeWhole } from '../base/write-file.ts'
import { Search } from '../evaluation/search/search-result.ts'
import type { Model } from '../forecasting/model.ts'
import { modelFrom } from '../forecasting/model-file.ts'
import { digest, TrainingLineage } from './manifest.ts'

/** What a model was made of, as SHA-256 digests and days: equal fingerprints, equal training. */
export const Fingerprint = object({
  data: Type.String(),
  contract: Type.String(),
  recipe: Type.String(),
  asOf: Type.Optional(isoDay),
})
export type Fingerprint = Static<typeof Fingerprint>

/** `training.json`, beside the challenger's `model.json`. */
const TrainingRecord = object({
  format: Type.Literal('cd4ml-training/1'),
  /** SHA-256 of `model.json`. */
  model: Type.String(),
  fingerprint: Fingerprint,
  /** Absent where what it was made of was not committed, or there is no repository. */
  lineage: Type.Optional(TrainingLineage),
  search: Search,
})
export type TrainingRecord = Static<typeof TrainingRecord>

export type Challenger = { model: Model; bytes: Uint8Array; training: TrainingRecord }

/** A trained model as its files say it: whoever reads them gets the same. */
export function newChallenger(
  model: Model,
  training: Omit<TrainingRecord, 'format' | 'model'>,
): Challenger {
  const bytes = Buffer.from(canonicalJson(model))
  return {
    model: readBack('model.json', () => modelFrom(bytes, 'model.json')),
    bytes,
    training: { format: 'cd4ml-training/1', model: digest(bytes), ...training },
  }
}

/** Beside the challenger, where it is proposed. */
export const PULL_REQUEST_TEXT = 'pull-request.md'

/**
 * Writes `model.json` and `training.json` into the folder, and takes away what is told there of the
 * challenger before.
 */
export async function writeChallenger(
  folder: string,
  model: Model,
  training: Omit<TrainingRecord, 'format' | 'model'>,
): Promise<Challenger> {
  const challenger = newChallenger(model, training)
  const text = canonicalJson(challenger.training)
  readBack('training.json', () => trainingFrom(text, 'training.json'))
  for (const stale of ['comparison.json', PULL_REQUEST_TEXT]) {
    await rm(join(folder, stale), { force: true })
  }
  await writeWhole(join(folder, 'training.json'), text)
  await writeWhole(join(folder, 'model.json'), challenger.bytes)
  return challenger
}

/** Throws a `UserError` where there is no challenger, or not a whole one. */
export async function readChallenger(folder: string): Promise<Challenger> {
  const modelFile = join(folder, 'model.json')
  const bytes = await bytesOf(modelFile)
  const training = await readTraining(folder)
  if (training.model !== digest(bytes)) {
    throw new UserError('is not the model that training.json beside it describes', {
      file: modelFile,
      remedy: REMEDY,
    })
  }
  return { model: modelFrom(bytes, modelFile), bytes, training }
}

/** As `readChallenger`, without its model, which the code that reads it may be too old to know. */
export async function readTraining(folder: string): Promise<TrainingRecord> {
  const file = join(folder, 'training.json')
  return trainingFrom((await bytesOf(file)).toString('utf8'), file)
}

/**
 * Throws a `UserError` unless the challenger was trained on what there is now, which is what a
 * comparison would judge it on.
 */
export function requireFresh({ fingerprint }: TrainingRecord, now: Fingerprint): void {
  const names = ['data', 'contract', 'recipe', 'asOf'] as const
  const changed = names.filter((name) => fingerprint[name] !== now[name])
  if (changed.length === 0) return
  throw new UserError(`the challenger was trained with another ${changed.join(', ')}`, {
    remedy: REMEDY,
  })
}

function trainingFrom(text: string, file: string): TrainingRecord {
  return checkTraining(parseJson(text, file, REMEDY), file)
}

const REMEDY = 'Run cd4ml train again, with the same options as this command.'

const checkTraining = checker(TrainingRecord, REMEDY)

async function bytesOf(file: string): Promise<Buffer> {
  try {
    return await readFile(file)
  } catch (cause) {
    throw new UserError('there is no trained challenger here', { file, remedy: REMEDY, cause })
  }
}
