import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Day } from '../day.ts'
import { buildValidationReport } from '../reporting/build-validation-report.ts'
import type { ValidationReport } from '../reporting/validation-report.ts'
import { batchChecks } from '../sales/batch-checks.ts'
import { type Contract, readContract } from '../sales/contract.ts'
import { type DailyTotals, totalsAsOf } from '../sales/daily-totals.ts'
import { type DataFile, dataFiles } from '../sales/data-files.ts'
import { totalsColumns } from '../sales/file-reader.ts'
import { readDataFiles } from '../sales/file-readings.ts'
import { countUntil } from '../sales/finding-log.ts'
import { writeQuarantineCsv } from '../sales/quarantine.ts'
import { readingCache, type StoredReading } from '../sales/reading-cache.ts'
import { mergeTotals } from '../sales/totals-builder.ts'

export type ValidationResult =
  | { outcome: 'valid'; report: ValidationReport; contract: Contract; totals: DailyTotals }
  | { outcome: 'invalid'; report: ValidationReport; contract: Contract }

export type ValidationOptions = {
  dataFolder: string
  contractFile: string
  /** Later sales and purchases are quarantined: they cannot have happened. */
  today: Day
  /** Report and totals hold what was known on that day. */
  asOf?: Day
  /** Where readings of unchanged files are kept. */
  cacheFolder?: string
  /** Where quarantined rows are written as CSV. */
  quarantineFolder?: string
  /** Files read at once. */
  cores?: number
  /** Bytes of the sales files. */
  onProgress?: (done: number, total: number) => void
}

/**
 * Reads all files of the contract, checks them, and adds up what was sold.
 *
 * `asOf` cuts: a row counts from the day of its first event, and its later events are not seen. Rows
 * are judged without it, and a file is trusted or not as a whole, so that what is accepted does not
 * depend on the day that is looked from.
 *
 * Throws `UserError` where the contract is wrong or a file that it names is missing. What the data
 * itself is to blame for is the outcome `invalid`.
 */
export async function validate(options: ValidationOptions): Promise<ValidationResult> {
  const { today, cacheFolder, onProgress } = options
  const contract = await readContract(options.contractFile)
  const files = await dataFiles(contract, options.dataFolder)
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0)
  let done = 0
  const scratchFolder = await scratchFolderIn(cacheFolder)
  try {
    const readings = await readDataFiles({
      files,
      contract,
      today,
      cache: cacheFolder === undefined ? undefined : await readingCache(cacheFolder, contract),
      scratchFolder,
      cores: options.cores ?? availableParallelism(),
      onProgress: (bytes) => {
        done += bytes
        onProgress?.(Math.min(done, total), total)
      },
    })
    await writeQuarantine(files, readings, options)
    return judged(contract, files, readings, options)
  } finally {
    await rm(scratchFolder, { recursive: true })
  }
}

/** Beside the cache, so that a file can be renamed into it. */
async function scratchFolderIn(cacheFolder: string | undefined): Promise<string> {
  const parent = cacheFolder ?? tmpdir()
  await mkdir(parent, { recursive: true })
  return mkdtemp(join(parent, 'reading-'))
}

/** One CSV for each file with quarantined rows; one from before that has none any more is removed. */
async function writeQuarantine(
  files: DataFile[],
  readings: StoredReading[],
  { quarantineFolder, asOf = Number.POSITIVE_INFINITY }: ValidationOptions,
): Promise<void> {
  if (quarantineFolder === undefined) return
  for (const [index, { reading, quarantinePath }] of readings.entries()) {
    const { name, resource } = files[index]
    const csvPath = join(quarantineFolder, `${name.replace(/(\.csv)?(\.gz)?$/i, '')}.csv`)
    if (countUntil(reading.quarantined, asOf) === 0) await rm(csvPath, { force: true })
    else {
      await writeQuarantineCsv({
        rowsPath: quarantinePath,
        csvPath,
        header: reading.header,
        delimiter: resource.dialect.delimiter,
        undatedDay: reading.lastDay,
        lastVisibleDay: asOf,
      })
    }
  }
}

function judged(
  contract: Contract,
  files: DataFile[],
  stored: StoredReading[],
  { today, asOf }: ValidationOptions,
): ValidationResult {
  const readings = stored.map(({ reading }) => reading)
  const lastVisibleDay = asOf ?? today
  const merged = mergeTotals(
    totalsColumns(contract),
    readings.map(({ totals }) => totals),
  )
  const totals = totalsAsOf(merged, lastVisibleDay)
  const report = buildValidationReport({
    contract,
    readings: readings.map((reading, index) => ({ name: files[index].name, reading })),
    totals,
    // What is missing because a file was refused is not odd.
    batch: readings.some(({ refusal }) => refusal)
      ? []
      : batchChecks({ totals, readings, contract, lastVisibleDay }),
    asOf,
  })
  const { outcome } = report
  return outcome === 'valid' ? { outcome, report, contract, totals } : { outcome, report, contract }
}
