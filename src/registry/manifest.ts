/** The content of `model-registry/production/manifest.json`. */
export type Manifest = {
  format: 'cd4ml-manifest/1'
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
  parent?: { version: number; model: string }
  /** For a rollback: the version whose model this one is again, and why. */
  restores?: { version: number; reason: string }
  seed: number
  toolchain: { node: string; cd4ml: string }
}

/** Git object ids: they outlive squashing, rebasing and "Use this template". */
export type Lineage = {
  /** For people: where the objects below were read. */
  commit: string
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
