import { createHash } from 'node:crypto'
import { type Static, Type } from 'typebox'
import { UserError } from '../base/errors.ts'
import { checker, parseJson } from '../base/schema.ts'
import { count, isoDay, object, sha256 } from '../base/schema-parts.ts'
import type { Model } from './model.ts'
import { isIndexOfParts, modelFrom, PARTS_FORMAT } from './model-file.ts'
import { completeRecipe, type Recipe, WrittenRecipe } from './recipe.ts'
import { TRAIN_AGAIN } from './train-again.ts'

/** Files of parts stand beside the index, whatever they are called: no two differ by case alone. */
export const PART_FILE = 'parts/[a-z0-9][a-z0-9-]{0,63}\\.json'

const Part = object({
  /** The value of the partition: the store, the category. Empty where the sales say none. */
  name: Type.String(),
  file: Type.String({ pattern: `^${PART_FILE}$` }),
  /** Of the file: a `Model` whose recipe has no partition. */
  sha256,
  /** How many series it was fitted on. */
  series: count,
})

const WrittenIndex = object({
  format: Type.Literal(PARTS_FORMAT),
  /** Complete, with the partition. */
  recipe: WrittenRecipe,
  /** In the order of the bytes of their names. */
  parts: Type.Array(Part, { minItems: 1 }),
  /** The parts whose sales no model could be trained on, and why, as a sentence. */
  untrained: Type.Optional(Type.Array(object({ name: Type.String(), why: Type.String() }))),
  /** ISO day: the last one that any of them has learnt from. */
  trainedThrough: isoDay,
})

/**
 * `model.json` of a model in parts: which parts it has, and what the file of each must hash to, so that
 * its own hash stands for all of them.
 */
export type ModelInParts = Omit<Static<typeof WrittenIndex>, 'recipe'> & {
  recipe: Recipe & { partition: string }
}

/** What `model.json` may be. */
export type Artifact = { kind: 'whole'; model: Model } | { kind: 'parts'; index: ModelInParts }

/** An artifact from the bytes of its `model.json`. Throws a `UserError` where they are none. */
export function artifactFrom(bytes: Uint8Array, file: string): Artifact {
  const written = parseJson(new TextDecoder().decode(bytes), file)
  return isIndexOfParts(written)
    ? { kind: 'parts', index: indexFrom(written, file) }
    : { kind: 'whole', model: modelFrom(bytes, file) }
}

/** The index of a model in parts, of parts in the order of their names. */
export function newIndex(
  recipe: Recipe,
  {
    parts,
    untrained,
  }: Pick<ModelInParts, 'parts'> & { untrained: { name: string; why: string }[] },
  trainedThrough: string,
): unknown {
  return {
    format: PARTS_FORMAT,
    recipe,
    parts,
    ...(untrained.length > 0 && { untrained }),
    trainedThrough,
  }
}

/** What people and files call it: `12 models by store`. */
export function partsName({ parts, recipe }: Pick<ModelInParts, 'parts' | 'recipe'>): string {
  return `${parts.length} ${parts.length === 1 ? 'model' : 'models'} by ${recipe.partition}`
}

/**
 * Where the model of a part stands beside the index. Names are whatever sales files say: of each what
 * is harmless in any file system, and a hash that tells it from all others.
 */
export function partFile(name: string): string {
  const hash = createHash('sha256').update(name).digest('hex').slice(0, HASH_LENGTH)
  const readable = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 40)
    .replace(/-$/, '')
  return `parts/${readable === '' ? hash : `${readable}-${hash}`}.json`
}

/** The model that forecasts a part: its own, or of one that has none the one of most series. */
export function modelOfPart(
  { parts }: Pick<ModelInParts, 'parts'>,
  name: string,
): { part: ModelInParts['parts'][number]; standsIn: boolean } {
  const own = parts.find((part) => part.name === name)
  if (own) return { part: own, standsIn: false }
  return { part: largestPart({ parts }), standsIn: true }
}

/** The part with most series; of several the first. */
export function largestPart({ parts }: Pick<ModelInParts, 'parts'>): ModelInParts['parts'][number] {
  return parts.reduce((most, part) => (part.series > most.series ? part : most))
}

const HASH_LENGTH = 16

function indexFrom(written: unknown, file: string): ModelInParts {
  const { recipe: of, ...index } = checkIndex(written, file)
  const { partition, ...recipe } = completeRecipe(of, file)
  const names = new Set(index.parts.map(({ name }) => name))
  const files = new Set(index.parts.map((part) => part.file))
  if (partition === undefined || names.size < index.parts.length || files.size < names.size) {
    throw new UserError('must have a partition, and name each part and each file once', {
      file,
      remedy: TRAIN_AGAIN,
    })
  }
  return { ...index, recipe: { ...recipe, partition } }
}

const checkIndex = checker(WrittenIndex, TRAIN_AGAIN)
