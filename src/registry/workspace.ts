import { mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { UserError } from '../errors.ts'
import { git } from '../git.ts'
import type { Lineage, TrackedObject } from './manifest.ts'
import { objectIds, readObjects } from './objects.ts'
import { isAncestor, isShallow } from './repository.ts'

/**
 * Why a model cannot be made again from its lineage, one sentence each; none where it can: every
 * recorded object is in this clone, and once stood at its path in the history of `base`. So nothing
 * that has not been merged is ever run.
 */
export async function lineageProblems(
  repo: string,
  lineage: Lineage,
  base: string,
): Promise<string[]> {
  const { commit: _, ...objects } = lineage
  const problems: string[] = []
  for (const [part, { path, object }] of Object.entries(objects)) {
    const [present] = await objectIds(repo, [object])
    if (!present) {
      problems.push(`The ${part} ${path} (${object.slice(0, 12)}) is not in this repository.`)
    } else if (!(await stoodAt(repo, base, path, object))) {
      problems.push(`The ${part} ${path} (${object.slice(0, 12)}) was never merged.`)
    }
  }
  if (problems.length > 0 && (await isShallow(repo))) {
    problems.push('This clone is shallow: get the whole history with git fetch --unshallow.')
  }
  return problems
}

/**
 * Lays out the recorded code, lock file, data, contract and recipe at their paths in a temporary
 * folder, byte for byte as git holds them, with the packages that are installed in `repo`; calls
 * `use` with the folder and removes it. `package.json` is that of the recorded commit, or that of
 * `base` where the commit is not in its history.
 */
export async function inWorkspace<T>(
  repo: string,
  lineage: Lineage,
  base: string,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'cd4ml-verify-')))
  try {
    await layOut(repo, lineage, folder)
    await writeFile(join(folder, 'package.json'), await packageJson(repo, lineage.commit, base))
    await symlink(
      join(await realpath(repo), 'node_modules'),
      join(folder, 'node_modules'),
      'junction',
    )
    return await use(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function stoodAt(repo: string, base: string, path: string, object: string): Promise<boolean> {
  const log = await git(repo, [
    '--literal-pathspecs',
    'rev-list',
    '--full-history',
    base,
    '--',
    path,
  ])
  const commits = log.split('\n').filter(Boolean)
  const ids = await objectIds(
    repo,
    commits.map((commit) => `${commit}:${path}`),
  )
  return ids.includes(object)
}

async function layOut(repo: string, lineage: Lineage, folder: string): Promise<void> {
  const gitFolder = (await git(repo, ['rev-parse', '--absolute-git-dir'])).replace(/\n$/, '')
  const index = join(folder, '.index')
  const env = { GIT_DIR: gitFolder, GIT_WORK_TREE: folder, GIT_INDEX_FILE: index }
  const run = (args: string[]) => git(folder, [...AS_STORED, ...args], { env })
  const { commit: _, ...objects } = lineage
  const blobs: TrackedObject[] = []
  for (const { path, object } of Object.values(objects)) {
    const type = await git(repo, ['cat-file', '-t', object])
    if (type.trim() === 'tree') await run(['read-tree', `--prefix=${path}/`, object])
    else blobs.push({ path, object })
  }
  // After the trees, because the contract usually lies inside the data.
  for (const { path, object } of blobs) {
    await run(['update-index', '--add', '--cacheinfo', `100644,${object},${path}`])
  }
  await run(['checkout-index', '--all'])
  await rm(index)
}

// No line ends converted, no links followed, nothing left out, whatever the user's settings are.
const AS_STORED = [
  'core.autocrlf=false',
  'core.symlinks=false',
  'core.sparseCheckout=false',
].flatMap((setting) => ['-c', setting])

// The recorded commit may be anybody's; its package.json counts only where it was merged.
async function packageJson(repo: string, commit: string, base: string): Promise<Buffer> {
  const merged = (await isAncestor(repo, commit, base)) ? commit : base
  const [content] = await readObjects(repo, [`${merged}:package.json`])
  if (content) return content
  throw new UserError(`is not in commit ${merged.slice(0, 12)}`, {
    file: 'package.json',
    remedy: 'Commit it: Node reads there that the code is made of modules.',
  })
}
