import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Day } from '../../base/day.ts'
import { UserError } from '../../base/errors.ts'
import { newScratch } from '../../base/scratch.ts'
import { type BatchFinding, batchChecks } from '../../sales/checks/batch-checks.ts'
import { settleUndatedSales } from '../../sales/checks/undated-sales.ts'
import type { ValidationReport } from '../../sales/checks/validation-report.ts'
import { verdictOn } from '../../sales/checks/verdict.ts'
import { type Contract, readContract } from '../../sales/contract/contract.ts'
import { type Plan, planKnownOn } from '../../sales/plan/plan.ts'
import { type ReadPlan, readPlan } from '../../sales/plan/read-plan.ts'
import { soldBefore } from '../../sales/plan/sold-before.ts'
import { type FileReading, rowsDigest, totalsColumns } from '../../sales/reading/file-reader.ts'
import { readDataFiles } from '../../sales/reading/file-readings.ts'
import { countUntil } from '../../sales/reading/finding-log.ts'
import { writeQuarantineCsv } from '../../sales/reading/quarantine.ts'
import { readingCache, type StoredReading } from '../../sales/reading/reading-cache.ts'
import type { DataFile } from '../../sales/sources/data-files.ts'
import { salesFolder } from '../../sales/sources/sales-source.ts'
import { unreadFiles } from '../../sales/sources/unread-files.ts'
import type { DailyTotals } from '../../sales/totals/daily-totals.ts'
import { totalsAsOf } from '../../sales/totals/known-totals.ts'
import { mergeTotals, releaseTotals } from '../../sales/totals/merged-totals.ts'
import { keptValidation, type QuarantinedTable } from './kept-validation.ts'

export type ValidationResult =
  | {
      outcome: 'valid'
      report: ValidationReport
      contract: Contract
      totals: DailyTotals
      /** What was planned, as far as it was known. */
      plan: Plan
    }
  | { outcome: 'invalid'; report: ValidationReport; contract: Contract }

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
  /** Bytes of the sales files. */
  onProgress?: (done: number, total: number) => void
}

/**
 * Reads all files of the contract, checks them, and adds up what was sold; what is planned is read
 * by what had been sold.
 *
 * `asOf` cuts: a row counts from the day of its first event, and its later events are not seen, nor
 * what is wrong with them: a file is refused for the share of bad rows that was known on that day.
 * One that cannot be read to its end is refused on every day, since rows stand in no order of time.
 *
 * Throws `UserError` where the contract is wrong, or a file that it names is missing or holds what
 * another one does. What the data itself is to blame for is the outcome `invalid`.
 */
export async function validate(options: ValidationOptions): Promise<ValidationResult> {
  const { today, asOf, cacheFolder, remoteFolder, onProgress } = options
  const contract = await readContract(options.contractFile)
  const listed = await salesFolder.list(contract, options.dataFolder, remoteFolder)
  const isPlan = ({ resource }: DataFile) => resource === contract.plan?.resource
  const files = listed.filter((file) => !isPlan(file))
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0)
  const unread = await unreadFiles(contract, options.dataFolder, listed)
  // What is planned is judged by the sales, and a day in the past by what was known then.
  const kept =
    cacheFolder !== undefined && asOf === undefined && !contract.plan
      ? await keptValidation(cacheFolder, { contract, files, unread })
      : undefined
  const known = await kept?.load(today)
  if (known) {
    const { report, totals, tables } = known
    await writeQuarantine(
      tables.map((table, index) => ({ file: files[index], ...table })),
      options,
    )
    onProgress?.(total, total)
    return { outcome: 'valid', report, contract, totals, plan: planned(contract) }
  }
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
    await refuseCopies(files, readings, contract)
    const all = totalsOf(contract, readings)
    const totals = totalsAsOf(all, asOf ?? today)
    const isWhole = readings.every(({ reading }) => !reading.refusal)
    const plan =
      contract.plan &&
      (await readPlan({
        contract,
        plan: contract.plan,
        files: listed.filter(isPlan),
        today,
        // What is missing because a file was refused has been sold all the same.
        sold: isWhole ? soldBefore(totals) : undefined,
        scratchFolder,
      }))
    const sales = readings.map((stored, index) => ({ file: files[index], ...stored }))
    await writeQuarantine([...sales, ...(plan?.stored ?? [])], options)
    const result = judged({ contract, sales, totals, plan, unread }, options)
    const hasFutureRows = readings.some(({ reading }) => reading.hasFutureRows)
    if (result.outcome === 'valid' && !hasFutureRows) {
      const holdsLater = totals === all && contract.maxAgeDays === undefined
      await kept?.keep({ ...result, tables: readings, holdsLater }, today)
    }
    return result
  } finally {
    await rm(scratchFolder, { recursive: true })
  }
}

/** Beside the cache, so that a file can be renamed into it. */
async function scratchFolderIn(cacheFolder: string | undefined): Promise<string> {
  return cacheFolder === undefined
    ? await mkdtemp(join(tmpdir(), 'reading-'))
    : await newScratch(cacheFolder, 'reading')
}

async function refuseCopies(
  files: DataFile[],
  readings: StoredReading[],
  contract: Contract,
): Promise<void> {
  const read = files.flatMap((file, index) => {
    const { reading } = readings[index]
    return reading.refusal || reading.read.size === 0 ? [] : [{ file, reading }]
  })
  for (const alike of Map.groupBy(read, ({ reading }) => outlineOf(reading)).values()) {
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
function outlineOf({ read, totals }: FileReading): string {
  const rows = countUntil(read, Number.POSITIVE_INFINITY)
  const units = totals.sold.reduce((sum, sold) => sum + sold, 0)
  return [rows, units, totals.day.length, totals.series.length].join(' ')
}

/** One CSV for each file with quarantined rows; one from before that has none any more is removed. */
async function writeQuarantine(
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

/** Of all files, whatever the day. */
function totalsOf(contract: Contract, stored: StoredReading[]): DailyTotals {
  const readings = stored.map(({ reading }) => reading)
  return settleUndatedSales(
    mergeTotals(
      totalsColumns(contract),
      readings.map(({ totals }) => totals),
    ),
    readings.flatMap(({ undatedSales }) => undatedSales),
  )
}

function judged(
  read: {
    contract: Contract
    sales: (StoredReading & { file: DataFile })[]
    totals: DailyTotals
    plan: ReadPlan | undefined
    unread: BatchFinding[]
  },
  { today, asOf }: ValidationOptions,
): ValidationResult {
  const { contract, sales, totals, plan, unread } = read
  const named = sales.map(({ file: { name }, reading }) => ({ name, reading }))
  // What is missing because a file was refused is not odd.
  const batch = named.some(({ reading }) => reading.refusal)
    ? []
    : batchChecks({ totals, readings: named, contract, lastVisibleDay: asOf ?? today })
  const report = verdictOn({
    contract,
    readings: named,
    plan: plan?.stored.map(({ file: { name }, reading }) => ({ name, reading })),
    totals,
    batch: [...batch, ...unread],
    asOf,
  })
  // Their sums hold all of it, and take as much memory again.
  for (const { reading } of named) if (reading.totals !== totals) releaseTotals(reading.totals)
  const { outcome } = report
  if (outcome === 'invalid') return { outcome, report, contract }
  const known = planned(contract, plan)
  return {
    outcome,
    report,
    contract,
    totals,
    plan: asOf === undefined ? known : planKnownOn(known, asOf),
  }
}

function planned({ plannedPrices }: Contract, plan?: ReadPlan): Plan {
  return { rows: plan?.rows ?? [], prices: plannedPrices }
}
