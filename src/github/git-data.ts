import { isUtf8 } from 'node:buffer'
import { UserError } from '../base/errors.ts'
import { remembered } from '../base/remembered.ts'
import type { GitHub } from './client.ts'
import { statusOf, unlessMissing } from './failure.ts'

/** A commit as a branch has it; ids of git objects. */
export type BranchHead = { commit: string; tree: string; parents: string[] }

/** What a commit puts at a path of the repository. */
export type FileChange = Uint8Array | 'deleted'

export type NewCommit = {
  parents: string[]
  /** The tree that the files are changed in; absent: they are all there is. */
  baseTree?: string
  files: ReadonlyMap<string, FileChange>
  message: string
}

/** Where a branch stands; undefined where it does not exist. */
export async function branchHead(github: GitHub, branch: string): Promise<BranchHead | undefined> {
  const commit = await branchCommit(github, branch)
  return commit === undefined ? undefined : await readCommit(github, commit)
}

/** A commit by its id. Throws where GitHub does not have it. */
export async function readCommit(github: GitHub, id: string): Promise<BranchHead> {
  const { data } = await github.api.rest.git.getCommit({ ...place(github), commit_sha: id })
  return { commit: data.sha, tree: data.tree.sha, parents: data.parents.map(({ sha }) => sha) }
}

/** The id of the folder or file at a path of a commit; undefined where nothing is. */
export async function treeAt(
  github: GitHub,
  commit: string,
  path: string,
): Promise<string | undefined> {
  return await openTree(github, (await readCommit(github, commit)).tree).idAt(path)
}

/** The content of the file at a path of a commit; undefined where nothing is. */
export async function readFileAt(
  github: GitHub,
  commit: string,
  path: string,
): Promise<Buffer | undefined> {
  return await openTree(github, (await readCommit(github, commit)).tree).read(path)
}

/** The files of a tree. */
export type GitTree = {
  /** The id of the folder or file at a path; undefined where nothing is. */
  idAt: (path: string) => Promise<string | undefined>
  /** The names in the folder at a path; none where no folder is. */
  names: (path: string) => Promise<string[]>
  /**
   * The content of the file at a path; undefined where nothing is. Throws a `UserError` where there
   * is something else than a plain file, or one that is larger than any that cd4ml writes.
   */
  read: (path: string) => Promise<Buffer | undefined>
}

/** Asks for each folder at most once, however many of its files are looked for. */
export function openTree(github: GitHub, tree: string): GitTree {
  const folders = new Map<string, Promise<Map<string, Entry>>>()
  const listed = (folder: string) => remembered(folders, folder, () => listFolder(github, folder))
  const entryAt = async (path: string) => {
    let entry: Entry | undefined = { id: tree, mode: FOLDER, size: 0 }
    for (const name of path.split('/')) {
      entry = entry?.mode === FOLDER ? (await listed(entry.id)).get(name) : undefined
    }
    return entry
  }
  const read = async (path: string) => {
    const entry = await entryAt(path)
    if (entry === undefined) return undefined
    if (!PLAIN_FILES.includes(entry.mode) || entry.size > MOST_BYTES) {
      throw new UserError(`must be a plain file of at most ${MOST_BYTES} bytes`, { file: path })
    }
    const { data } = await github.api.rest.git.getBlob({ ...place(github), file_sha: entry.id })
    return Buffer.from(data.content, 'base64')
  }
  const names = async (path: string) => {
    const entry = await entryAt(path)
    return entry?.mode === FOLDER ? [...(await listed(entry.id)).keys()] : []
  }
  return { idAt: async (path) => (await entryAt(path))?.id, names, read }
}

/** What a folder holds under a name: id of the object, its mode in git, and bytes of a file. */
type Entry = { id: string; mode: string; size: number }

const FOLDER = '040000'
const PLAIN_FILES = ['100644', '100755']
const MOST_BYTES = 32 * 1024 ** 2

/**
 * Writes a commit that no branch has yet. Without an author, so that GitHub signs it in the name of
 * the token's bot.
 */
export async function writeCommit(github: GitHub, commit: NewCommit): Promise<BranchHead> {
  const { parents, baseTree, files, message } = commit
  const { data: tree } = await github.api.rest.git.createTree({
    ...place(github),
    ...(baseTree !== undefined && { base_tree: baseTree }),
    tree: await Promise.all([...files].map((file) => treeEntry(github, file))),
  })
  const { data } = await github.api.rest.git.createCommit({
    ...place(github),
    message,
    tree: tree.sha,
    parents,
  })
  return { commit: data.sha, tree: tree.sha, parents }
}

/**
 * Moves a branch from `from` (absent: it does not exist yet) forward, or with `force` anywhere.
 * `conflict`: somebody else has moved it. With force GitHub itself does not compare, so that
 * somebody who moves the branch in the very same moment is overwritten.
 */
export async function moveBranch(
  github: GitHub,
  branch: string,
  { to, from, force = false }: { to: string; from?: string; force?: boolean },
): Promise<'moved' | 'conflict'> {
  if (force && (await branchCommit(github, branch)) !== from) return 'conflict'
  const ref = `heads/${branch}`
  try {
    await (from === undefined
      ? github.api.rest.git.createRef({ ...place(github), ref: `refs/${ref}`, sha: to })
      : github.api.rest.git.updateRef({ ...place(github), ref, sha: to, force }))
    return 'moved'
  } catch (error) {
    const now = await branchCommit(github, branch)
    if (now === to) return 'moved'
    if (now !== from || isLostRace(error)) return 'conflict'
    throw error
  }
}

/** The commit that a branch stands at; undefined where it does not exist. */
async function branchCommit(github: GitHub, branch: string): Promise<string | undefined> {
  const ref = `heads/${branch}`
  const found = await unlessMissing(github.api.rest.git.getRef({ ...place(github), ref }))
  return found?.data.object.sha
}

/** What is in a folder, by name. */
async function listFolder(github: GitHub, tree: string): Promise<Map<string, Entry>> {
  const { data } = await github.api.rest.git.getTree({ ...place(github), tree_sha: tree })
  if (data.truncated) throw new Error(`GitHub lists a part of the tree ${tree} only`)
  return new Map(data.tree.map(({ path, sha, mode, size = 0 }) => [path, { id: sha, mode, size }]))
}

async function treeEntry(github: GitHub, [path, change]: [string, FileChange]): Promise<TreeEntry> {
  const entry = { path, mode: '100644', type: 'blob' } as const
  if (change === 'deleted') return { ...entry, sha: null }
  const bytes = Buffer.from(change)
  if (isInline(bytes)) return { ...entry, content: bytes.toString() }
  const { data } = await github.api.rest.git.createBlob({
    ...place(github),
    content: bytes.toString('base64'),
    encoding: 'base64',
  })
  return { ...entry, sha: data.sha }
}

type TreeEntry = NonNullable<
  NonNullable<Parameters<GitHub['api']['rest']['git']['createTree']>[0]>['tree']
>[number]

/** Texts go along with the tree, which saves a request each. */
function isInline(bytes: Buffer): boolean {
  return bytes.length > 0 && bytes.length <= INLINE_LIMIT && isUtf8(bytes)
}

const INLINE_LIMIT = 256 * 1024

/** A stale answer may still show the branch where it was when GitHub refused to move it. */
function isLostRace(error: unknown): boolean {
  const status = statusOf(error)
  if (status === 409) return true
  return status === 422 && /fast.?forward|reference (already|does not)/i.test(String(error))
}

function place({ owner, repo }: GitHub): { owner: string; repo: string } {
  return { owner, repo }
}
