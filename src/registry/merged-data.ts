import { UserError } from '../base/errors.ts'
import { GitError, git } from '../base/git.ts'

/** Where the sales are, and what says how they are read, or asked for. */
const DATA = 'data/'
const CONTRACT = 'data/datapackage.json'

export type DataFileChange = { path: string; change: 'added' | 'changed' | 'removed' }

/** Who merges a pull request of new sales, and what asks for a person. */
export type WhoMerges = 'itself' | 'a person' | 'a person: the contract' | 'a person: removed files'

/** What merging makes of the base: the id of the whole tree, and the files that change. */
export type MergedData = { tree: string; changes: DataFileChange[] }

/**
 * What `main` would have if the commit of a branch of new sales were merged. Touches nothing. Throws
 * a `UserError` where that changes anything but files of the data folder, or cannot be merged.
 */
export async function mergedData(repo: string, base: string, commit: string): Promise<MergedData> {
  const tree = await mergedTree(repo, base, commit)
  return { tree, changes: await dataChanges(repo, base, tree) }
}

/**
 * The files in which a tree differs from its base. Throws a `UserError` where these are others than
 * plain files of the data folder.
 */
export async function dataChanges(
  repo: string,
  base: string,
  tree: string,
): Promise<DataFileChange[]> {
  const raw = await git(repo, ['diff-tree', '-r', '-z', '--raw', '--no-renames', base, tree])
  const parts = raw.split('\0').filter((part) => part !== '')
  return Array.from({ length: parts.length / 2 }, (_, index) => {
    const [, mode, , , status] = parts[2 * index].split(' ')
    const path = parts[2 * index + 1]
    requireSales(path, mode)
    return { path, change: CHANGES[status] ?? 'changed' }
  })
}

/** Makes the data folder of the checkout that of the tree. */
export async function checkOutData(repo: string, tree: string): Promise<void> {
  await git(repo, ['restore', `--source=${tree}`, '--staged', '--worktree', '--', DATA])
}

/** Whatever else stands there, such as a query, may be what a source is asked by, with its credentials. */
const TABLE = /\.(csv|tsv|tab|txt|dat|parquet)(\.gz)?$/i

/** What says the meaning of sales, or takes sales away, is for a person to merge. */
export function whoMerges(changes: DataFileChange[], mayMerge: boolean): WhoMerges {
  if (changes.some(({ path }) => path === CONTRACT || !TABLE.test(path))) {
    return 'a person: the contract'
  }
  if (changes.some(({ change }) => change === 'removed')) return 'a person: removed files'
  return mayMerge ? 'itself' : 'a person'
}

const CHANGES: Record<string, DataFileChange['change']> = { A: 'added', D: 'removed' }

async function mergedTree(repo: string, base: string, commit: string): Promise<string> {
  try {
    return (await git(repo, ['merge-tree', '--write-tree', base, commit])).trim()
  } catch (error) {
    if (!(error instanceof GitError) || error.exitCode !== 1) throw error
    throw new UserError('main has changed the same lines of the same files meanwhile', {
      remedy: 'Make the branch anew: git switch --create sales/… origin/main, add the sales, push.',
      cause: error,
    })
  }
}

function requireSales(path: string, mode: string): void {
  if (!path.startsWith(DATA)) {
    throw new UserError(`a branch of new sales changes ${DATA} alone, but this one ${path}, too`, {
      remedy: 'Push the rest on a branch whose name does not begin with sales/, for review.',
    })
  }
  if (mode !== '100644' && mode !== '000000') {
    throw new UserError(`sales must be plain files, but ${path} has the mode ${mode}`, {
      remedy: 'Add the file itself: no link, no submodule, nothing that can be executed.',
    })
  }
}
