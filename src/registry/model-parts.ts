import { join } from 'node:path'
import { UserError } from '../base/errors.ts'
import { type Model, modelName } from '../forecasting/model.ts'
import { modelFrom } from '../forecasting/model-file.ts'
import {
  artifactFrom,
  type ModelInParts,
  modelOfPart,
  partsName,
} from '../forecasting/model-in-parts.ts'
import type { Recipe } from '../forecasting/recipe.ts'
import { TRAIN_AGAIN } from '../forecasting/train-again.ts'
import { digest } from './manifest.ts'
import { contentOf, PRODUCTION, type Version } from './production.ts'

/** A model in parts, of which one at a time is read. */
export type OpenedParts = {
  index: ModelInParts
  /**
   * The model that forecasts a part, by its name. A part that has none (it opened later, or was too
   * young to be trained) is forecast by that of the part with most series, which stands in.
   */
  load(name: string): Promise<{ model: Model; standsIn: boolean }>
  /** The bytes of a file of the index. */
  bytes(file: string): Promise<Uint8Array>
}

/** A model, or one in parts: the same question to both is asked of `parts`. */
export type OpenedArtifact = { kind: 'whole'; model: Model } | { kind: 'parts'; parts: OpenedParts }

/**
 * Opens an index whose files `read` gives. Both `load` and `bytes` throw a `UserError` where a file is
 * not the one that the index names by its hash.
 */
export function openParts(
  index: ModelInParts,
  read: (file: string) => Promise<Uint8Array>,
  where: string,
): OpenedParts {
  const bytes = async (file: string) => {
    const found = await read(file)
    const expected = index.parts.find((part) => part.file === file)?.sha256
    if (digest(found) === expected) return found
    throw new UserError('is not the file that model.json names by its SHA-256', {
      file: join(where, file),
      remedy: TRAIN_AGAIN,
    })
  }
  return {
    index,
    bytes,
    async load(name) {
      const { part, standsIn } = modelOfPart(index, name)
      return { model: modelFrom(await bytes(part.file), join(where, part.file)), standsIn }
    },
  }
}

/** What there is to say of an artifact, whole or in parts: what people call it, and what it rests on. */
export type AboutArtifact = { name: string; recipe: Recipe; trainedThrough: string }

export function aboutArtifact(artifact: OpenedArtifact): AboutArtifact {
  if (artifact.kind === 'parts') {
    const { index } = artifact.parts
    return { name: partsName(index), recipe: index.recipe, trainedThrough: index.trainedThrough }
  }
  const { recipe, trainedThrough } = artifact.model
  return { name: modelName(artifact.model), recipe, trainedThrough }
}

/** The series on which an artifact was fitted, as `seriesId` writes them; one part is read after the other. */
export async function knownSeries(artifact: OpenedArtifact): Promise<string[]> {
  if (artifact.kind === 'whole') return artifact.model.series
  const series: string[] = []
  for (const { name } of artifact.parts.index.parts) {
    const { model } = await artifact.parts.load(name)
    for (const id of model.series) series.push(id)
  }
  return series
}

/** The artifact of a version. Throws a `UserError` where this code can make nothing of it. */
export function artifactOf(version: Version, where = PRODUCTION): OpenedArtifact {
  return artifactOfFiles(contentOf(version, 'model.json'), version.files, where)
}

/** The artifact of these bytes of a `model.json`, with the files beside it by their paths. */
export function artifactOfFiles(
  bytes: Uint8Array,
  files: ReadonlyMap<string, Uint8Array>,
  where = '',
): OpenedArtifact {
  const artifact = artifactFrom(bytes, join(where, 'model.json'))
  if (artifact.kind === 'whole') return artifact
  const read = async (file: string) => {
    const bytes = files.get(file)
    if (bytes) return bytes
    throw new UserError('is missing', { file: join(where, file) })
  }
  return { kind: 'parts', parts: openParts(artifact.index, read, where) }
}
