import { randomUUID } from 'node:crypto'
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { UserError } from './errors.ts'

/**
 * Writes a file so that a reader sees the old content or the new, never a part: beside it first,
 * then renamed over it. Makes the folder where it is missing.
 */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  await writeBeside(path, (beside) => writeFile(beside, content))
}

/** As `writeWhole`, of what is too long to be held at once. */
export async function writeChunks(
  path: string,
  chunks: Iterable<string | Uint8Array>,
): Promise<void> {
  await writeBeside(path, (beside) => writeFile(beside, chunks))
}

/** As `writeChunks`, of chunks that are made over time: `write` appends them, and ends when all are. */
export async function writeGradually<T>(
  path: string,
  write: (append: (chunks: Iterable<string>) => Promise<void>) => Promise<T>,
): Promise<T> {
  const written: T[] = []
  await writeBeside(path, async (beside) => {
    written.push(await write((chunks) => writeFile(beside, chunks, { flag: 'a' })))
  })
  return written[0]
}

async function writeBeside(path: string, write: (beside: string) => Promise<void>): Promise<void> {
  await makeFolder(dirname(path))
  const beside = `${path}.${randomUUID()}.partial`
  try {
    await write(beside)
    await rename(beside, path)
  } catch (error) {
    await rm(beside, { force: true })
    throw withPath(error, path)
  }
}

/** The error with the file that it is about: of a file that is open, the system does not say it. */
export function withPath(error: unknown, path: string): unknown {
  return error instanceof Error && !('path' in error) ? Object.assign(error, { path }) : error
}

/**
 * Calls what will read a file on what is about to be written to it, and returns what that makes of
 * it. What cd4ml itself would not read again is a bug of cd4ml, and must not take the place of
 * anything.
 */
export function readBack<T>(file: string, read: () => T): T {
  try {
    return read()
  } catch (cause) {
    const what = cause instanceof Error ? cause.message : String(cause)
    throw new Error(`${file} was made, but could not be read again: ${what}`, { cause })
  }
}

/**
 * Makes a folder and those above it where they are missing. Throws `UserError` where a file stands
 * in the way, or where none can be made: in `/proc`, Node's own recursion never ends.
 */
export async function makeFolder(path: string): Promise<void> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })
  if (found?.isDirectory()) return
  if (found) {
    throw new UserError('is a file, but must be a folder', {
      file: path,
      remedy: 'Name another folder, or move the file.',
    })
  }
  const parent = dirname(path)
  if (parent !== path) await makeFolder(parent)
  await mkdir(path).catch(async (cause: NodeJS.ErrnoException) => {
    // Made by another process in the meantime, unless a link stands there that leads to nothing.
    if (cause.code === 'EEXIST' && (await isFolder(path))) return
    if (cause.code !== 'ENOENT') throw cause
    throw new UserError('no folder can be made here', {
      file: path,
      remedy: 'Name a folder on a disk.',
      cause,
    })
  })
}

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined)
  return found?.isDirectory() ?? false
}
