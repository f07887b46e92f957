import { git } from '../base/git.ts'
import { type Lineage, ORDERING, objectsOf } from './manifest.ts'
import { objectIds } from './objects.ts'
import { isShallow, type Revision } from './repository.ts'

/** Whether a base has had what a version was made from. */
export type MergeStanding =
  /** At this commit of its own line all of it stood together: the recorded one, where that is one. */
  | { state: 'merged'; commit: string }
  /** Why not, one sentence each; never empty. */
  | { state: 'not merged'; problems: string[] }

/**
 * Looks for the recorded objects, all at their paths at once, at the commits that the base itself was
 * at: the first parents. What a merged branch only passed through on its way was never in the diff
 * that was reviewed, and objects that never stood together were never tried together.
 */
export async function whereMerged(
  repo: string,
  lineage: Lineage,
  base: Revision,
): Promise<MergeStanding> {
  const wanted = wantedAt(lineage)
  const line = await firstParents(repo, base.commit)
  if (line.includes(lineage.commit)) {
    const [found] = await idsAt(repo, [lineage.commit], [...wanted.keys()])
    if (isAll(found, wanted)) return { state: 'merged', commit: lineage.commit }
  }
  const paths = [...wanted.keys()]
  const changes = await firstParents(repo, base.commit, paths)
  const found = await idsAt(repo, changes, paths)
  const at = found.findIndex((ids) => isAll(ids, wanted))
  if (at >= 0) return { state: 'merged', commit: changes[at] }
  return { state: 'not merged', problems: await problemsOf(repo, lineage, base, found) }
}

/** What has to stand at each path; nothing where the project had no terms of ordering. */
function wantedAt(lineage: Lineage): Map<string, string | undefined> {
  const wanted = new Map<string, string | undefined>([[ORDERING, undefined]])
  for (const [, { path, object }] of objectsOf(lineage)) wanted.set(path, object)
  return wanted
}

/** The commits of the base's own line, newest first; of those that change a path, where some are given. */
async function firstParents(repo: string, base: string, paths: string[] = []): Promise<string[]> {
  const args = ['--literal-pathspecs', 'rev-list', '--first-parent', base, '--', ...paths]
  return (await git(repo, args)).split('\n').filter(Boolean)
}

/** For each commit, the ids of what stands at the paths. */
async function idsAt(
  repo: string,
  commits: string[],
  paths: string[],
): Promise<Map<string, string | undefined>[]> {
  const names = commits.flatMap((commit) => paths.map((path) => `${commit}:${path}`))
  const ids = await objectIds(repo, names)
  return commits.map((_, i) => new Map(paths.map((path, j) => [path, ids[i * paths.length + j]])))
}

function isAll(
  found: Map<string, string | undefined>,
  wanted: Map<string, string | undefined>,
): boolean {
  return [...wanted].every(([path, object]) => found.get(path) === object)
}

async function problemsOf(
  repo: string,
  lineage: Lineage,
  base: Revision,
  found: Map<string, string | undefined>[],
): Promise<string[]> {
  const problems: string[] = []
  for (const [part, { path, object }] of objectsOf(lineage)) {
    const what = `The ${part} ${path} (${object.slice(0, 12)})`
    const [present] = await objectIds(repo, [object])
    if (!present) problems.push(`${what} is not in this repository.`)
    else if (!found.some((ids) => ids.get(path) === object)) {
      problems.push(`${what} was never merged: ${base.name} itself never had it.`)
    }
  }
  if (problems.length === 0) {
    const parts = objectsOf(lineage).map(([part]) => part)
    problems.push(
      `${base.name} has had each of ${parts.join(', ')}, but never all of them at one time${lineage.ordering ? '' : ` and without ${ORDERING}`}.`,
    )
  }
  if (await isShallow(repo)) {
    problems.push('This clone is shallow: get the whole history with git fetch --unshallow.')
  }
  return problems
}
