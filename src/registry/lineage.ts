import { isAbsolute, relative, resolve, sep } from 'node:path'
import { git } from '../git.ts'
import type { Lineage, TrackedObject } from './manifest.ts'
import { objectAt } from './objects.ts'
import { commitOf, isRepository } from './repository.ts'

/** Where the things that a model is made of stand, relative to the project or absolute. */
export type LineagePaths = {
  code: 'src'
  lockfile: 'package-lock.json'
  data: string
  contract: string
  recipe: string
}

export type LineageReading =
  | { state: 'committed'; lineage: Lineage }
  /** What is not as HEAD has it, as paths in the repository; as given where outside of it. */
  | { state: 'uncommitted'; paths: string[] }
  | { state: 'no repository' }

/**
 * The git objects that a model trained in this folder comes from, as HEAD has them. There is no
 * lineage where the working folder differs from HEAD in any of them, where git does not hold one
 * (ignored, a link, outside the repository), or where the folder is not the top of a repository.
 */
export async function readLineage(project: string, paths: LineagePaths): Promise<LineageReading> {
  if (!(await isRepository(project))) return { state: 'no repository' }
  const commit = await commitOf(project, 'HEAD')
  const objects = await Promise.all(
    [paths.code, paths.lockfile, paths.data, paths.contract, paths.recipe].map((path) =>
      trackedObject(project, commit, path),
    ),
  )
  const [code, lockfile, data, contract, recipe] = objects
  const held = objects.filter((object) => object !== undefined).map(({ path }) => path)
  const changed = held.length > 0 ? await changedFiles(project, { within: held }) : []
  if (commit && code && lockfile && data && contract && recipe && changed.length === 0) {
    const lineage = { commit, code, lockfile, data, contract, recipe }
    return { state: 'committed', lineage }
  }
  const unknown = Object.values(paths).filter((path) => !held.includes(inside(project, path)))
  return { state: 'uncommitted', paths: [...new Set([...unknown, ...changed])].sort() }
}

/** The files that differ from HEAD: tracked ones, and those that git neither tracks nor ignores. */
export async function changedFiles(
  repo: string,
  { within, untracked = true }: { within: string[]; untracked?: boolean },
): Promise<string[]> {
  const output = await git(repo, [
    '--literal-pathspecs',
    'status',
    '--porcelain=v1',
    '-z',
    '--no-renames',
    `--untracked-files=${untracked ? 'all' : 'no'}`,
    '--',
    ...within,
  ])
  return output
    .split('\0')
    .filter(Boolean)
    .map((line) => line.slice('XY '.length))
}

async function trackedObject(
  project: string,
  commit: string | undefined,
  given: string,
): Promise<TrackedObject | undefined> {
  const path = inside(project, given)
  const outside = path === '' || path.startsWith('../') || path === '..' || isAbsolute(path)
  if (!commit || outside) return undefined
  const object = await objectAt(project, commit, path)
  return object === undefined ? undefined : { path, object }
}

function inside(project: string, path: string): string {
  return relative(resolve(project), resolve(project, path)).split(sep).join('/')
}
