import { createHash } from 'node:crypto'
import { lstat, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { type FoundFile, isUnchanged } from './resting-files.ts'

/**
 * Moves a file that was taken in out of the way. Where another of its name was taken before, it gets
 * the beginning of its digest into its name. What has taken its place meanwhile comes back, to be
 * taken in as well.
 */
export async function moveToDone(
  file: FoundFile,
  bytes: Buffer,
  folders: { in: string; done: string },
): Promise<void> {
  const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 12)
  const plain = join(folders.done, fitting(file.name))
  const path = (await isThere(plain)) ? join(folders.done, fitting(file.name, digest)) : plain
  if (!(await isUnchanged(file))) return
  await unlessGone(rename(file.path, path))
  const moved = { path: Buffer.from(path), mark: file.mark }
  if ((await isThere(path)) && !(await isUnchanged(moved))) {
    await unlessGone(rename(path, join(folders.in, fitting(file.name, digest))))
  }
}

/** The name of the answer to a file: its own where it is CSV. */
export function answerName(name: string): string {
  return /\.csv$/i.test(name) ? fitting(name) : `${fitting(name)}.csv`
}

/** As the name of a file in a folder that holds what is written beside it, too. */
function fitting(name: string, digest?: string): string {
  const dot = name.lastIndexOf('.')
  const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, '']
  const marked = digest === undefined ? name : `${stem}.${digest}${ending}`
  if (Buffer.byteLength(marked) <= LONGEST) return marked
  const hash = createHash('sha256').update(marked).digest('hex').slice(0, 12)
  return `${[...stem].slice(0, 40).join('')}.${hash}${ending.slice(0, 8)}`
}

/** Bytes; file systems take 255. */
const LONGEST = 190

async function isThere(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined)) !== undefined
}

/** Another replica that looks into the same folder may have been quicker. */
async function unlessGone(work: Promise<void>): Promise<void> {
  await work.catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })
}
