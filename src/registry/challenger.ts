import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Static, Type } from 'typebox'
import { canonicalJson } from '../base/canonical-json.ts'
import { UserError } from '../base/errors.ts'
import { checker, parseJson } from '../base/schema.ts'
import { isoDay, object } from '../base/schema-parts.ts'
import { readBack, writeWhole } from '../base/write-file.ts'
import { Search } from '../evaluation/search/search-result.ts'
import { type Model, modelName } from '../forecasting/model.ts'
import { modelFrom } from '../forecasting/model-file.ts'
import {
  artifactFrom,
  type ModelInParts,
  partFile,
  partsName,
} from '../forecasting/model-in-parts.ts'
import { digest, TrainingLineage } from './manifest.ts'
import { type OpenedParts, openParts } from './model-parts.ts'

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

/** A trained model in parts: the index, and the parts that it names. */
export type ChallengerInParts = {
  parts: OpenedParts
  /** Of the index. */
  bytes: Uint8Array
  training: TrainingRecord
}

/** What was trained: one model of all series, or one for each part. */
export type Trained = ({ kind: 'whole' } & Challenger) | ({ kind: 'parts' } & ChallengerInParts)

/** What people want to know of it: what it is called, of how many series, and until when it has learnt. */
export function outlineOf(trained: Trained): {
  name: string
  series: number
  trainedThrough: string
} {
  if (trained.kind === 'whole') {
    const { series, trainedThrough } = trained.model
    return { name: modelName(trained.model), series: series.length, trainedThrough }
  }
  const { index } = trained.parts
  const series = index.parts.reduce((sum, part) => sum + part.series, 0)
  return { name: partsName(index), series, trainedThrough: index.trainedThrough }
}

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
  await removeTold(folder)
  await removeParts(folder)
  await writeWhole(join(folder, 'training.json'), text)
  await writeWhole(join(folder, 'model.json'), challenger.bytes)
  return challenger
}

/** As `writeChallenger`, of the index of parts that `writePart` has written into the folder. */
export async function writeIndex(
  folder: string,
  index: unknown,
  training: Omit<TrainingRecord, 'format' | 'model'>,
): Promise<ChallengerInParts> {
  const bytes = Buffer.from(canonicalJson(index))
  readBack('model.json', () => artifactFrom(bytes, 'model.json'))
  const record = { format: 'cd4ml-training/1', model: digest(bytes), ...training }
  const text = canonicalJson(record)
  readBack('training.json', () => trainingFrom(text, 'training.json'))
  await removeTold(folder)
  await writeWhole(join(folder, 'training.json'), text)
  await writeWhole(join(folder, 'model.json'), bytes)
  const trained = await readTrained(folder)
  if (trained.kind === 'whole') throw new Error('an index was written, but a model was read')
  return trained
}

/** Takes all parts out of the folder of the challenger, before those of another are written. */
export async function removeParts(folder: string): Promise<void> {
  await rm(join(folder, PARTS), { recursive: true, force: true })
}

/** Writes the model of a part into the folder of the challenger, and returns what an index says of it. */
export async function writePart(
  folder: string,
  name: string,
  model: Model,
): Promise<ModelInParts['parts'][number]> {
  const file = partFile(name)
  const bytes = Buffer.from(canonicalJson(model))
  readBack(file, () => modelFrom(bytes, file))
  await writeWhole(join(folder, file), bytes)
  return { name, file, sha256: digest(bytes), series: model.series.length }
}

/** Throws a `UserError` where there is no challenger, or not a whole one. */
export async function readChallenger(folder: string): Promise<Challenger> {
  const modelFile = join(folder, 'model.json')
  const bytes = await bytesOf(modelFile)
  const training = await readTraining(folder)
  requireDescribed(training, bytes, modelFile)
  return { model: modelFrom(bytes, modelFile), bytes, training }
}

/** As `readChallenger`, of a model in parts as well. */
export async function readTrained(folder: string): Promise<Trained> {
  const file = join(folder, 'model.json')
  const bytes = await bytesOf(file)
  const training = await readTraining(folder)
  const artifact = artifactFrom(bytes, file)
  if (artifact.kind === 'whole') return { kind: 'whole', ...(await readChallenger(folder)) }
  requireDescribed(training, bytes, file)
  const read = (part: string) => bytesOf(join(folder, part))
  return { kind: 'parts', parts: openParts(artifact.index, read, folder), bytes, training }
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

function requireDescribed({ model }: TrainingRecord, bytes: Uint8Array, file: string): void {
  if (model === digest(bytes)) return
  throw new UserError('is not the model that training.json beside it describes', {
    file,
    remedy: REMEDY,
  })
}

const PARTS = 'parts'

async function removeTold(folder: string): Promise<void> {
  for (const stale of ['comparison.json', PULL_REQUEST_TEXT]) {
    await rm(join(folder, stale), { force: true })
  }
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
