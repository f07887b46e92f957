import { resolve } from 'node:path'
import { UserError } from '../../base/errors.ts'
import { failed, passed, type VersionCheck } from '../../registry/check.ts'
import { type Manifest, ORDERING, objectsOf, versionName } from '../../registry/manifest.ts'
import { objectAt } from '../../registry/objects.ts'
import { PRODUCTION, type Version, versionBytes } from '../../registry/production.ts'
import { runRecordedCode, type Workspace } from '../../registry/recorded-code.ts'
import type { Revision } from '../../registry/repository.ts'
import type { Reproduction } from '../../registry/reproduction.ts'
import { inWorkspace } from '../../registry/workspace.ts'
import { REMOTE_FOLDER } from '../../sales/contract/remote-path.ts'
import { campaignOf, judgedIn } from './judged-version.ts'

export type ReproductionInput = {
  repo: string
  base: Revision
  version: Version
  /** Commit that has the champion in production; absent where it is not known. */
  champion?: string
  /** Commit of the base at which all of the lineage stood together. */
  commit: string
  /** Makes a version again in a folder and returns its files; by default with the code in it. */
  reproduce?: Reproduce
}

export type Reproduce = (workspace: Workspace) => Promise<ReadonlyMap<string, Uint8Array>>

/** Name of the check. */
export const REPRODUCTION = 'reproduction'

/**
 * Whether all of a version comes out the same when it is made again, from its lineage and by the
 * code in it. Says what of that the base has replaced since.
 */
export async function checkReproduction(input: ReproductionInput): Promise<VersionCheck> {
  const { repo, base, version } = input
  const check = await madeAgain(input)
  return { ...check, detail: `${check.detail}${await changesSince(repo, base, version.manifest)}` }
}

async function madeAgain({
  repo,
  version,
  champion,
  commit,
  reproduce = runRecordedCode,
}: ReproductionInput): Promise<VersionCheck> {
  const { manifest } = version
  if (manifest.parent && champion === undefined) {
    return failed(
      REPRODUCTION,
      `Not run, because this history does not have ${versionName(manifest.parent)}, which it was compared with.`,
    )
  }
  const production = champion && (await objectAt(repo, champion, PRODUCTION))
  const objects = objectsOf(manifest.lineage).map(([, object]) => object)
  try {
    const made = await inWorkspace(
      repo,
      { objects, commit, ...(production && { champion: production }) },
      (folder) =>
        reproduce({
          folder,
          reproduction: reproductionOf(version),
          remoteFolder: resolve(repo, REMOTE_FOLDER),
        }),
    )
    const differences = differencesOf(versionBytes(version), made)
    return differences.length === 0
      ? passed(
          REPRODUCTION,
          `Made again from the recorded objects, all ${made.size} files are byte for byte the same (model ${manifest.files['model.json'].slice(0, 12)}).`,
        )
      : failed(
          REPRODUCTION,
          `Made again from the recorded objects, it is different in ${differences.join(', ')}: it was not made from them, or not with Node ${manifest.toolchain.node} and the packages of the recorded lock file.`,
        )
  } catch (error) {
    if (error instanceof UserError) return failed(REPRODUCTION, error.message)
    throw error
  }
}

/** What no file says that the version was made from. */
function reproductionOf(version: Version): Reproduction {
  const { lineage, asOf } = version.manifest
  const campaign = campaignOf(version)
  const shadow = judgedIn(version)?.shadow
  return {
    format: 'cd4ml-reproduction/1',
    lineage,
    ...(asOf && { asOf }),
    ...(campaign && { campaign }),
    ...(shadow && { shadow }),
  }
}

/** The files that are not the same, and for the manifest also in what. */
function differencesOf(
  proposed: ReadonlyMap<string, Uint8Array>,
  made: ReadonlyMap<string, Uint8Array>,
): string[] {
  const names = [...new Set([...proposed.keys(), ...made.keys()])].sort()
  return names.flatMap((name) => {
    const [there, again] = [proposed.get(name), made.get(name)]
    if (!there) return [`${name} (missing)`]
    if (!again) return [`${name} (does not belong to it)`]
    if (Buffer.compare(there, again) === 0) return []
    return [name === 'manifest.json' ? `${name} (${changedKeys(there, again)})` : name]
  })
}

function changedKeys(there: Uint8Array, again: Uint8Array): string {
  const [a, b] = [there, again].map((bytes) => JSON.parse(Buffer.from(bytes).toString()))
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort()
  return keys.filter((key) => JSON.stringify(a[key]) !== JSON.stringify(b[key])).join(', ')
}

/** What else the base has by now: no fault, but what was decided was decided by the older one. */
async function changesSince(repo: string, base: Revision, { lineage }: Manifest): Promise<string> {
  const changed: string[] = []
  for (const part of ['code', 'lockfile', 'policy', 'ordering'] as const) {
    const { path, object } = lineage[part] ?? { path: ORDERING }
    if ((await objectAt(repo, base.commit, path)) !== object) changed.push(path)
  }
  return changed.length === 0
    ? ''
    : ` It was made by what ${base.name} had then: ${changed.join(', ')} changed since.`
}
