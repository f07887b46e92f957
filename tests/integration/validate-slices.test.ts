import { readdir } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { UserError } from '../../src/base/errors.ts'
import { salesFolder } from '../../src/sales/sources/sales-source.ts'
import { type DailyTotals, textsInOrder } from '../../src/sales/totals/daily-totals.ts'
import { mergeTotals } from '../../src/sales/totals/merged-totals.ts'
import { seriesByPart, totalsOfSeries } from '../../src/sales/totals/parts.ts'
import { partedBy } from '../../src/steps/data/parted-by.ts'
import { partSales } from '../../src/steps/data/sales-in-parts.ts'
import {
  type SlicedValidation,
  type ValidationResult,
  validate,
  validateInSlices,
} from '../../src/steps/data/validate.ts'
import { put, temporaryFolder } from '../repository.ts'
import { hostileSales } from './hostile-sales.ts'

const SEEDS = Array.from({ length: 26 }, (_, seed) => seed)

/** What slices could get wrong: found by products and stores together, by files, by months, by the plan. */
const FINDINGS = [
  'named twice',
  'files-overlap',
  'total-counted',
  'may-be-total',
  'days-apart',
  'volume-change',
  'new-category',
  'price-jump',
  'header-missing',
  'category-against-sales',
  'price-against-discount',
  'plan-never-sold',
]

/** Higher than any number that a process has. */
const NO_PROCESS = 2 ** 22 + 1

test('sales that are validated slice by slice come to the report, totals and plan of all at once', async () => {
  const seen = new Set<string>()
  for (const seed of SEEDS) {
    const options = await hostileSales(await temporaryFolder(), seed)
    await put(options.cacheFolder, { [`slices-${NO_PROCESS}-killed/merged.totals`]: 'half' })
    const whole = await orMistake(() => validate(options))
    for (const entriesAtOnce of [1, 300]) {
      const sliced = await orMistake(() => validateInSlices(options, entriesAtOnce))
      expect(await told(sliced), `seed ${seed}, slices of ${entriesAtOnce}`).toEqual(
        await told(whole),
      )
    }
    if (typeof whole === 'string') seen.add('named twice')
    else for (const { rule } of whole.report.findings) seen.add(rule)
    const left = await readdir(options.cacheFolder)
    expect(left.filter((name) => /reading-|slices-/.test(name))).toEqual([])
  }
  expect(FINDINGS.filter((finding) => !seen.has(finding))).toEqual([])
})

test('parts of sales in slices are those of all sales, number for number', async () => {
  let parted = 0
  for (const seed of SEEDS.slice(0, 12)) {
    const options = await hostileSales(await temporaryFolder(), seed)
    const whole = await orMistake(() => validate(options))
    if (typeof whole === 'string' || whole.outcome === 'invalid') continue
    const { contract, totals, plan } = whole
    const listed = await salesFolder.list(contract, options.dataFolder)
    const files = listed.filter(({ resource }) => resource !== contract.plan?.resource)
    for (const partition of ['store', 'category', 'region']) {
      const by = await partedBy(partition, { ...options, contract, files })
      const sliced = await validateInSlices(options, 300)
      if (sliced.outcome === 'invalid') throw new Error('the same sales are valid')
      const parts = await partSales(sliced.sales, plan, {
        partition,
        by,
        folder: options.cacheFolder,
      })
      const expected = [...seriesByPart(totals, by)]
      expect(parts.names).toEqual(expected.map(([name]) => name))
      for (const [name, series] of expected) {
        expect(await parts.load(name), name).toEqual(totalsOfSeries(totals, series))
      }
      parted += expected.length
      await parts.close()
      await sliced.sales.close()
    }
  }
  expect(parted).toBeGreaterThan(20)
})

/** What comes of it, or what is said to whoever asked. */
async function orMistake<T>(work: () => Promise<T>): Promise<T | string> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof UserError) return error.message
    throw error
  }
}

/** Of valid sales with their totals, put together where they are in slices. */
async function told(result: ValidationResult | SlicedValidation | string) {
  if (typeof result === 'string' || result.outcome === 'invalid') return result
  if ('totals' in result) {
    return { ...result, totals: withTextsInOrder(result.totals), contract: expect.anything() }
  }
  const { sales, ...others } = result
  const slices: DailyTotals[] = []
  for (const slice of sales.slices) slices.push(structuredClone(slice))
  await sales.close()
  return { ...others, totals: withTextsInOrder(mergeTotals(sales.columns, slices)) }
}

function withTextsInOrder(totals: DailyTotals): DailyTotals {
  return { ...totals, ...textsInOrder(totals, totals) }
}
