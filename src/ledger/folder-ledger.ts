import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { UserError } from '../base/errors.ts'
import { writeWhole } from '../base/write-file.ts'
import { isWhole } from './content.ts'
import {
  contentsOf,
  filesOf,
  type Ledger,
  type LedgerFiles,
  readRecords,
  rewritten,
} from './ledger.ts'

/** What ran in a project on this machine, whatever of it the ledger has. */
export function projectLedger(project: string): Ledger {
  return folderLedger(join(project, '.cd4ml'))
}

/** A ledger in a folder, which may be missing. Each file is written whole or not at all. */
export function folderLedger(folder: string): Ledger {
  const files = filesIn(folder)
  return {
    async append(events) {
      const added = new Map<string, Uint8Array>()
      for (const [path, bytes] of events.flatMap((event) => [...filesOf(event)])) {
        const known = await files.read(path)
        if (known === undefined) added.set(path, bytes)
        else if (!known.equals(bytes)) throw rewritten(path)
      }
      for (const [path, bytes] of events.flatMap((event) => [...contentsOf(event)])) {
        const known = await files.read(path)
        if (known === undefined || !isWhole(path, known)) added.set(path, bytes)
      }
      for (const [path, bytes] of added) await writeWhole(join(folder, path), bytes)
      return { outcome: added.size > 0 ? 'appended' : 'unchanged' }
    },
    async read(query) {
      const { records, leftOut } = await readRecords(files, query)
      return { records, leftOut: leftOut.map((it) => ({ ...it, file: join(folder, it.file) })) }
    },
  }
}

function filesIn(folder: string) {
  return {
    names: async (path) => (await unlessMissing(readdir(join(folder, path)), path)) ?? [],
    read: (path) => unlessMissing(readFile(join(folder, path)), path),
  } satisfies LedgerFiles
}

async function unlessMissing<T>(work: Promise<T>, file: string): Promise<T | undefined> {
  try {
    return await work
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    if (code === 'ENOENT') return undefined
    throw new UserError(`cannot be read: ${message}`, { file, cause })
  }
}
