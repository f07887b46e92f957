import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { serialize } from 'node:v8'
import { codeDigest } from '../../base/code-digest.ts'
import type { Day } from '../../base/day.ts'
import { sealed, unsealed } from '../../base/sealed.ts'
import { writeWhole } from '../../base/write-file.ts'
import type { Contract } from '../contract/contract.ts'
import type { DataFile } from '../sources/data-files.ts'
import { salesFolder } from '../sources/sales-source.ts'
import type { FileReading } from './file-reader.ts'

/** A reading, and where its quarantined rows stand. */
export type StoredReading = { reading: FileReading; quarantinePath: string }

/** Readings of files that have not changed since. */
export type ReadingCache = {
  /** Undefined where there is none, where it is damaged, or where it does not hold on `today`. */
  load(file: DataFile, today: Day): Promise<StoredReading | undefined>
  /** Keeps what would be the same again; returns where its quarantined rows are now. */
  store(file: DataFile, stored: StoredReading): Promise<StoredReading>
}

/**
 * A cache in a folder. An entry is found by git's id of the file's bytes, the contract, and the code
 * that read it with the packages that it stands on. Entries are written whole, and sealed.
 */
export async function readingCache(folder: string, contract: Contract): Promise<ReadingCache> {
  const code = await codeDigest(['base', 'sales'])
  const entryKey = ({ resource }: DataFile, blobId: string) => {
    const { file: _file, resources: _resources, decisions: _decisions, ...others } = contract
    const { plan: _plan, plannedPrices: _plannedPrices, source: _source, ...rules } = others
    const { paths: _paths, listed: _listed, position: _position, ...layout } = resource
    return createHash('sha256')
      .update(code)
      .update(serialize([layout, rules, blobId]))
      .digest('hex')
  }
  return {
    async load(file, today) {
      const key = entryKey(file, await salesFolder.digest(file))
      const entry = await readFile(join(folder, `${key}.reading`)).catch(() => undefined)
      const reading = entry && unsealed<FileReading>(key, entry)
      if (reading === undefined || reading.latestDate > today) return undefined
      const quarantinePath = join(folder, `${key}.quarantine`)
      const isWhole = await isQuarantineWhole(quarantinePath, reading)
      return isWhole ? { reading, quarantinePath } : undefined
    },
    async store(file, stored) {
      const { blobId, hasFutureRows, quarantined } = stored.reading
      // What is in the future today is not tomorrow.
      if (blobId === undefined || hasFutureRows) return stored
      const key = entryKey(file, blobId)
      const quarantinePath = join(folder, `${key}.quarantine`)
      if (quarantined.size > 0) await rename(stored.quarantinePath, quarantinePath)
      await writeWhole(join(folder, `${key}.reading`), sealed(key, stored.reading))
      return { ...stored, quarantinePath }
    },
  }
}

/** Whether the rows that a reading quarantined stand there as they were written. */
export async function isQuarantineWhole(
  path: string,
  { quarantined, quarantineDigest }: Pick<FileReading, 'quarantined' | 'quarantineDigest'>,
): Promise<boolean> {
  return quarantined.size === 0 || (await digestOf(path)) === quarantineDigest
}

async function digestOf(path: string): Promise<string | undefined> {
  const hash = createHash('sha256')
  try {
    await pipeline(createReadStream(path), hash)
    return hash.digest('hex')
  } catch {
    return undefined
  }
}
