import { createHash } from 'node:crypto'
import { lstat, readdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { type FoundFile, isUnchanged } from './resting-files.ts'

/**
 * Moves a file that was taken in out of the way, the beginning of its digest in its name. What has
 * taken its place meanwhile comes back, to be taken in as well.
 */
export async function moveToDone(
  file: FoundFile,
  bytes: Buffer,
  folders: { in: string; done: string },
): Promise<void> {
  const name = doneName(file.name, bytes)
  const path = join(folders.done, name)
  if (!(await isUnchanged(file))) return
  await unlessGone(rename(file.path, path))
  const moved = { path: Buffer.from(path), mark: file.mark }
  if ((await isThere(path)) && !(await isUnchanged(moved))) {
    await unlessGone(rename(path, join(folders.in, name)))
  }
}

/** Whether a file with these bytes was taken in before, under whatever name. */
export async function wasDone(bytes: Buffer, folder: string): Promise<boolean> {
  const mark = `.${digestOf(bytes)}.`
  return (await readdir(folder)).some((name) => `${name}.`.includes(mark))
}

/** The name of the answer to a file: its own where it is CSV. */
export function answerName(name: string): string {
  return /\.csv$/i.test(name) ? fitting(name) : `${fitting(name)}.csv`
}

function doneName(name: string, bytes: Buffer): string {
  const { stem, ending } = partsOf(fitting(name))
  return `${stem}.${digestOf(bytes)}${ending}`
}

function digestOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 16)
}

/** As the name of a file in a folder that holds what is written beside it, too. */
function fitting(name: string): string {
  if (Buffer.byteLength(name) <= LONGEST) return name
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 12)
  const { stem, ending } = partsOf(name)
  return `${[...stem].slice(0, 30).join('')}-${hash}${ending.slice(0, 8)}`
}

/** Bytes; file systems take 255. */
const LONGEST = 190

function partsOf(name: string): { stem: string; ending: string } {
  const dot = name.lastIndexOf('.')
  return dot > 0
    ? { stem: name.slice(0, dot), ending: name.slice(dot) }
    : { stem: name, ending: '' }
}

async function isThere(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined)) !== undefined
}

/** Another replica that looks into the same folder may have been quicker. */
async function unlessGone(work: Promise<void>): Promise<void> {
  await work.catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })
}
