import { describe, expect, it } from 'vitest'
import { dayFromIso } from '../../../src/base/day.ts'
import { openHistory } from '../../../src/evaluation/search/history.ts'
import { trainAsOf } from '../../../src/evaluation/search/search.ts'
import { forecast } from '../../../src/forecasting/model.ts'
import { candidates } from '../../../src/forecasting/recipe.ts'
import { totalsOf } from '../demand/totals.ts'
import { anotherFuture, OPENING, recipeOf, shopSales, upTo } from './shop.ts'

const sales = shopSales(24)
const sunday = OPENING + 16 * 7 - 1

describe('training as on a day', () => {
  it.each([
    ['at the end of a week', sunday],
    ['in the middle of one', sunday + 3],
  ])('%s is training on what was known then', async (_when, day) => {
    const known = openHistory(totalsOf(upTo(day, sales)))
    const asOf = await trainAsOf(openHistory(totalsOf(sales)), recipeOf(), day)
    expect(asOf).toEqual(await trainAsOf(known, recipeOf()))
    expect(asOf).toEqual(await trainAsOf(openHistory(totalsOf(sales), { asOf: day }), recipeOf()))
    expect(asOf.model.trainedThrough).toBe('2024-04-21')
  })

  it('does not depend on what came later: choice, parameters and intervals are the same', async () => {
    const recipe = recipeOf({
      families: { 'moving-average': { window: [2, 4, 8] }, 'exponential-smoothing': {}, ridge: {} },
    })
    const told = await trainAsOf(openHistory(anotherFuture(sunday, sales)), recipe, sunday)
    expect(told).toEqual(await trainAsOf(openHistory(totalsOf(sales)), recipe, sunday))
  })

  it('judges candidates only where their horizon was over', async () => {
    const { search, model } = await trainAsOf(openHistory(totalsOf(sales)), recipeOf(), sunday)
    expect(search.origins).toEqual(['2024-03-10', '2024-03-31'])
    expect(dayFromIso(search.origins[1])! + 3 * 7).toBe(dayFromIso(model.trainedThrough))
  })

  it('blends the best candidate of each family, and takes the simplest where none can be judged', async () => {
    const { search } = await trainAsOf(openHistory(totalsOf(sales)), recipeOf())
    const averages = search.candidates.filter(({ name }) => name.startsWith('moving-average'))
    const best = averages.toSorted((a, b) => a.loss! - b.loss!)[0]
    const chosen = search.candidates.filter((it) => it.chosen)
    expect(chosen.filter((it) => averages.includes(it))).toEqual([best])
    expect(chosen.reduce((sum, { weight }) => sum + weight!, 0)).toBeCloseTo(1)

    const young = await trainAsOf(openHistory(totalsOf(shopSales(3))), recipeOf())
    expect(young.search.origins).toEqual([])
    expect(young.search.candidates.map(({ loss, chosen }) => [loss, chosen])).toEqual([
      [undefined, true],
      [undefined, false],
      [undefined, false],
    ])
  })

  it('fits each candidate once an origin, however many searches look at it', async () => {
    const history = openHistory(totalsOf(sales))
    const recipe = recipeOf()
    const scored = [4, 3, 2, 1].map((back) => OPENING + (24 - 3 * back) * 7 - 1)
    for (const day of scored) await trainAsOf(history, recipe, day)
    const searched = scored.length - 1 + recipe.search.origins
    expect(history.fits).toBeLessThanOrEqual((searched + 1) * candidates(recipe).length)
    expect(history.fits).toBeGreaterThanOrEqual(searched * candidates(recipe).length)
  })

  it('halves a large family over the origins, and still finds the one that is clearly best', async () => {
    const steady = shopSales(40).map((entry, k) => ({ ...entry, sold: 20 + (k % 3) }))
    const broken = steady.map((entry) =>
      Number(entry.day) < OPENING + 10 * 7 ? { ...entry, sold: 900 } : entry,
    )
    const window = [100, 90, 80, 70, 60, 3, 50, 40]
    const recipe = recipeOf({
      search: { origins: 4, step: 3 },
      families: { 'moving-average': { window } },
    })
    const history = openHistory(totalsOf(broken))
    const { search } = await trainAsOf(history, recipe)
    expect(search.candidates.filter(({ chosen }) => chosen).map(({ name }) => name)).toEqual([
      'moving-average (window 3)',
    ])
    expect(search.candidates.map(({ origins }) => origins).sort()).toEqual([2, 2, 2, 2, 4, 4, 4, 4])
    expect(history.fits).toBe(2 * 8 + 2 * 4 + 1)
  })

  it('tells how far it is: never backwards, and to the end', async () => {
    const shares: number[] = []
    const window = [2, 3, 4, 5, 6, 7, 8, 9]
    const recipe = recipeOf({
      search: { origins: 4, step: 3 },
      families: { 'seasonal-naive': {}, 'moving-average': { window } },
    })
    const onProgress = (done: number, expected: number) => void shares.push(done / expected)
    await trainAsOf(openHistory(totalsOf(shopSales(40)), { onProgress }), recipe)
    expect(shares).toHaveLength(4 + 2 * 8 + 2 * 4)
    expect(shares).toEqual(shares.toSorted((a, b) => a - b))
    expect(shares[0]).toBeLessThan(0.1)
    expect(shares.at(-1)).toBeCloseTo(1, 9)
  })

  it('says which candidates the budget had no time for', async () => {
    const search = { origins: 2, step: 3, budget: 1e-12 }
    const trained = await trainAsOf(openHistory(totalsOf(sales)), recipeOf({ search }))
    expect(trained.search.candidates.map(({ origins, chosen }) => [origins, chosen])).toEqual([
      [2, true],
      [0, false],
      [0, false],
    ])
  })

  it('is not thrown off by a product that first appears after the last finished week', async () => {
    const launch = { product: 'launch', day: OPENING + 24 * 7 + 1, sold: 5, category: 'dairy' }
    const history = openHistory(totalsOf([...sales, launch]))
    const { model } = await trainAsOf(history, recipeOf())
    expect(model).toEqual((await trainAsOf(openHistory(totalsOf(sales)), recipeOf())).model)
    const made = forecast(model, history.panel(recipeOf()))
    const at = made.series.findIndex(({ productId }) => productId === 'launch')
    expect(made.basis[at]).toBe('category')
    expect([...made.mean, ...made.quantiles].filter((it) => !(it >= 0))).toEqual([])
  })
})
