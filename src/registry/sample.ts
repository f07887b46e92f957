import { Type } from 'typebox'
import { unlessMistaken } from '../base/errors.ts'
import { checker, parseJson } from '../base/schema.ts'
import { openObject } from '../base/schema-parts.ts'
import { objectAt, readObjects } from './objects.ts'
import { PRODUCTION } from './production.ts'

/** Holds the git ids of `data/` as the template has shipped it, one a line. */
export const SAMPLE_DATA = '.github/sample-data'

/**
 * Whether `data/` at a commit is what the template ships: then nobody has made this copy their own,
 * and workflows do nothing by themselves (`.github/actions/sample` asks the same).
 */
export async function isStillSample(repo: string, commit: string): Promise<boolean> {
  const data = await objectAt(repo, commit, 'data')
  return data !== undefined && (await shippedData(repo, commit)).has(data)
}

/**
 * A test for revisions with a version in production that was trained on what the template ships, as
 * the list at `commit` has it. Only that much is read of a version: it may be of an earlier format.
 */
export async function sampleVersions(
  repo: string,
  commit: string,
): Promise<(revision: string) => Promise<boolean>> {
  const shipped = await shippedData(repo, commit)
  return async (revision) => {
    const file = `${PRODUCTION}/manifest.json`
    const [manifest] = await readObjects(repo, [`${revision}:${file}`])
    if (!manifest) return false
    const made = unlessMistaken(() => checkLineage(parseJson(manifest.toString(), file), file))
    return made !== undefined && shipped.has(made.lineage.data.object)
  }
}

const checkLineage = checker(
  openObject({ lineage: openObject({ data: openObject({ object: Type.String() }) }) }),
)

async function shippedData(repo: string, commit: string): Promise<Set<string>> {
  const [text] = await readObjects(repo, [`${commit}:${SAMPLE_DATA}`])
  const lines = text?.toString().split('\n') ?? []
  return new Set(lines.filter((line) => /^[0-9a-f]{40,64}$/.test(line)))
}
