import { createHash } from 'node:crypto'
import { createReadStream, globSync } from 'node:fs'
import { readFile, rename } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { deserialize, serialize } from 'node:v8'
import type { Day } from '../../base/day.ts'
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
 * that read it. Entries are written whole and carry the hash of their content.
 */
export async function readingCache(folder: string, contract: Contract): Promise<ReadingCache> {
  const code = await codeDigest()
  const entryPath = ({ resource }: DataFile, blobId: string) => {
    const { file: _file, resources: _resources, ...rules } = contract
    const { paths: _paths, listed: _listed, ...layout } = resource
    const key = createHash('sha256')
      .update(code)
      .update(serialize([layout, rules, blobId]))
    return join(folder, key.digest('hex'))
  }
  return {
    async load(file, today) {
      const path = entryPath(file, await salesFolder.digest(file))
      const reading = unpack(await readFile(`${path}.reading`).catch(() => undefined))
      if (reading === undefined || reading.latestDate > today) return undefined
      const quarantinePath = `${path}.quarantine`
      const isWhole =
        reading.quarantined.size === 0 ||
        (await digestOf(quarantinePath)) === reading.quarantineDigest
      return isWhole ? { reading, quarantinePath } : undefined
    },
    async store(file, stored) {
      const { blobId, hasFutureRows, quarantined } = stored.reading
      // What is in the future today is not tomorrow.
      if (blobId === undefined || hasFutureRows) return stored
      const path = entryPath(file, blobId)
      if (quarantined.size > 0) await rename(stored.quarantinePath, `${path}.quarantine`)
      await writeWhole(`${path}.reading`, pack(stored.reading))
      return { ...stored, quarantinePath: `${path}.quarantine` }
    },
  }
}

/** Changes whenever the code that reads sales does, or what it stands on. */
async function codeDigest(): Promise<Buffer> {
  const source = resolve(import.meta.dirname, '../..')
  const files = globSync('{base,sales}/**/*.ts', { cwd: source })
  const hash = createHash('sha256')
  for (const file of files.sort()) hash.update(await readFile(join(source, file)))
  return hash.digest()
}

function pack(reading: FileReading): Buffer {
  const content = serialize(reading)
  return Buffer.concat([createHash('sha256').update(content).digest(), content])
}

function unpack(entry: Buffer | undefined): FileReading | undefined {
  if (entry === undefined) return undefined
  const content = entry.subarray(32)
  const digest = createHash('sha256').update(content).digest()
  return digest.equals(entry.subarray(0, 32)) ? (deserialize(content) as FileReading) : undefined
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
