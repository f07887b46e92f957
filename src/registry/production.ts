import { readdir, readFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { canonicalJson } from '../base/canonical-json.ts'
import { UserError, unlessMistaken } from '../base/errors.ts'
import { parseJson } from '../base/schema.ts'
import { editedTree } from './edited-tree.ts'
import { checkManifest, digest, isVersionFile, type Manifest } from './manifest.ts'
import { listFiles, readObjects } from './objects.ts'
import { commitOf } from './repository.ts'

/** The folder that holds the version in production. */
export const PRODUCTION = 'model-registry/production'

export type Version = {
  manifest: Manifest
  /** The content of every file that the manifest lists, by its path in the folder. */
  files: Map<string, Uint8Array>
}

/** The bytes of one of the files that every version has. */
export function contentOf(
  { files }: Version,
  name: 'model.json' | 'evaluation.json' | 'README.md',
): Uint8Array {
  const bytes = files.get(name)
  if (!bytes) throw new Error(`a version without ${name} was read`)
  return bytes
}

/**
 * The version in production at a commit; undefined where nothing is.
 *
 * Throws a `UserError` that names the file where the folder is not what cd4ml wrote: another file,
 * a link, a manifest that breaks its schema, a hash that does not match.
 */
export async function readVersion(repo: string, commit: string): Promise<Version | undefined> {
  const entries = await listFiles(repo, commit, PRODUCTION)
  if (entries.length === 0) return undefined
  for (const { mode, path } of entries) {
    if (mode !== '100644') throw notPlainFile(path, `has the mode ${mode} in git`)
  }
  const names = entries.map(({ path }) => checkedName(path.slice(PRODUCTION.length + 1)))
  const contents = await readObjects(
    repo,
    entries.map(({ id }) => id),
  )
  const files = new Map<string, Uint8Array>()
  for (const [i, content] of contents.entries()) {
    if (!content) {
      throw new UserError('is not in this clone', {
        file: entries[i].path,
        remedy: 'Run git fetch, then try again.',
      })
    }
    files.set(names[i], content)
  }
  return checkedVersion(files)
}

/**
 * The version in production at a branch or commit, whatever somebody has pushed there: undefined also
 * where there is no such branch, or where what stands there is not a whole version.
 */
export async function wholeVersion(repo: string, ref: string): Promise<Version | undefined> {
  const commit = await commitOf(repo, ref)
  return commit === undefined ? undefined : unlessMistaken(() => readVersion(repo, commit))
}

/** As `readVersion`, for the files in the working folder of `project`. */
export async function readWorkingVersion(project: string): Promise<Version | undefined> {
  const folder = join(project, PRODUCTION)
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return []
      throw new UserError(`cannot be read: ${error.message}`, { file: PRODUCTION, cause: error })
    },
  )
  const files = new Map<string, Uint8Array>()
  for (const entry of entries) {
    if (entry.isDirectory()) continue
    const path = join(entry.parentPath, entry.name)
    const name = checkedName(relative(folder, path).split(sep).join('/'))
    if (!entry.isFile()) throw notPlainFile(inFolder(name), 'is a link or a device')
    files.set(name, await readFile(path))
  }
  return files.size === 0 ? undefined : checkedVersion(files)
}

/** The content of every file of a version, `manifest.json` among them, by its path in the folder. */
export function versionBytes({ manifest, files }: Version): Map<string, Uint8Array> {
  return new Map([...files, [MANIFEST, manifestBytes(manifest)]])
}

/** The tree of the commit, with the version in its production folder and nothing else changed. */
export async function treeWithVersion(
  repo: string,
  commit: string,
  version: Version,
): Promise<string> {
  const files = [...versionBytes(version)].map(([name, content]) => {
    return { kind: 'write' as const, path: inFolder(name), content }
  })
  return await editedTree(repo, [{ kind: 'remove', path: PRODUCTION }, ...files], commit)
}

const MANIFEST = 'manifest.json'
const REMEDY = `Only cd4ml writes ${PRODUCTION}/: bring it back with git restore, or propose a version with promote or rollback.`

function checkedName(name: string): string {
  if (name === MANIFEST || isVersionFile(name)) return name
  throw new UserError('does not belong to a version of a model', {
    file: inFolder(name),
    remedy: `Take it out: ${PRODUCTION}/ holds manifest.json, model.json, evaluation.json, README.md, charts/*.svg and parts/*.json.`,
  })
}

function checkedVersion(all: Map<string, Uint8Array>): Version {
  const written = all.get(MANIFEST)
  if (!written) throw missing(MANIFEST)
  const manifest = checkManifest(
    parseJson(Buffer.from(written).toString(), inFolder(MANIFEST)),
    inFolder(MANIFEST),
  )
  // JSON can be written in many ways; one of them is ours, and a doubled key survives in none.
  if (!manifestBytes(manifest).equals(written)) {
    throw new UserError('was changed by hand', { file: inFolder(MANIFEST), remedy: REMEDY })
  }
  const files = new Map([...all].filter(([name]) => name !== MANIFEST))
  for (const name of Object.keys(manifest.files)) if (!files.has(name)) throw missing(name)
  for (const [name, bytes] of files) {
    const expected = manifest.files[name]
    if (!expected) {
      throw new UserError('is not listed in manifest.json', {
        file: inFolder(name),
        remedy: REMEDY,
      })
    }
    const found = digest(bytes)
    if (found !== expected) {
      throw new UserError(
        `must have the SHA-256 ${expected} that manifest.json lists, but has ${found}`,
        { file: inFolder(name), remedy: REMEDY },
      )
    }
  }
  return { manifest, files }
}

function manifestBytes(manifest: Manifest): Buffer {
  return Buffer.from(canonicalJson(manifest))
}

function missing(name: string): UserError {
  return new UserError('is missing', { file: inFolder(name), remedy: REMEDY })
}

function notPlainFile(file: string, what: string): UserError {
  return new UserError(`must be a plain file, but ${what}`, { file, remedy: REMEDY })
}

function inFolder(name: string): string {
  return name ? `${PRODUCTION}/${name}` : PRODUCTION
}
