import { createHash } from 'node:crypto'
import { UserError } from '../base/errors.ts'
import { checker } from '../base/schema.ts'
import { isoDay, object, objectId, sha256 } from '../base/schema-parts.ts'

/** The content of `model-registry/production/manifest.json`. */
export type Manifest = {
  format: 'cd4ml-manifest/2'
  /** 1, 2, 3 … in the order of promotion; a rollback takes a new number. */
  version: number
  /** SHA-256 of every other file of the version, by its path in the folder. */
  files: Record<string, string>
  lineage: Lineage
  /** ISO day: the last one that the model has learnt from. */
  trainedThrough: string
  /** ISO day given as --as-of at training, where one was. */
  asOf?: string
  /** What was in production when this version was proposed; absent for the first. */
  parent?: Parent
  /** For a rollback: the version whose model this one is again, and why. */
  restores?: { version: number; reason: string }
  seed: number
  /** Major version of Node, such as `24`: the proof holds with any of it, so no more is claimed. */
  toolchain: { node: string; cd4ml: string }
}

/** A version as its successor names it: its number and the digest of its model. */
export type Parent = { version: number; model: string }

/**
 * All that a version was made from: a day, and git object ids, which outlive squashing, rebasing and
 * "Use this template".
 */
export type Lineage = TrainingLineage & {
  /** What the comparison was decided by. */
  policy: TrackedObject
  /** How the chain bought; absent where it bought on the usual terms. */
  ordering?: TrackedObject
}

/** The part of it that training follows from. */
export type TrainingLineage = {
  /** Where the objects below stood together. */
  commit: string
  /** ISO day: the one that training took for today. */
  trainedOn: string
  code: TrackedObject
  lockfile: TrackedObject
  data: TrackedObject
  contract: TrackedObject
  recipe: TrackedObject
}

export type TrackedObject = {
  /** Path in the repository, such as `recipe.yml`. */
  path: string
  /** Id of the blob or tree. */
  object: string
}

/** Where in a project stands what a version is made from, as far as nobody may choose it. */
export const CODE = 'src'
export const LOCK_FILE = 'package-lock.json'
export const POLICY = 'model-registry/policy.yml'
export const ORDERING = 'ordering.yml'

/** Longest reason of a rollback, in characters. */
export const REASON_LENGTH = 300

/** The manifest of the version that follows `parent`, for these files. */
export function newManifest(
  files: ReadonlyMap<string, Uint8Array>,
  parent: Parent | undefined,
  origin: Pick<Manifest, 'lineage' | 'trainedThrough' | 'asOf' | 'restores' | 'seed' | 'toolchain'>,
): Manifest {
  return checkManifest(
    {
      format: 'cd4ml-manifest/2',
      version: (parent?.version ?? 0) + 1,
      files: Object.fromEntries([...files].map(([name, bytes]) => [name, digest(bytes)])),
      ...(parent && { parent }),
      ...origin,
    },
    'manifest.json',
  )
}

/** SHA-256 in hexadecimal. That of `model.json` is the identity of a model. */
export function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** The objects of a lineage, each with what it is. */
export function objectsOf(lineage: TrainingLineage | Lineage): [string, TrackedObject][] {
  const { commit: _, trainedOn: __, ...objects } = lineage
  return Object.entries(objects)
}

/** The number and model of a version, for the one that will follow it. */
export function asParent(manifest: Manifest): Parent {
  return { version: manifest.version, model: manifest.files['model.json'] }
}

export function isSameVersion(a: Parent | undefined, b: Parent | undefined): boolean {
  return a?.version === b?.version && a?.model === b?.model
}

/** For messages: `version 3 (8d5c0a2b91f4)`, or `no version`. */
export function versionName(version: Parent | undefined): string {
  return version ? `version ${version.version} (${version.model.slice(0, 12)})` : 'no version'
}

/** Whether a version may hold a file of this name, `/` between folder and file. */
export function isVersionFile(name: string): boolean {
  return new RegExp(VERSION_FILE, 'u').test(name)
}

/** Whether a text can be the reason of a rollback: one line, nothing invisible or reversing. */
export function isReason(text: string): boolean {
  const length = [...text].length
  return length > 0 && length <= REASON_LENGTH && new RegExp(REASON, 'u').test(text)
}

/** Returns the manifest, typed; throws a `UserError` that names file and key where it is not one. */
export function checkManifest(value: unknown, file: string): Manifest {
  const manifest = check(value, file)
  const { version, parent } = manifest
  if (version !== (parent?.version ?? 0) + 1) {
    const followed = parent ? `version ${parent.version}` : 'no version'
    throw new UserError(
      `must be one more than that of its parent, but ${version} follows ${followed}`,
      {
        file,
        key: 'version',
      },
    )
  }
  return manifest
}

const VERSION_FILE =
  '^(model\\.json|evaluation\\.json|README\\.md|charts/[A-Za-z0-9][A-Za-z0-9_-]*\\.svg)$'

// No control characters, and none that break a line or change the direction of writing.
const REASON = '^[^\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}\\u202a-\\u202e\\u2066-\\u2069]*$'

// No segment is empty, `.`, `..` or `.git`, so that the path stays inside the repository.
const PATH_INSIDE = '^(?!(.*/)?(\\.\\.?|\\.[gG][iI][tT])?(/|$))[^\\\\\\p{Cc}]+$'

const number = { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER }
const toolVersion = { type: 'string', pattern: '^[0-9A-Za-z.+-]{1,40}$' }

const ofTraining = {
  commit: objectId,
  trainedOn: isoDay,
  code: tracked({ const: CODE }),
  lockfile: tracked({ const: LOCK_FILE }),
  data: tracked({ type: 'string', pattern: PATH_INSIDE }),
  contract: tracked({ type: 'string', pattern: PATH_INSIDE }),
  recipe: tracked({ type: 'string', pattern: PATH_INSIDE }),
}

/** JSON Schema of a `TrainingLineage`. */
export const trainingLineageSchema = object(ofTraining)

/** JSON Schema of a `Lineage`. */
export const lineageSchema = object(
  { ...ofTraining, policy: tracked({ const: POLICY }) },
  { ordering: tracked({ const: ORDERING }) },
)

const schema = object(
  {
    format: { const: 'cd4ml-manifest/2' },
    version: number,
    files: {
      type: 'object',
      propertyNames: { pattern: VERSION_FILE },
      additionalProperties: sha256,
      required: ['model.json', 'evaluation.json', 'README.md'],
      properties: { 'model.json': sha256, 'evaluation.json': sha256, 'README.md': sha256 },
    },
    lineage: lineageSchema,
    trainedThrough: isoDay,
    seed: { type: 'integer' },
    toolchain: object({ node: toolVersion, cd4ml: toolVersion }),
  },
  {
    asOf: isoDay,
    parent: object({ version: number, model: sha256 }),
    restores: object({
      version: number,
      reason: {
        type: 'string',
        minLength: 1,
        maxLength: REASON_LENGTH,
        pattern: REASON,
      },
    }),
  },
)

const check = checker<Manifest>(
  schema,
  'Let cd4ml write this file: propose the version again with promote or rollback.',
)

function tracked(path: object): object {
  return object({ path, object: objectId })
}
