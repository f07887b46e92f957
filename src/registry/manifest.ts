import { createHash } from 'node:crypto'
import { type Static, type TString, Type } from 'typebox'
import { UserError } from '../base/errors.ts'
import { checker } from '../base/schema.ts'
import { isoDay, object, objectId, record, sha256 } from '../base/schema-parts.ts'
import { PART_FILE } from '../forecasting/model-in-parts.ts'

/** Where in a project stands what a version is made from, as far as nobody may choose it. */
export const CODE = 'src'
export const LOCK_FILE = 'package-lock.json'
export const POLICY = 'model-registry/policy.yml'
export const ORDERING = 'ordering.yml'

/** Longest reason of a rollback, in characters. */
export const REASON_LENGTH = 300

const VERSION_FILE = `^(model\\.json|evaluation\\.json|README\\.md|charts/[A-Za-z0-9][A-Za-z0-9_-]*\\.svg|${PART_FILE})$`

// No control characters, and none that break a line or change the direction of writing.
const REASON = '^[^\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}\\u202a-\\u202e\\u2066-\\u2069]*$'

// No segment is empty, `.`, `..` or `.git`, so that the path stays inside the repository.
const PATH_INSIDE = '^(?!(.*/)?(\\.\\.?|\\.[gG][iI][tT])?(/|$))[^\\\\\\p{Cc}]+$'

const versionNumber = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })
const toolVersion = Type.String({ pattern: '^[0-9A-Za-z.+-]{1,40}$' })
const pathInside = Type.String({ pattern: PATH_INSIDE })

const tracked = (path: TString) =>
  object({
    /** Path in the repository, such as `recipe.yml`. */
    path,
    /** Id of the blob or tree. */
    object: objectId,
  })
export type TrackedObject = Static<ReturnType<typeof tracked>>

/** A file of another machine, as the contract describes it. */
const RemoteSales = object({
  url: Type.String({ pattern: '^https://' }),
  bytes: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
  /** `sha256:…` or `sha512:…`. */
  hash: Type.String({ pattern: '^(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$' }),
})

/** The part of a lineage that training follows from. */
export const TrainingLineage = object({
  /** Where the objects below stood together. */
  commit: objectId,
  /** ISO day: the one that training took for today. */
  trainedOn: isoDay,
  code: tracked(Type.String({ const: CODE })),
  lockfile: tracked(Type.String({ const: LOCK_FILE })),
  data: tracked(pathInside),
  contract: tracked(pathInside),
  recipe: tracked(pathInside),
  /** What was read that git knows by its hash alone; absent where there was nothing. */
  remote: Type.Optional(Type.Array(RemoteSales, { minItems: 1 })),
})
export type TrainingLineage = Static<typeof TrainingLineage>

/**
 * All that a version was made from: a day, and git object ids, which outlive squashing, rebasing and
 * "Use this template".
 */
export const Lineage = object({
  ...TrainingLineage.properties,
  /** What the comparison was decided by. */
  policy: tracked(Type.String({ const: POLICY })),
  /** How the chain bought; absent where it bought on the usual terms. */
  ordering: Type.Optional(tracked(Type.String({ const: ORDERING }))),
})
export type Lineage = Static<typeof Lineage>

/** A version as its successor names it: its number and the digest of its model. */
export const Parent = object({ version: versionNumber, model: sha256 })
export type Parent = Static<typeof Parent>

const ofEveryVersion = { 'model.json': sha256, 'evaluation.json': sha256, 'README.md': sha256 }

/** The content of `model-registry/production/manifest.json`. */
export const Manifest = object({
  format: Type.Literal('cd4ml-manifest/2'),
  /** 1, 2, 3 … in the order of promotion; a rollback takes a new number. */
  version: versionNumber,
  /** SHA-256 of every other file of the version, by its path in the folder. */
  files: record(sha256, {
    propertyNames: { pattern: VERSION_FILE },
    required: Object.keys(ofEveryVersion),
    properties: ofEveryVersion,
  }),
  lineage: Lineage,
  /** ISO day: the last one that the model has learnt from. */
  trainedThrough: isoDay,
  /** ISO day given as --as-of at training, where one was. */
  asOf: Type.Optional(isoDay),
  /** What was in production when this version was proposed; absent for the first. */
  parent: Type.Optional(Parent),
  /** For a rollback: the version whose model this one is again, and why. */
  restores: Type.Optional(
    object({
      version: versionNumber,
      reason: Type.String({ minLength: 1, maxLength: REASON_LENGTH, pattern: REASON }),
    }),
  ),
  seed: Type.Integer(),
  /** Major version of Node, such as `24`: the proof holds with any of it, so no more is claimed. */
  toolchain: object({ node: toolVersion, cd4ml: toolVersion }),
})
export type Manifest = Static<typeof Manifest>

/** The part of a manifest that says where a model comes from. */
export type ModelOrigin = Pick<
  Manifest,
  'lineage' | 'trainedThrough' | 'asOf' | 'seed' | 'toolchain'
>

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
  const { commit: _, trainedOn: __, remote: ___, ...objects } = lineage
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
  return new RegExp(VERSION_FILE).test(name)
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

const check = checker(
  Manifest,
  'Let cd4ml write this file: propose the version again with promote or rollback.',
)
