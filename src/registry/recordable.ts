import { existsSync } from 'node:fs'
import { lstat, readFile } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { UserError } from '../base/errors.ts'
import { git } from '../base/git.ts'
import { changedFiles } from './lineage.ts'
import { CODE } from './manifest.ts'
import { isRepository } from './repository.ts'

/** What is read to make a version, as absolute paths. */
export type ReadFiles = {
  /** Folder of the sales, and the files that are read in it. */
  data?: { folder: string; files: string[] }
  /** Other files, such as the recipe; those that are not there do not matter. */
  files: string[]
  /** Whether the code of the project is among it. */
  code?: boolean
}

/**
 * Throws a `UserError` that names the file where one of those that are read in a repository is not
 * what git would lay out again: ignored, a link, in a repository within this one, with changes that
 * git was told not to see, or turned into something else by a filter. What is new or changed can be
 * committed, and is no mistake; neither are sales of which git holds none.
 */
export async function requireRecordable(project: string, read: ReadFiles): Promise<void> {
  if (!(await isRepository(project))) return
  const inside = (path: string) => relative(project, path).split(sep).join('/')
  const isInside = (path: string) => path !== '' && path !== '..' && !path.startsWith('../')
  const others = read.files.filter(existsSync).map(inside).filter(isInside)
  const sales = await salesOf(project, read, inside)
  for (const path of [...sales.files, ...others]) await refuseIndirect(project, path)

  const within = [...sales.folders, ...others, ...(read.code ? [CODE] : [])]
  if (within.length === 0) return
  const held = await heldFiles(project, within)
  const code = (path: string) => read.code === true && path.startsWith(`${CODE}/`)
  for (const file of held) {
    refuseHidden(file)
    if (!code(file.path)) continue
    if (file.mode === SUBMODULE) throw submodule(file.path)
    await refuseIndirect(project, file.path)
  }
  const sought = new Set([...sales.files, ...others])
  for (const path of await ignoredFiles(project, within)) {
    if (sought.has(path) || (code(path) && IS_CODE.test(path))) throw ignored(path)
  }
  const changed = new Set(await changedFiles(project, { within, untracked: false }))
  const unchanged = held.filter(
    ({ path }) => (sought.has(path) || code(path)) && !changed.has(path),
  )
  await refuseFiltered(project, unchanged, new Set(sales.files))
}

const SUBMODULE = '160000'
const IS_CODE = /\.([cm]?[jt]s|json|node|wasm)$/

/** The sales as far as git holds some of them. */
async function salesOf(
  project: string,
  { data }: ReadFiles,
  inside: (path: string) => string,
): Promise<{ folders: string[]; files: string[] }> {
  const none = { folders: [], files: [] }
  if (!data) return none
  const folder = inside(data.folder)
  if (folder === '' || folder === '..' || folder.startsWith('../')) return none
  const isHeld = (await heldFiles(project, [folder])).some(({ path }) => path !== folder)
  return isHeld ? { folders: [folder], files: data.files.map(inside) } : none
}

/** Git records where a link leads, and of another repository its commit. */
async function refuseIndirect(project: string, path: string): Promise<void> {
  const parts = path.split('/')
  for (let end = 1; end <= parts.length; end++) {
    const part = parts.slice(0, end).join('/')
    if ((await lstat(join(project, part))).isSymbolicLink()) {
      throw new UserError(
        part === path
          ? 'is a link: git records where it leads, not what is there'
          : `is behind the link ${part}: git records where it leads, not what is there`,
        { file: path, remedy: 'Put the file itself in its place.' },
      )
    }
  }
  for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) {
    if (existsSync(join(project, folder, '.git'))) {
      throw new UserError(`is in ${folder}, a repository within this one, which holds none of it`, {
        file: path,
        remedy: 'Move it out of there, so that this repository can hold it.',
      })
    }
  }
}

type HeldFile = { path: string; tag: string; mode: string; id: string }

/** The files of the index. */
async function heldFiles(project: string, within: string[]): Promise<HeldFile[]> {
  const args = ['--literal-pathspecs', 'ls-files', '--stage', '-v', '-z', '--', ...within]
  const lines = (await git(project, args)).split('\0').filter(Boolean)
  return lines.map((line) => {
    const tab = line.indexOf('\t')
    const [tag, mode, id] = line.slice(0, tab).split(' ')
    return { path: line.slice(tab + 1), tag, mode, id }
  })
}

function submodule(path: string): UserError {
  return new UserError('is a submodule, of which this repository holds a commit, but no file', {
    file: path,
    remedy: 'Put its files themselves in its place.',
  })
}

function refuseHidden({ path, tag }: HeldFile): void {
  if (tag.toUpperCase() === 'S') {
    throw new UserError('is left out of this folder (skip-worktree), but git holds it', {
      file: path,
      remedy: `Bring it back: git sparse-checkout disable, or git update-index --no-skip-worktree ${path}`,
    })
  }
  if (tag !== tag.toUpperCase()) {
    throw new UserError('may have changes that git was told not to see (assume-unchanged)', {
      file: path,
      remedy: `Let git see them: git update-index --no-assume-unchanged ${path}`,
    })
  }
}

async function ignoredFiles(project: string, within: string[]): Promise<string[]> {
  const options = ['--others', '--ignored', '--exclude-standard', '-z']
  const args = ['--literal-pathspecs', 'ls-files', ...options, '--', ...within]
  return (await git(project, args)).split('\0').filter(Boolean)
}

function ignored(path: string): UserError {
  return new UserError('is read, but git ignores it, so that nobody could do this again', {
    file: path,
    remedy: `Let git hold it (git add --force ${path}), or move it away. git check-ignore -v ${path} says which rule it is.`,
  })
}

/** Files that git takes for unchanged, though it holds something else. */
async function refuseFiltered(
  project: string,
  files: HeldFile[],
  sales: ReadonlySet<string>,
): Promise<void> {
  const plain = files.filter(({ path }) => !path.includes('\n') && existsSync(join(project, path)))
  // Git would take the quotes of a name that begins with one for its own.
  const input = plain.map(({ path }) => `./${path}\n`).join('')
  const args = ['hash-object', '--no-filters', '--stdin-paths']
  const ids = (await git(project, args, { input })).split('\n')
  for (const [i, { path, id }] of plain.entries()) {
    if (ids[i] === id) continue
    const content = await readFile(join(project, path))
    if (
      !(sales.has(path) && hasQuotedLineEnd(content)) &&
      (await isWithLineEnds(project, content, id))
    ) {
      continue
    }
    throw new UserError(
      'is not what git holds: a filter of .gitattributes or of your settings turns one into the other',
      {
        file: path,
        remedy:
          'Take it out of that filter (git check-attr --all says which: text, filter, ident, working-tree-encoding), and commit it as it is.',
      },
    )
  }
}

/** Whether git holds the same with line feeds where there are carriage returns as well. */
async function isWithLineEnds(project: string, content: Buffer, id: string): Promise<boolean> {
  const input = Buffer.from(content.toString('latin1').replaceAll('\r\n', '\n'), 'latin1')
  return (await git(project, ['hash-object', '--stdin'], { input })).trim() === id
}

/** Whether a line ends within quotes: then it is a part of a cell, and not between rows. */
function hasQuotedLineEnd(content: Buffer): boolean {
  let quoted = false
  for (const byte of content) {
    if (byte === QUOTE) quoted = !quoted
    else if (byte === CARRIAGE_RETURN && quoted) return true
  }
  return false
}

const QUOTE = 0x22
const CARRIAGE_RETURN = 0x0d
