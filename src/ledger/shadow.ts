import { type Static, Type } from 'typebox'
import { unlessMistaken } from '../base/errors.ts'
import { object, sha256 } from '../base/schema-parts.ts'
import type { MonitoringLimits } from '../evaluation/gate/policy.ts'
import { artifactFrom, type ModelInParts } from '../forecasting/model-in-parts.ts'
import { contentFile, contentPath, contentText } from './content.ts'
import type { Basis } from './events/event.ts'
import { RECORD_ID, type RunRecord } from './run-record.ts'

/** A challenger that is tried beside production: it forecasts what production forecasts. */
export const Shadow = object({
  /** SHA-256 of its `model.json`. */
  model: sha256,
  name: Type.String({ minLength: 1, maxLength: 2000 }),
  /**
   * Digest of the recipe by which it was trained. Every retraining fits it again, on newer sales: as
   * long as the recipe is the same, it is the same idea that is tried.
   */
  recipe: Type.String({ minLength: 1, maxLength: 300 }),
  /** Id of the run that compared it with production. */
  run: Type.String({ pattern: RECORD_ID.source }),
})
export type Shadow = Static<typeof Shadow>

/**
 * Whether the model that a run compared may be tried beside production: retraining on `main` made it,
 * and it could not be told from what was in production. What a pull request trained is none: anybody
 * can open one.
 */
export function mayBeShadow({ kind, branch, workflow, verdict, comparison }: RunRecord): boolean {
  return (
    kind === 'compare' &&
    branch === 'main' &&
    workflow !== undefined &&
    !workflow.event.startsWith('pull_request') &&
    verdict === 'not distinguishable' &&
    comparison?.decision === 'keep' &&
    comparison.challenger !== undefined &&
    comparison.champion !== undefined &&
    comparison.challenger.model !== comparison.champion.digest
  )
}

/**
 * What is to be tried beside this version: the newest challenger that was compared with it, or the one
 * that the policy names by its SHA-256, whatever it was compared with. Undefined where there is none:
 * every promotion, the shadow's own too, ends what was tried before it.
 */
export function shadowInForce(
  runs: readonly RunRecord[],
  chosen: MonitoringLimits['shadow'],
  production: VersionBasis,
): Shadow | undefined {
  if (chosen === 'none') return undefined
  const newestFirst = runs.filter(mayBeShadow).sort((a, b) => (a.id > b.id ? -1 : 1))
  for (const { id, recipe, model: name, comparison } of newestFirst) {
    const { challenger, champion } = comparison ?? {}
    if (!challenger || !name || challenger.model === production.model) continue
    const isChosen =
      chosen === 'newest'
        ? champion?.version === production.version && champion.digest === production.model
        : challenger.model === chosen
    if (isChosen) return { model: challenger.model, name, recipe, run: id }
  }
  return undefined
}

/** A version, and the SHA-256 of its `model.json`. */
export type VersionBasis = Pick<Basis, 'version' | 'model'>

/** A file of a model that is kept as a shadow: its name in the ledger is its SHA-256. */
export function shadowFile(model: Uint8Array) {
  return contentFile(Buffer.from(model).toString(), 'json')
}

/** Where the ledger keeps the file of this SHA-256, if it does. */
export function shadowPath(model: string): string {
  return contentPath(model, 'json')
}

/** The bytes of such a file. Throws a `UserError` where they are damaged, or more than so many. */
export function shadowBytes(
  path: string,
  packed: Uint8Array,
  most = MOST_SHADOW_BYTES,
): Uint8Array {
  return Buffer.from(contentText(path, packed, most))
}

/**
 * The files of a shadow, by their paths: its `model.json` and, where that is the index of a model in
 * parts, those that it names by their SHA-256.
 *
 * @param read - gives the file of a path and a SHA-256, of at most so many bytes
 */
export async function shadowFiles(
  model: string,
  read: (file: { path: string; sha256: string }, mostBytes: number) => Promise<Uint8Array>,
): Promise<{ files: Map<string, Uint8Array>; partition?: string }> {
  const files = new Map<string, Uint8Array>()
  let room = MOST_SHADOW_BYTES
  const add = async (path: string, sha256: string) => {
    const bytes = await read({ path, sha256 }, room)
    room -= bytes.length
    files.set(path, bytes)
    return bytes
  }
  const index = indexIn(await add('model.json', model))
  for (const { file, sha256 } of index?.parts ?? []) await add(file, sha256)
  return { files, ...(index && { partition: index.recipe.partition }) }
}

/** The index of a model in parts; undefined of all else, whatever is wrong with it. */
function indexIn(bytes: Uint8Array): ModelInParts | undefined {
  if (bytes.length > MOST_INDEX_BYTES) return undefined
  const artifact = unlessMistaken(() => artifactFrom(bytes, 'model.json'))
  return artifact?.kind === 'parts' ? artifact.index : undefined
}

/** All files of it together. Production's may be more: a shadow with more than that is not worth it. */
export const MOST_SHADOW_BYTES = 64 * 1024 ** 2
/** As many parts as are trained have less. */
const MOST_INDEX_BYTES = 4 * 1024 ** 2
