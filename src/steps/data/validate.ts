import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newScratch } from '../../base/scratch.ts'
import { batchChecks } from '../../sales/checks/batch-checks.ts'
import { salesOfAll } from '../../sales/checks/sales-sums.ts'
import { settleUndatedSales } from '../../sales/checks/undated-sales.ts'
import type { ValidationReport } from '../../sales/checks/validation-report.ts'
import { verdictOn } from '../../sales/checks/verdict.ts'
import type { Contract } from '../../sales/contract/contract.ts'
import { type Plan, planKnownOn } from '../../sales/plan/plan.ts'
import { readPlan } from '../../sales/plan/read-plan.ts'
import { soldBefore } from '../../sales/plan/sold-before.ts'
import { totalsColumns } from '../../sales/reading/file-reader.ts'
import type { DailyTotals, SeriesKey } from '../../sales/totals/daily-totals.ts'
import { type KeptTotals, totalsInMemory } from '../../sales/totals/kept-totals.ts'
import { totalsAsOf } from '../../sales/totals/known-totals.ts'
import { mergeTotals, releaseTotals } from '../../sales/totals/merged-totals.ts'
import { keptSlices, type SlicedTotals } from '../../sales/totals/slices.ts'
import { totalsOnDisk } from '../../sales/totals/totals-on-disk.ts'
import { keptValidation } from './kept-validation.ts'
import {
  readSales,
  type SalesRead,
  type SalesTask,
  salesTask,
  type ValidationOptions,
  writeQuarantine,
} from './read-sales.ts'

type Valid = {
  outcome: 'valid'
  report: ValidationReport
  contract: Contract
  /** What was planned, as far as it was known. */
  plan: Plan
}

type Invalid = { outcome: 'invalid'; report: ValidationReport; contract: Contract }

export type ValidationResult = (Valid & { totals: DailyTotals }) | Invalid

export type SlicedValidation = (Valid & { sales: SlicedSales }) | Invalid

/** Sales of which a slice at a time is in memory: put together, they are the totals. */
export type SlicedSales = {
  columns: DailyTotals['columns']
  /** Of all slices. */
  series: readonly SeriesKey[]
  slices: SlicedTotals
  /** Removes them from disk. */
  close(): Promise<void>
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
  const { today, asOf, cacheFolder, onProgress } = options
  const task = await salesTask(options)
  const { contract, files } = task
  // What is planned is judged by the sales, and a day in the past by what was known then.
  const kept =
    cacheFolder !== undefined && asOf === undefined && !contract.plan
      ? await keptValidation(cacheFolder, task)
      : undefined
  const known = await kept?.load(today)
  if (known) {
    const { report, totals, tables } = known
    await writeQuarantine(
      tables.map((table, index) => ({ file: files[index], ...table })),
      options,
    )
    onProgress?.(task.bytes, task.bytes)
    return { outcome: 'valid', report, contract, totals, plan: planOf(contract) }
  }
  return await withScratch(cacheFolder, async (scratchFolder) => {
    const read = await readSales(task, totalsInMemory, scratchFolder, options)
    const [all] = mergedSlices(contract, read)
    const totals = totalsAsOf(all, asOf ?? today)
    const result = await judge(task, read, [totals], scratchFolder, options)
    // The sums of all hold those of each file, and take as much memory again.
    for (const slice of read.slicedFiles) {
      for (const ofFile of slice) if (ofFile !== totals) releaseTotals(ofFile)
    }
    if (result.outcome === 'invalid') return result
    if (!read.files.some(({ reading }) => reading.hasFutureRows)) {
      const holdsLater = totals === all && contract.maxAgeDays === undefined
      await kept?.keep({ report: result.report, totals, tables: read.files, holdsLater }, today)
    }
    return { ...result, totals }
  })
}

/**
 * As `validate`, of sales that are never in memory all at once. Those that are valid stay on disk,
 * below the folder of the cache, until they are closed.
 */
export async function validateInSlices(
  options: ValidationOptions & { cacheFolder: string },
  entriesAtOnce?: number,
): Promise<SlicedValidation> {
  const { today, asOf, cacheFolder } = options
  const task = await salesTask(options)
  const { contract } = task
  return await withScratch(cacheFolder, async (scratchFolder) => {
    const ownFolder = await newScratch(cacheFolder, 'slices')
    const ofFiles = totalsOnDisk(join(scratchFolder, 'files.totals'), entriesAtOnce)
    const merged = totalsOnDisk(join(ownFolder, 'merged.totals'))
    const close = async () => {
      await merged.close()
      await rm(ownFolder, { recursive: true, force: true })
    }
    let outcome: ValidationResult['outcome'] = 'invalid'
    try {
      const read = await readSales(task, ofFiles, scratchFolder, options)
      const kept: KeptTotals[] = []
      for (const all of mergedSlices(contract, read)) {
        const slice = totalsAsOf(all, asOf ?? today)
        if (slice !== all) releaseTotals(all)
        kept.push(merged.keep(slice))
      }
      const slices = keptSlices(kept, merged)
      const result = await judge(task, read, slices, scratchFolder, options)
      outcome = result.outcome
      if (result.outcome === 'invalid') return result
      const columns = totalsColumns(contract)
      const series = kept.flatMap((slice) => slice.series)
      return { ...result, sales: { columns, series, slices, close } }
    } finally {
      await ofFiles.close()
      if (outcome === 'invalid') await close()
    }
  })
}

/** With a folder beside the cache, so that a file can be renamed into it. */
async function withScratch<T>(
  cacheFolder: string | undefined,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const folder =
    cacheFolder === undefined
      ? await mkdtemp(join(tmpdir(), 'reading-'))
      : await newScratch(cacheFolder, 'reading')
  try {
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** Of all files, whatever the day. Each slice is whole: whoever takes it may keep it. */
function* mergedSlices(
  contract: Contract,
  { files, slicedFiles }: SalesRead,
): Iterable<DailyTotals> {
  const undated = Map.groupBy(
    files.flatMap(({ reading }) => reading.undatedSales),
    ({ productId }) => productId,
  )
  for (const ofFiles of slicedFiles) {
    const totals = mergeTotals(totalsColumns(contract), ofFiles)
    const products = new Set(totals.series.map(({ productId }) => productId))
    yield settleUndatedSales(
      totals,
      [...products].flatMap((productId) => undated.get(productId) ?? []),
    )
  }
}

/** The verdict on the sales, which are cut at the day that is looked at; reads what is planned. */
async function judge(
  { contract, planFiles, unread }: SalesTask,
  { files, slicedFiles }: SalesRead,
  sales: SlicedTotals,
  scratchFolder: string,
  options: ValidationOptions,
): Promise<Valid | Invalid> {
  const { today, asOf } = options
  const isWhole = files.every(({ reading }) => !reading.refusal)
  const withPrices = contract.plan?.columns.has('price') && contract.plan.columns.has('discount')
  const plan =
    contract.plan &&
    (await readPlan({
      contract,
      plan: contract.plan,
      files: planFiles,
      today,
      // What is missing because a file was refused has been sold all the same.
      sold: isWhole ? soldBefore(sales, { withPrices: withPrices === true }) : undefined,
      scratchFolder,
    }))
  await writeQuarantine([...files, ...(plan?.stored ?? [])], options)
  const chain = salesOfAll(sales)
  const lastVisibleDay = asOf ?? today
  // What is missing because a file was refused is not odd.
  const batch = isWhole
    ? batchChecks({ sales, chain, files, slicedFiles, contract, lastVisibleDay })
    : []
  const report = verdictOn({
    contract,
    readings: files,
    plan: plan?.stored.map(({ file: { name }, reading }) => ({ name, reading })),
    chain,
    batch: [...batch, ...unread],
    asOf,
  })
  const { outcome } = report
  if (outcome === 'invalid') return { outcome, report, contract }
  const known = planOf(contract, plan?.rows)
  return { outcome, report, contract, plan: asOf === undefined ? known : planKnownOn(known, asOf) }
}

function planOf({ plannedPrices }: Contract, rows: Plan['rows'] = []): Plan {
  return { rows, prices: plannedPrices }
}
