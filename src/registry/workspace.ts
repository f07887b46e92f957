import { mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { UserError } from '../base/errors.ts'
import { git } from '../base/git.ts'
import type { TrackedObject } from './manifest.ts'
import { objectTypes, readObjects } from './objects.ts'
import { PRODUCTION } from './production.ts'

/** What a workspace is made of. */
export type WorkspaceFiles = {
  /** Blobs and trees that stood together, each at its path. */
  objects: TrackedObject[]
  /** The tree of the version that was in production, where one was. */
  champion?: string
  /** A commit that was reviewed: its `package.json` counts. */
  commit: string
}

/**
 * Lays out the objects at their paths in a temporary folder, byte for byte as git holds them, with
 * the packages that are installed in `repo`; calls `use` with the folder and removes it.
 *
 * Throws a `UserError` where two of them would stand in one place, or packages are not installed.
 */
export async function inWorkspace<T>(
  repo: string,
  { objects, champion, commit }: WorkspaceFiles,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'cd4ml-verify-')))
  try {
    refuseReserved(objects)
    const production = champion === undefined ? [] : [{ path: PRODUCTION, object: champion }]
    await layOut(repo, [...outermost(objects), ...production], folder)
    await writeFile(join(folder, PACKAGE), await packageJson(repo, commit))
    await symlink(await packages(repo), join(folder, PACKAGES), 'junction')
    return await use(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Folder in a project of what cd4ml makes itself: what lay there already would be taken for that. */
export const OWN_FILES = '.cd4ml'

const PACKAGE = 'package.json'
const PACKAGES = 'node_modules'

function refuseReserved(objects: TrackedObject[]): void {
  for (const { path } of objects) {
    const taken = [PACKAGE, PACKAGES, PRODUCTION, OWN_FILES].find(
      (reserved) => isWithin(path, reserved) || isWithin(reserved, path),
    )
    if (taken === undefined) continue
    throw new UserError(`no version can be made from ${path}, because ${taken} has to stand there`)
  }
}

/** Without those that lie in the tree of another one, such as the contract in the data. */
function outermost(objects: TrackedObject[]): TrackedObject[] {
  const byPath = new Map(objects.map((object) => [object.path, object]))
  return [...byPath.values()].filter(
    ({ path }) => ![...byPath.keys()].some((other) => other !== path && isWithin(path, other)),
  )
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`)
}

/**
 * Lays out objects at their paths in a folder, by a git folder of its own: none of the settings,
 * filters and attributes of anybody count, and a link becomes a file that says where it leads.
 */
export async function layOut(
  repo: string,
  objects: TrackedObject[],
  folder: string,
): Promise<void> {
  const gitFolder = join(folder, '.git')
  const read = async (...args: string[]) => (await git(repo, args)).replace(/\n$/, '')
  const format = await read('rev-parse', '--show-object-format')
  const store = await read('rev-parse', '--path-format=absolute', '--git-path', 'objects')
  const env = {
    GIT_DIR: gitFolder,
    GIT_WORK_TREE: folder,
    GIT_OBJECT_DIRECTORY: store,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_ATTR_NOSYSTEM: '1',
  }
  const run = (args: string[], input?: string) =>
    git(folder, ['-c', 'core.symlinks=false', ...args], {
      env,
      ...(input !== undefined && { input }),
    })
  await git(folder, ['init', '--quiet', '--template=', `--object-format=${format}`, folder], {
    env: { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' },
  })
  const types = await objectTypes(
    repo,
    objects.map(({ object }) => object),
  )
  const isTree = (_: TrackedObject, index: number) => types[index] === 'tree'
  for (const { path, object } of objects.filter(isTree)) {
    await run(['read-tree', `--prefix=${path}/`, object])
  }
  const files = objects.filter((object, index) => !isTree(object, index))
  const listing = files.map(({ path, object }) => `100644 ${object}\t${path}\0`)
  await run(['update-index', '-z', '--index-info'], listing.join(''))
  const attributes = await run(['ls-files', '-z', '--', ':(glob)**/.gitattributes'])
  if (attributes) await run(['update-index', '-z', '--force-remove', '--stdin'], attributes)
  await run(['checkout-index', '--all'])
  await rm(gitFolder, { recursive: true })
}

async function packages(repo: string): Promise<string> {
  return await realpath(join(repo, PACKAGES)).catch((cause) => {
    throw new UserError('the packages that it is made with are not installed', {
      remedy: 'Run npm ci, then verify again.',
      cause,
    })
  })
}

async function packageJson(repo: string, commit: string): Promise<Buffer> {
  const [content] = await readObjects(repo, [`${commit}:${PACKAGE}`])
  if (content) return content
  throw new UserError(`is not in commit ${commit.slice(0, 12)}`, {
    file: PACKAGE,
    remedy: 'Commit it: Node reads there that the code is made of modules.',
  })
}
