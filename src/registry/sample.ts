import type { Manifest } from './manifest.ts'
import { objectAt, readObjects } from './objects.ts'

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

/** A test for versions that were trained on what the template ships. */
export async function sampleVersions(
  repo: string,
  commit: string,
): Promise<(manifest: Manifest) => boolean> {
  const shipped = await shippedData(repo, commit)
  return ({ lineage }) => shipped.has(lineage.data.object)
}

async function shippedData(repo: string, commit: string): Promise<Set<string>> {
  const [text] = await readObjects(repo, [`${commit}:${SAMPLE_DATA}`])
  const lines = text?.toString().split('\n') ?? []
  return new Set(lines.filter((line) => /^[0-9a-f]{40,64}$/.test(line)))
}
