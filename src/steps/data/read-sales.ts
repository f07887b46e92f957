import { rm } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { Day } from '../../base/day.ts'
import { UserError } from '../../base/errors.ts'
import type { BatchFinding } from '../../sales/checks/batch-checks.ts'
import { type FileSales, salesOfFile } from '../../sales/checks/sales-sums.ts'
import { type Contract, readContract } from '../../sales/contract/contract.ts'
import { type FileReading, rowsDigest } from '../../sales/reading/file-reader.ts'
import { readDataFiles } from '../../sales/reading/file-readings.ts'
import { countUntil } from '../../sales/reading/finding-log.ts'
import { writeQuarantineCsv } from '../../sales/reading/quarantine.ts'
import { readingCache } from '../../sales/reading/reading-cache.ts'
import type { DataFile } from '../../sales/sources/data-files.ts'
import { salesFolder } from '../../sales/sources/sales-source.ts'
import { unreadFiles } from '../../sales/sources/unread-files.ts'
import type { DailyTotals } from '../../sales/totals/daily-totals.ts'
import type { TotalsStore } from '../../sales/totals/kept-totals.ts'
import { slicedTogether } from '../../sales/totals/slices.ts'
import type { QuarantinedTable } from './kept-validation.ts'

export type ValidationOptions = {
  dataFolder: string
  contractFile: string
  /** Later sales and purchases are quarantined: they cannot have happened. */
  today: Day
  /** Report and totals hold what was known on that day. */
  asOf?: Day
  /** Where files of other machines are kept. */
  remoteFolder?: string
  /** Where readings of unchanged files are kept. */
  cacheFolder?: string
  /** Where quarantined rows are written as CSV. */
  quarantineFolder?: string
  /** Files read at once. */
  cores?: number
  /** Bytes of files of other machines, as far as they have to be fetched, and then of all sales files. */
  onProgress?: (done: number, total: number) => void
}

/** What is to be read. */
export type SalesTask = {
  contract: Contract
  /** Of the sales. */
  files: DataFile[]
  planFiles: DataFile[]
  /** What lies beside them, and is read by nobody. */
  unread: BatchFinding[]
  /** Of the sales files. */
  bytes: number
}

/** Lists what a contract names. Throws `UserError` where it is wrong, or names what is missing. */
export async function salesTask({
  contractFile,
  dataFolder,
  remoteFolder,
  onProgress,
}: ValidationOptions): Promise<SalesTask> {
  const contract = await readContract(contractFile)
  const listed = await salesFolder.list(contract, dataFolder, remoteFolder, onProgress)
  const isPlan = ({ resource }: DataFile) => resource === contract.plan?.resource
  const files = listed.filter((file) => !isPlan(file))
  return {
    contract,
    files,
    planFiles: listed.filter(isPlan),
    unread: await unreadFiles(contract, dataFolder, listed),
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
  }
}

/** A file that was read; its totals are kept apart. */
export type ReadFile = {
  file: DataFile
  name: string
  reading: Omit<FileReading, 'totals'>
  quarantinePath: string
  sold: FileSales
}

export type SalesRead = {
  files: ReadFile[]
  /** What each of the files has of each slice. */
  slicedFiles: Iterable<DailyTotals[]>
}

/**
 * Reads the sales files, and puts what each of them sold into the store. Throws `UserError` where one
 * holds what another one does.
 */
export async function readSales(
  { contract, files, bytes }: SalesTask,
  store: TotalsStore,
  scratchFolder: string,
  { today, asOf, cacheFolder, cores = availableParallelism(), onProgress }: ValidationOptions,
): Promise<SalesRead> {
  let done = 0
  const read = await readDataFiles({
    files,
    contract,
    today,
    cache: cacheFolder === undefined ? undefined : await readingCache(cacheFolder, contract),
    scratchFolder,
    cores,
    onProgress: (more) => {
      done += more
      onProgress?.(Math.min(done, bytes), bytes)
    },
    take: ({ reading: { totals, ...reading }, quarantinePath }) => {
      const sold = salesOfFile(totals, asOf ?? today)
      return { reading, quarantinePath, sold, kept: store.keep(totals) }
    },
  })
  const slicedFiles = slicedTogether(
    read.map(({ kept }) => kept),
    store,
  )
  const ofFiles = read.map(({ kept: _, ...ofFile }, index) => {
    return { file: files[index], name: files[index].name, ...ofFile }
  })
  await refuseCopies(ofFiles, contract)
  return { files: ofFiles, slicedFiles }
}

async function refuseCopies(files: ReadFile[], contract: Contract): Promise<void> {
  const read = files.filter(({ reading }) => !reading.refusal && reading.read.size > 0)
  for (const alike of Map.groupBy(read, sizeOf).values()) {
    if (alike.length === 1) continue
    const known = new Map<string, DataFile>()
    for (const { file, reading } of alike) {
      const digest = await rowsDigest(file, reading, contract)
      const other = known.get(digest)
      if (other !== undefined) {
        throw new UserError(`${file.name} is named twice: it holds the same as ${other.name}`, {
          file: contract.file,
          key: `resources.${file.resource.name}.path`,
          remedy: 'Remove one of the two, or its sales count twice.',
        })
      }
      known.set(digest, file)
    }
  }
}

/** Equal where the rows are; hardly ever where they are not. */
function sizeOf({ reading, sold }: ReadFile): string {
  return `${countUntil(reading.read, Number.POSITIVE_INFINITY)} ${sold.size}`
}

/** One CSV for each file with quarantined rows; one from before that has none any more is removed. */
export async function writeQuarantine(
  tables: (QuarantinedTable & { file: DataFile })[],
  { quarantineFolder, asOf = Number.POSITIVE_INFINITY }: ValidationOptions,
): Promise<void> {
  if (quarantineFolder === undefined) return
  for (const { file, reading, quarantinePath } of tables) {
    const { name, resource } = file
    const csvPath = join(quarantineFolder, name.endsWith('.csv') ? name : `${name}.rows.csv`)
    if (countUntil(reading.quarantined, asOf) === 0) await rm(csvPath, { force: true })
    else {
      await writeQuarantineCsv({
        rowsPath: quarantinePath,
        csvPath,
        header: reading.header,
        numbering: reading.numbering,
        delimiter: resource.dialect.delimiter,
        undatedDay: reading.lastDay,
        lastVisibleDay: asOf,
      })
    }
  }
}
