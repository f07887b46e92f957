import { rm } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { Day } from '../../base/day.ts'
import { quoted, UserError } from '../../base/errors.ts'
import { firstOf } from '../../base/first-of.ts'
import { newScratch } from '../../base/scratch.ts'
import type { Contract } from '../../sales/contract/contract.ts'
import { roles, typesOfRole } from '../../sales/contract/roles.ts'
import { totalsColumns } from '../../sales/reading/file-reader.ts'
import { readDataFiles } from '../../sales/reading/file-readings.ts'
import { readingCache } from '../../sales/reading/reading-cache.ts'
import type { DataFile } from '../../sales/sources/data-files.ts'
import { totalsAsOf } from '../../sales/totals/known-totals.ts'
import { mergeTotals, releaseTotals } from '../../sales/totals/merged-totals.ts'
import { lastCategories, type PartedBy } from '../../sales/totals/parts.ts'
import { slicedTogether } from '../../sales/totals/slices.ts'
import { totalsOnDisk } from '../../sales/totals/totals-on-disk.ts'

/** Sales whose parts are to be told. */
export type PartedSales = {
  contract: Contract
  /** Of the sales, as they were validated. */
  files: DataFile[]
  today: Day
  asOf?: Day
  /** Where readings of unchanged files are kept. */
  cacheFolder: string
}

/**
 * By what a recipe parts the sales: their stores, their categories, or the values of a column that
 * says neither how much nor when. Of a column the last value of each series counts, as of its categories; for it
 * the files are read once more. Throws a `UserError` where the sales have none of that.
 */
export async function partedBy(partition: string, sales: PartedSales): Promise<PartedBy> {
  const { columns, resources, file } = sales.contract
  for (const role of ['store', 'category'] as const) {
    const header = columns.get(role)
    if (partition === role && header === undefined) {
      throw new UserError(`asks for a model for each ${role}, but the sales have none`, {
        file: RECIPE,
        key: 'partition',
        remedy: `Write into cd4ml.columns of ${file} which column is the ${role}, or leave the key out.`,
      })
    }
    if (partition === role || partition === header) return role
  }
  const fields = resources.flatMap((resource) => resource.fields)
  const headers = fields.map(({ name }) => name)
  if (headers.includes(partition)) {
    const measured = MEASURED.find((role) => columns.get(role) === partition)
    const types = fields.filter(({ name }) => name === partition).map(({ type }) => type)
    const what = measured ?? types.find((type) => !NAMING.includes(type))
    if (what === undefined) return await lastValues(partition, sales)
    throw new UserError(
      `must be a column that says where a sale belongs, but ${quoted(partition)} is of the ${measured ? 'role' : 'type'} ${what}`,
      {
        file: RECIPE,
        key: 'partition',
        remedy:
          'Part the models by store, by category or by a column such as a region. Where its numbers are names, its type is string.',
      },
    )
  }
  throw new UserError(
    `must be store, category or a column of the sales, but is ${quoted(partition)}`,
    {
      file: RECIPE,
      key: 'partition',
      remedy: `The columns are ${firstOf([...new Set(headers)].map(quoted))}. Leave the key out for one model of all series.`,
    },
  )
}

/**
 * Throws a `UserError` where a partition tells more parts apart than anybody trains models of, or where
 * a column has a value of its own for nearly every series, as receipts or batches have.
 */
export function requireParts(
  partition: string,
  by: PartedBy,
  { parts, series }: { parts: number; series: number },
): void {
  const isRole = by === 'store' || by === 'category'
  const isOfEach = !isRole && parts > FEW_PARTS && 2 * parts > series
  if (parts <= MOST_PARTS && !isOfEach) return
  const models = `asks for ${parts} models, one for each ${isRole ? partition : `value of ${quoted(partition)}`}, of ${series} series`
  const most =
    parts > MOST_PARTS ? `; at most ${MOST_PARTS} are trained` : ', which have little to learn from'
  throw new UserError(`${models}${most}`, {
    file: RECIPE,
    key: 'partition',
    remedy:
      'Name what many series have in common and what says where a sale belongs, such as a region, and not which sale it is: no receipt, no batch. Leave the key out for one model of all series.',
  })
}

/**
 * Each is searched and backtested by itself, in minutes of a job, and a file that is reviewed in the
 * pull request of the promotion, of which GitHub shows 3,000 at most. The most stores under one roof
 * are more, and parted by their region.
 */
const MOST_PARTS = 1000
/** As many as a small chain may have of one product each. */
const FEW_PARTS = 20

const RECIPE = 'recipe.yml'

/** Types of columns whose values may name things. */
const NAMING: readonly string[] = ['string', 'integer', 'boolean', 'any']

/** What a column can mean that says how much or when, and not what. */
const MEASURED = roles.filter((role) => !typesOfRole[role].includes('string'))

/** By series: the files are read as if the column were the category. */
async function lastValues(
  column: string,
  { contract, files, today, asOf, cacheFolder }: PartedSales,
): Promise<ReadonlyMap<string, string>> {
  const ofOthers = (cells: Contract['sentinels']) =>
    new Map([...cells].filter(([role]) => role !== 'category'))
  const asCategory: Contract = {
    ...contract,
    columns: new Map([...contract.columns, ['category', column]]),
    categories: undefined,
    sentinels: ofOthers(contract.sentinels),
    leftOut: ofOthers(contract.leftOut),
  }
  const scratchFolder = await newScratch(cacheFolder, 'reading')
  const store = totalsOnDisk(join(scratchFolder, 'files.totals'))
  try {
    const kept = await readDataFiles({
      files,
      contract: asCategory,
      today,
      cache: await readingCache(cacheFolder, asCategory),
      scratchFolder,
      cores: availableParallelism(),
      onProgress: () => {},
      take: ({ reading }) => store.keep(reading.totals),
    })
    const names = new Map<string, string>()
    for (const ofFiles of slicedTogether(kept, store)) {
      const totals = mergeTotals(totalsColumns(asCategory), ofFiles)
      for (const [series, name] of lastCategories(totalsAsOf(totals, asOf ?? today))) {
        names.set(series, name)
      }
      releaseTotals(totals)
    }
    return names
  } finally {
    await store.close()
    await rm(scratchFolder, { recursive: true })
  }
}
