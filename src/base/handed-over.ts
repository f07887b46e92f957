import { lstat, readdir, readFile, realpath } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { UserError } from './errors.ts'

/**
 * What another job has handed over in a folder of the project. That job may have run anybody's code:
 * no link is followed, nothing but plain files is read, and none that is too large.
 */
export type HandedOver = {
  /** The names in the folder, sorted; none where it is missing. */
  names: (most: number) => Promise<string[]>
  /** The bytes of a file at a path below the folder, of at most so many. */
  read: (path: string, mostBytes: number) => Promise<Buffer>
}

/** Both functions throw a `UserError`, a sentence, where what is there is not as it has to be. */
export function handedOver(project: string, folder: string): HandedOver {
  return {
    names: async (most) => {
      if ((await placeOf(project, folder)) === 'missing') return []
      const names = await readdir(folder).catch((cause) => {
        throw new UserError('must be a folder, but is something else', { file: folder, cause })
      })
      if (names.length <= most) return names.sort()
      throw new UserError(`holds ${names.length} records, but one run makes at most ${most}`, {
        file: folder,
      })
    },
    read: (path, mostBytes) => readPlainFile(project, join(folder, path), mostBytes),
  }
}

/** Throws, as `HandedOver.read` does, where a file is there and is none that may be read. */
export async function requirePlainFiles(
  project: string,
  files: string[],
  mostBytes: number,
): Promise<void> {
  for (const file of files) await plainFile(project, file, mostBytes)
}

async function readPlainFile(project: string, file: string, mostBytes: number): Promise<Buffer> {
  if ((await plainFile(project, file, mostBytes)) === 'missing') {
    throw new UserError('is missing', { file })
  }
  return await readFile(file).catch((cause) => {
    throw new UserError('cannot be read', { file, cause })
  })
}

async function plainFile(
  project: string,
  file: string,
  mostBytes: number,
): Promise<'there' | 'missing'> {
  const place = await placeOf(project, file)
  if (place === 'missing') return 'missing'
  const stats = await lstat(file)
  if (!stats.isFile()) throw new UserError('must be a plain file, but is none', { file })
  if (stats.size > mostBytes) {
    throw new UserError(`must have at most ${mostBytes} bytes, but has ${stats.size}`, { file })
  }
  return 'there'
}

async function placeOf(project: string, path: string): Promise<'there' | 'missing'> {
  const below = relative(project, resolve(path))
  const expected = below.startsWith('..') ? resolve(path) : join(await realpath(project), below)
  const found = await realpath(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined
    throw new UserError('cannot be read: it is a link, or lies behind one', {
      file: path,
      cause: error,
    })
  })
  if (found === undefined) return 'missing'
  if (found === expected) return 'there'
  throw new UserError('must not be a link, nor lie behind one', { file: path })
}
