import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { UserError } from '../base/errors.ts'
import { git } from '../base/git.ts'
import { listFiles } from './objects.ts'

/** A change of the files that a revision has. Paths are those in the repository, with `/`. */
export type Edit =
  | { kind: 'write'; path: string; content: string | Uint8Array }
  /** The content of a file from anywhere, as `git add` would take it. */
  | { kind: 'add'; path: string; file: string }
  /** A file or a folder. */
  | { kind: 'move'; path: string; to: string }
  | { kind: 'remove'; path: string }

/** What became of a file, as git tells it. */
export type Change = { path: string } & (
  | { change: 'added' | 'changed' | 'removed' }
  | { change: 'moved'; from: string }
)

/**
 * The id of the tree of a revision with the edits, later ones over earlier ones. Nothing but new
 * objects is written: no file changes yet.
 */
export async function editedTree(repo: string, edits: Edit[], rev = 'HEAD'): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'cd4ml-edit-'))
  const env = { GIT_INDEX_FILE: join(folder, 'index') }
  try {
    await git(repo, ['read-tree', rev], { env })
    const written = edits.filter((edit) => edit.kind === 'write')
    const ids = await writeBlobs(
      repo,
      folder,
      written.map(({ content }) => content),
    )
    const lines: string[] = []
    for (const edit of edits) {
      lines.push(
        ...(edit.kind === 'write'
          ? [added(ids[written.indexOf(edit)], edit.path)]
          : await indexLines(repo, edit, rev)),
      )
    }
    const input = lines.map((line) => `${line}\0`).join('')
    await git(repo, ['update-index', '-z', '--index-info'], { env, input })
    // A partial clone may lack the others.
    return (await git(repo, ['write-tree', '--missing-ok'], { env })).trim()
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** How a tree differs from HEAD, by path. */
export async function changesTo(repo: string, tree: string): Promise<Change[]> {
  const output = await git(repo, ['diff-tree', '-r', '-z', '-M100%', '--name-status', 'HEAD', tree])
  const words = output.split('\0').slice(0, -1)
  const changes: Change[] = []
  for (let at = 0; at < words.length; ) {
    const status = words[at++]
    const path = words[at++]
    if (status.startsWith('R')) changes.push({ change: 'moved', from: path, path: words[at++] })
    else changes.push({ change: CHANGES[status[0]] ?? 'changed', path })
  }
  return changes.sort((a, b) => (a.path < b.path ? -1 : 1))
}

/**
 * Brings working folder and index from HEAD, as which they have to be, to the tree. Throws a
 * `UserError`, and changes nothing, where a file that git does not track is in the way.
 */
export async function checkOutTree(repo: string, tree: string): Promise<void> {
  // Git itself would overwrite the files that it ignores.
  for (const { change, path } of await changesTo(repo, tree)) {
    if ((change === 'added' || change === 'moved') && existsSync(join(repo, path))) {
      throw new UserError('is in the way: git ignores it, and it would be overwritten', {
        file: path,
        remedy: 'Move it out of the repository.',
      })
    }
  }
  await git(repo, ['read-tree', '-m', '-u', 'HEAD', tree])
}

const CHANGES: { [status: string]: 'added' | 'removed' } = { A: 'added', D: 'removed' }

/** The ids of new blobs of exactly these bytes, whatever line ends and filters are configured. */
async function writeBlobs(
  repo: string,
  folder: string,
  contents: (string | Uint8Array)[],
): Promise<string[]> {
  const files = contents.map((_, i) => join(folder, String(i)))
  await Promise.all(files.map((file, i) => writeFile(file, contents[i])))
  const args = ['hash-object', '-w', '--no-filters', '--stdin-paths']
  const input = files.map((file) => `${file}\n`).join('')
  return (await git(repo, args, { input })).split('\n').slice(0, -1)
}

/** Lines for `git update-index --index-info`. */
async function indexLines(
  repo: string,
  edit: Exclude<Edit, { kind: 'write' }>,
  rev: string,
): Promise<string[]> {
  if (edit.kind === 'add') {
    const args = ['hash-object', '-w', `--path=${edit.path}`, '--', edit.file]
    return [added((await git(repo, args)).trim(), edit.path)]
  }
  const files = await listFiles(repo, rev, edit.path)
  const gone = files.map(({ id, path }) => `0 ${'0'.repeat(id.length)}\t${path}`)
  if (edit.kind === 'remove') return gone
  const moved = files.map(
    ({ mode, id, path }) => `${mode} ${id}\t${edit.to}${path.slice(edit.path.length)}`,
  )
  return [...gone, ...moved]
}

function added(id: string, path: string): string {
  return `100644 ${id}\t${path}`
}
