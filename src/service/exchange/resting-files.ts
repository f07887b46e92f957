import { constants, type Dirent } from 'node:fs'
import { type FileHandle, lstat, open, readdir } from 'node:fs/promises'
import { LARGEST_TABLE } from '../../ledger/replies/reply-table.ts'

/** Something in the folder into which others put files. */
export type FoundFile = {
  /** As it is shown; bytes that are no UTF-8 are read as Windows-1252. */
  name: string
  path: Buffer
  state: 'resting' | 'no file' | 'too large'
  bytes: number
  /** Changes whenever the file does. */
  mark: string
}

/**
 * Looks into a folder, again and again, for files that nobody is still writing: those whose size and
 * time are the same at two looks, at six where the last line has no end, which may be cut off. Names
 * that begin with `.` or `~`, or end as unfinished downloads do, are left alone.
 */
export function restingFiles(folder: string): () => Promise<FoundFile[]> {
  let seen = new Map<string, { mark: string; looks: number }>()
  return async () => {
    const entries = await readdir(folder, { withFileTypes: true, encoding: 'buffer' })
    const now: typeof seen = new Map()
    const found: FoundFile[] = []
    for (const entry of entries.sort((a, b) => Buffer.compare(a.name, b.name))) {
      const file = await look(folder, entry)
      if (file === undefined) continue
      const key = entry.name.toString('latin1')
      const before = seen.get(key)
      const looks = before?.mark === file.mark ? before.looks + 1 : 1
      now.set(key, { mark: file.mark, looks })
      if (looks < LOOKS) continue
      const isWhole =
        file.state !== 'resting' || looks > LOOKS_CUT_OFF || (await endsWithLine(file))
      if (isWhole) found.push(file)
    }
    seen = now
    return found
  }
}

const LOOKS = 2
const LOOKS_CUT_OFF = 5

const LEFT_ALONE = /^[.~]|\.(partial|part|tmp|temp|crdownload|filepart|download|swp)$|~$/i

/** The bytes of a file, where it is still the one that was found, and may be read. */
export async function readFound({
  path,
  name,
  mark,
}: FoundFile): Promise<Buffer | 'changed' | { rule: 'no-file'; came: string; about: string }> {
  const handle = await openFile(path)
  if (typeof handle === 'string') {
    return handle === 'gone'
      ? 'changed'
      : { rule: 'no-file', came: `${name}: ${handle}`, about: '' }
  }
  try {
    if (markOf(await handle.stat({ bigint: true })) !== mark) return 'changed'
    const bytes = await handle.readFile()
    return markOf(await handle.stat({ bigint: true })) === mark ? bytes : 'changed'
  } finally {
    await handle.close()
  }
}

/** Whether the file is still the one that was found. */
export async function isUnchanged({ path, mark }: Pick<FoundFile, 'path' | 'mark'>) {
  const stats = await lstat(path, { bigint: true }).catch(() => undefined)
  return stats !== undefined && markOf(stats) === mark
}

async function look(folder: string, entry: Dirent<Buffer>): Promise<FoundFile | undefined> {
  const name = nameOf(entry.name)
  if (LEFT_ALONE.test(name)) return undefined
  const path = Buffer.concat([Buffer.from(`${folder}/`), entry.name])
  const stats = await lstat(path, { bigint: true }).catch(() => undefined)
  if (stats === undefined) return undefined
  const bytes = Number(stats.size)
  const state = !stats.isFile() ? 'no file' : bytes > LARGEST_TABLE ? 'too large' : 'resting'
  return { name, path, state, bytes, mark: markOf(stats) }
}

function nameOf(bytes: Buffer): string {
  const text = bytes.toString('utf8')
  return Buffer.from(text).equals(bytes) ? text : new TextDecoder('windows-1252').decode(bytes)
}

/** The clock of the disk may be coarse: what was written in the same moment differs by its size. */
function markOf(stats: { dev: bigint; ino: bigint; size: bigint; mtimeNs: bigint }): string {
  return [stats.dev, stats.ino, stats.size, stats.mtimeNs].join(':')
}

async function endsWithLine({ path, bytes }: FoundFile): Promise<boolean> {
  const handle = await openFile(path)
  if (typeof handle === 'string') return false
  try {
    const last = Buffer.alloc(1)
    await handle.read(last, 0, 1, Math.max(0, bytes - 1))
    return last[0] === 10 || last[0] === 13
  } finally {
    await handle.close()
  }
}

/** Follows no link, and waits for nobody at the other end of a pipe. */
async function openFile(path: Buffer): Promise<FileHandle | 'gone' | 'no permission'> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
  return open(path, flags).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EACCES' || error.code === 'EPERM') return 'no permission'
    if (error.code === 'ENOENT' || error.code === 'ELOOP') return 'gone'
    throw error
  })
}
