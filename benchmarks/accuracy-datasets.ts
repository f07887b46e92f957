import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { UserError } from '../src/base/errors.ts'
import { seededRandom } from '../src/base/random.ts'
import { type Recipe, readRecipe, recipeFrom } from '../src/forecasting/recipe.ts'
import { type DailyTotals, saleDays } from '../src/sales/totals/daily-totals.ts'
import { totalsAsOf } from '../src/sales/totals/known-totals.ts'
import { copiedMeasures } from '../src/sales/totals/measures.ts'
import { TotalsBuilder } from '../src/sales/totals/totals-builder.ts'
import type { Dataset } from './dataset.ts'
import { readSales, readSample } from './read-sales.ts'
import { worlds } from './worlds/worlds.ts'

export type DatasetOptions = {
  /** Where the files of the real sales are. */
  folder: string | undefined
  /** Whether the real sales are scored in other shapes as well. */
  shapes: boolean
  simulated: boolean
  worlds: boolean
  /** Names of those that are wanted; without it, all. */
  only: string[] | undefined
}

/**
 * Real sales, read as the product reads them, as they are and in other shapes; the sample data in
 * several shapes; worlds in which one thing is known. Each is read when its turn comes. Of the online shop only sales count (no returns, gifts and postage), so that
 * the figures can be compared with those of others. Throws a `UserError` for an unknown name.
 */
export async function* datasets(options: DatasetOptions): AsyncGenerator<Dataset> {
  const { folder, shapes, simulated, only } = options
  const readers: Record<string, Read> = {
    ...(folder !== undefined && real(folder)),
    ...(folder !== undefined && shapes && shapesOfReal(folder)),
    ...(simulated && shapesOfSample()),
    ...(options.worlds && worlds),
  }
  const unknown = only?.find((name) => !Object.hasOwn(readers, name))
  if (unknown !== undefined) {
    const names = Object.keys(readers).join(', ')
    throw new UserError(`--only must be some of ${names}, but names ${unknown}`)
  }
  for (const [name, read] of Object.entries(readers)) {
    if (!only || only.includes(name)) yield { name, ...(await read()) }
  }
}

type Read = () => Promise<Omit<Dataset, 'name'>>

const project = fileURLToPath(new URL('..', import.meta.url))

const example = (name: string) => join(project, 'examples', name)
const readBakery = (folder: string) => readSales(folder, example('bakery'))
const bakeryRecipe = () => readRecipe(join(example('bakery'), 'recipe.yml'))
const readShop = (folder: string) => readSales(folder, join(project, 'benchmarks', 'online-retail'))
const shopRecipe = () => readRecipe(join(example('online-retail'), 'recipe.yml'))

function real(folder: string): Record<string, Read> {
  return {
    bakery: async () => ({
      totals: await readBakery(folder),
      recipe: await bakeryRecipe(),
      origins: 6,
    }),
    'online-retail': async () => ({
      totals: await readShop(folder),
      recipe: await shopRecipe(),
      origins: 4,
    }),
  }
}

/**
 * The same sales added up to longer periods or by day, of fewer products, and as they were known
 * months earlier: what helps on two sets may be chance, what helps on their shapes as well is
 * less so.
 */
function shapesOfReal(folder: string): Record<string, Read> {
  return {
    'bakery-earlier': async () => ({
      totals: earlier(await readBakery(folder), 182),
      recipe: await bakeryRecipe(),
      origins: 6,
    }),
    'bakery-weeks': async () => ({
      totals: await readBakery(folder),
      recipe: retimed(await bakeryRecipe(), { frequency: 'week', horizon: 4 }),
      origins: 6,
    }),
    'bakery-months': async () => ({
      totals: await readBakery(folder),
      recipe: retimed(await bakeryRecipe(), { frequency: 'month', horizon: 2 }),
      origins: 3,
    }),
    'online-retail-earlier': async () => ({
      totals: earlier(await readShop(folder), 112),
      recipe: await shopRecipe(),
      origins: 4,
    }),
    'online-retail-days': async () => ({
      totals: everySoMany(await readShop(folder), 13),
      recipe: retimed(await shopRecipe(), { frequency: 'day', horizon: 7 }),
      origins: 6,
    }),
    'online-retail-months': async () => ({
      totals: everySoMany(await readShop(folder), 3),
      recipe: retimed(await shopRecipe(), { frequency: 'month', horizon: 2 }),
      origins: 2,
    }),
  }
}

/** As they were known so many days before the last one. */
function earlier(totals: DailyTotals, days: number): DailyTotals {
  return totalsAsOf(totals, saleDays(totals).at(-1)! - days)
}

/** The sales of every so many-th series. */
function everySoMany(totals: DailyTotals, every: number): DailyTotals {
  const kept = [...totals.day.keys()].filter((entry) => totals.seriesIndex[entry] % every === 0)
  const measures = copiedMeasures(totals, kept.length, (to, from) => {
    for (let i = 0; i < kept.length; i++) to[i] = from[kept[i]]
  })
  return {
    ...totals,
    ...measures,
    series: totals.series.filter((_, index) => index % every === 0),
    seriesIndex: Int32Array.from(kept, (entry) => totals.seriesIndex[entry] / every),
    day: Int32Array.from(kept, (entry) => totals.day[entry]),
  }
}

/**
 * The simulated chain of `data/sales`: by week as its recipe says, by day, by month; its first 23
 * weeks only; and its units dealt out to stores, so that most series sell now and then.
 */
function shapesOfSample(): Record<string, Read> {
  const recipe = () => readRecipe(join(project, 'recipe.yml'))
  return {
    'sample-weeks': async () => ({
      totals: await readSample(),
      recipe: await recipe(),
      origins: 6,
    }),
    'sample-days': async () => ({
      totals: await readSample(),
      recipe: retimed(await recipe(), { frequency: 'day', horizon: 7 }),
      origins: 6,
    }),
    'sample-months': async () => ({
      totals: await readSample(),
      recipe: retimed(await recipe(), { frequency: 'month', horizon: 3 }),
      origins: 4,
    }),
    'sample-start': async () => {
      const totals = await readSample()
      return {
        totals: totalsAsOf(totals, saleDays(totals)[0] + 23 * 7),
        recipe: retimed(await recipe(), { frequency: 'week', horizon: 4 }),
        origins: 3,
      }
    },
    'sample-stores': async () => ({
      totals: dealtOut(await readSample(), STORES),
      recipe: retimed(await recipe(), { frequency: 'week', horizon: 4 }),
      origins: 4,
    }),
  }
}

/** Shares of the chain's customers: few in most. */
const STORES = [0.35, 0.25, 0.15, 0.1, 0.08, 0.05, 0.02]

/** The recipe for other periods, with the search that goes with them. */
function retimed(
  { search, ...recipe }: Recipe,
  periods: Pick<Recipe, 'frequency' | 'horizon'>,
): Recipe {
  return recipeFrom({ ...recipe, ...periods, search: { origins: search.origins } }, 'recipe.yml')
}

/** Sends the buyer of each unit to one of the stores, by their shares; stock is not kept. */
function dealtOut(totals: DailyTotals, shares: number[]): DailyTotals {
  const random = seededRandom(1)
  const { price, category } = totals.columns
  const builder = new TotalsBuilder({
    purchaseDate: false,
    expiryDate: false,
    stock: false,
    cost: false,
    price,
    category,
  })
  totals.day.forEach((day, from) => {
    const product = builder.intern(totals.series[totals.seriesIndex[from]].productId)
    for (let unit = 0; unit < totals.sold[from]; unit++) {
      const entry = builder.entry(
        product,
        builder.intern(`store ${storeOf(random(), shares)}`),
        day,
      )
      const { measures } = builder
      measures.sold[entry]++
      measures.offered[entry] = 1
      if (totals.pricedUnits[from] > 0) {
        measures.revenue[entry] += totals.revenue[from] / totals.pricedUnits[from]
        measures.pricedUnits[entry]++
      }
      if (totals.categoryIndex[from] >= 0) {
        measures.categoryIndex[entry] = builder.intern(
          totals.categories[totals.categoryIndex[from]],
        )
      }
    }
  })
  return builder.finish()
}

function storeOf(drawn: number, shares: number[]): number {
  let upTo = 0
  return shares.findIndex((share) => {
    upTo += share
    return drawn < upTo
  })
}
