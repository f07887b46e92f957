import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { git, gitMaybe } from '../../src/base/git.ts'
import { readObject } from './object-reader.ts'

export type Ref = { name: string; id: string; type: 'commit' | 'tag' | 'tree' | 'blob' }

/** `date` is as git writes it: seconds since 1970 and an offset. */
export type Signature = { name: string; email: string; date: string }

export type Commit = {
  id: string
  tree: string
  parents: string[]
  author: Signature
  committer: Signature
  message: string
}

/** `size` is in bytes, of blobs only. */
export type TreeEntry = { mode: string; type: string; id: string; path: string; size?: number }

/** A change to a tree: an object at a path, or nothing there any more (`id: null`). */
export type TreeChange = { path: string; mode: string; id: string | null }

/** The references whose names begin with `prefix`, by name. */
export async function listRefs(repo: string, prefix = 'refs/'): Promise<Ref[]> {
  const format = '--format=%(refname)%00%(objectname)%00%(objecttype)'
  const lines = (await git(repo, ['for-each-ref', format])).split('\n').filter(Boolean)
  return lines
    .map((line) => {
      const [name, id, type] = line.split('\0')
      return { name, id, type: type as Ref['type'] }
    })
    .filter(({ name }) => name.startsWith(prefix))
}

/** The reference of this full name; undefined where there is none. */
export async function readRef(repo: string, name: string): Promise<Ref | undefined> {
  // To git, `refs/heads/main~1` is an object too; it is no name that a reference can have.
  const found = /[~^:]|@\{/.test(name) ? undefined : await readObject(repo, name)
  return found && { name, id: found.id, type: found.type as Ref['type'] }
}

/** The id of the commit of a branch. */
export async function branchHead(repo: string, branch: string): Promise<string | undefined> {
  return await resolve(repo, `refs/heads/${branch}`)
}

/** The id of the commit that a branch, a tag or an id (in this order) stands for. */
export async function commitOf(repo: string, name: string): Promise<string | undefined> {
  for (const ref of [`refs/heads/${name}`, `refs/tags/${name}`, name]) {
    const id = await resolve(repo, `${ref}^{commit}`)
    if (id) return id
  }
  return undefined
}

/** The id of what git calls `name`; undefined where there is no such object. */
export async function resolve(repo: string, name: string): Promise<string | undefined> {
  return (await readObject(repo, name))?.id
}

export async function typeOf(repo: string, id: string): Promise<string | undefined> {
  return (await readObject(repo, id))?.type
}

/**
 * Moves a reference if it still is at `from` (`''`: if it is not there yet; undefined `to`: away
 * with it). Returns whether it did.
 */
export async function moveRef(
  repo: string,
  name: string,
  { to, from }: { to: string | undefined; from: string },
): Promise<boolean> {
  const args = to ? [name, to, from || '0'.repeat(40)] : ['-d', name, from]
  return (await gitMaybe(repo, ['update-ref', ...args])) !== undefined
}

export async function isAncestor(repo: string, older: string, newer: string): Promise<boolean> {
  if (older === newer) return true
  return (await gitMaybe(repo, ['merge-base', '--is-ancestor', older, newer])) !== undefined
}

export async function readCommit(repo: string, id: string): Promise<Commit> {
  const text = (await contentOf(repo, id, 'commit')).toString()
  const end = text.indexOf('\n\n')
  const headers = text.slice(0, end).split('\n')
  const values = (key: string) =>
    headers.filter((line) => line.startsWith(`${key} `)).map((line) => line.slice(key.length + 1))
  return {
    id,
    tree: values('tree')[0],
    parents: values('parent'),
    author: parseSignature(values('author')[0]),
    committer: parseSignature(values('committer')[0]),
    message: text.slice(end + 2),
  }
}

/** Writes a commit of exactly this message, without a line end of git's. Returns its id. */
export async function writeCommit(repo: string, commit: Omit<Commit, 'id'>): Promise<string> {
  const text = [
    `tree ${commit.tree}`,
    ...commit.parents.map((parent) => `parent ${parent}`),
    `author ${formatSignature(commit.author)}`,
    `committer ${formatSignature(commit.committer)}`,
    '',
    commit.message,
  ].join('\n')
  return await writeObject(repo, 'commit', text)
}

/** Writes an object after git has checked its form. Returns its id. */
export async function writeObject(
  repo: string,
  type: 'blob' | 'commit' | 'tag',
  content: string | Uint8Array,
): Promise<string> {
  const args = ['hash-object', '-w', '-t', type, '--stdin']
  return (await git(repo, args, { input: content })).trim()
}

export async function readBlob(repo: string, id: string): Promise<Buffer> {
  return await contentOf(repo, id, 'blob')
}

/** Throws where there is no such object, as git does. */
export async function contentOf(repo: string, id: string, type: string): Promise<Buffer> {
  const found = await readObject(repo, id)
  if (found?.type !== type) throw new Error(`${id} is no ${type} in ${repo}`)
  return found.content
}

export async function listTree(
  repo: string,
  tree: string,
  { recursive, path }: { recursive?: boolean; path?: string } = {},
): Promise<TreeEntry[]> {
  const deep = recursive ? ['-r', '-t'] : []
  const only = path ? ['--', path] : []
  const listing = await git(repo, ['ls-tree', '-l', '-z', '--full-tree', ...deep, tree, ...only])
  return listing
    .split('\0')
    .filter(Boolean)
    .map((line) => {
      const [head, name] = [line.slice(0, line.indexOf('\t')), line.slice(line.indexOf('\t') + 1)]
      const [mode, type, id, size] = head.split(/ +/)
      return { mode, type, id, path: name, ...(size !== '-' && { size: Number(size) }) }
    })
}

/**
 * Writes the tree that `base` (or the empty one) becomes by the changes, and returns its id.
 * Throws `GitError` where git does not take a path.
 */
export async function writeTree(
  repo: string,
  base: string | undefined,
  changes: readonly TreeChange[],
): Promise<string> {
  const index = join(repo, `index-${randomUUID()}`)
  const env = { GIT_INDEX_FILE: index }
  try {
    await git(repo, base ? ['read-tree', base] : ['read-tree', '--empty'], { env })
    for (const { path, id } of changes.filter(({ mode }) => mode === '040000')) {
      await git(repo, ['rm', '-r', '--cached', '--quiet', '--ignore-unmatch', '--', path], { env })
      if (id) await git(repo, ['read-tree', `--prefix=${path}/`, id], { env })
    }
    const lines = changes
      .filter(({ mode }) => mode !== '040000')
      .map(({ path, mode, id }) =>
        id ? `${mode} ${id}\t${path}\0` : `0 ${'0'.repeat(40)}\t${path}\0`,
      )
    const args = ['update-index', '--add', '--replace', '-z', '--index-info']
    await git(repo, args, { env, input: lines.join('') })
    return (await git(repo, ['write-tree'], { env })).trim()
  } finally {
    await rm(index, { force: true })
    await rm(`${index}.lock`, { force: true })
  }
}

/** The tree of a merge of two commits; undefined where they are in conflict. */
export async function mergedTree(
  repo: string,
  ours: string,
  theirs: string,
): Promise<string | undefined> {
  const output = await gitMaybe(repo, ['merge-tree', '--write-tree', '--no-messages', ours, theirs])
  return output?.split('\n')[0]
}

export async function mergeBase(repo: string, a: string, b: string): Promise<string | undefined> {
  return await gitMaybe(repo, ['merge-base', a, b])
}

/** The ids of the commits of `range` as git writes it (`main..feature`), newest first. */
export async function listCommits(repo: string, range: string[]): Promise<string[]> {
  return (await git(repo, ['rev-list', ...range])).split('\n').filter(Boolean)
}

/** An instant as ISO 8601 in UTC, without fractions of a second. */
export function isoInstant({ date }: Signature): string {
  return `${new Date(Number(date.split(' ')[0]) * 1000).toISOString().slice(0, 19)}Z`
}

/** An instant as git writes it. `offset` stays as it was given; without one it is UTC. */
export function gitDate(iso: string): string {
  const [, sign, hours, minutes] = /([+-])(\d\d):?(\d\d)$/.exec(iso) ?? ['', '+', '00', '00']
  return `${Math.floor(Date.parse(iso) / 1000)} ${sign}${hours}${minutes}`
}

function parseSignature(text: string): Signature {
  const [, name, email, date] = /^(.*) <(.*)> (\d+ [+-]\d{4})$/.exec(text)!
  return { name, email, date }
}

function formatSignature({ name, email, date }: Signature): string {
  return `${name} <${email}> ${date}`
}
