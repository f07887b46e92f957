import { isAbsolute, relative, resolve, sep } from 'node:path'
import { git } from '../base/git.ts'
import type { TrackedObject } from './manifest.ts'
import { objectsAt } from './objects.ts'
import { commitOf, isRepository } from './repository.ts'

/** Where each thing that a version is made from stands, relative to the project or absolute. */
export type Paths<Part extends string> = Record<Part, string>

export type TrackedReading<Part extends string> =
  | { state: 'committed'; commit: string; objects: Record<Part, TrackedObject> }
  /** What is not as HEAD has it, as paths in the repository; as given where outside of it. */
  | { state: 'uncommitted'; paths: string[] }
  | { state: 'no repository' }

/**
 * The git objects at these paths, as HEAD has them. There are none where the working folder differs
 * from HEAD in any of them, where git does not hold one (ignored, a link, outside the repository), or
 * where the folder is not the top of a repository.
 */
export async function readTracked<Part extends string>(
  project: string,
  paths: Paths<Part>,
): Promise<TrackedReading<Part>> {
  if (!(await isRepository(project))) return { state: 'no repository' }
  const commit = await commitOf(project, 'HEAD')
  const given = Object.entries<string>(paths)
  const within = given.map(([, path]) => inside(project, path)).filter(isInside)
  const ids = commit ? await objectsAt(project, commit, within) : new Map<string, string>()
  const found = given.flatMap(([part, written]) => {
    const path = inside(project, written)
    const object = ids.get(path)
    return object === undefined ? [] : [[part, { path, object }] as const]
  })
  const held = found.map(([, { path }]) => path)
  const changed = held.length > 0 ? await changedFiles(project, { within: held }) : []
  if (commit && found.length === given.length && changed.length === 0) {
    // One object for each path, by the same name.
    const objects = Object.fromEntries(found) as Record<Part, TrackedObject>
    return { state: 'committed', commit, objects }
  }
  const unknown = given.map(([, path]) => path).filter((it) => !held.includes(inside(project, it)))
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

function inside(project: string, path: string): string {
  return relative(resolve(project), resolve(project, path)).split(sep).join('/')
}

function isInside(path: string): boolean {
  return path !== '' && path !== '..' && !path.startsWith('../') && !isAbsolute(path)
}
