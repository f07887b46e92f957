import { describe, expect, it } from 'vitest'
import { canonicalJson } from '../../src/base/canonical-json.ts'
import { openHistory } from '../../src/evaluation/search/history.ts'
import { trainAsOf } from '../../src/evaluation/search/search.ts'
import { families } from '../../src/forecasting/families/families.ts'
import { modelFrom } from '../../src/forecasting/model-file.ts'
import { recipeFrom } from '../../src/forecasting/recipe.ts'
import { openForecaster } from '../../src/ordering/forecaster-of-model.ts'
import { newProject, succeed, succeedJson } from '../project.ts'
import { dataFiles, productIds, type Sale, salesOf } from '../shop.ts'
import { totalsOf } from '../unit/demand/totals.ts'

/** What a shop sells whose prices never change: the commonest case there is. */
const sales = salesOf({ products: productIds(6), frequency: 'week', periods: 90 }).map((sale) => ({
  ...sale,
  price: 4.99 + Number(sale.product.slice(1)),
}))

describe('a shop whose prices never change', () => {
  it('goes through the whole pipeline with the usual search', async () => {
    const recipe = 'frequency: week\nhorizon: 4\nsearch: { origins: 2 }\n'
    const project = await newProject({ ...dataFiles(sales), 'recipe.yml': recipe })
    expect(await succeed(project, ['pipeline'])).toMatch(/is now at [0-9a-f]{12}: version 1/)
    const { forecasts } = await succeedJson(project, ['forecast', '--all'])
    expectSensible(forecasts)
  })

  it.each(Object.keys(families))(
    'is forecast by %s, from a file that can be read',
    async (name) => {
      const totals = totalsOf(sales.map(({ units, ...sale }: Sale) => ({ ...sale, sold: units })))
      const written = {
        frequency: 'week',
        horizon: 4,
        search: { origins: 2 },
        families: { [name]: {} },
      }
      const trained = await trainAsOf(openHistory(totals), recipeFrom(written, 'recipe.yml'))
      const model = modelFrom(Buffer.from(canonicalJson(trained.model)), 'model.json')
      expectSensible(openForecaster({ totals, model }).all())
    },
  )
})

/** Of every product about what it sold lately, with an interval around it. */
function expectSensible(
  forecasts: { productId: string; mean: number; p10: number; p90: number }[],
): void {
  expect(forecasts).toHaveLength(6 * 4)
  for (const { productId, mean, p10, p90 } of forecasts) {
    const own = sales.filter(({ product }) => product === productId).slice(-52)
    const least = Math.min(...own.map(({ units }) => units))
    const most = Math.max(...own.map(({ units }) => units))
    expect(mean).toBeGreaterThan(0.5 * least)
    expect(mean).toBeLessThan(1.5 * most)
    expect(p10).toBeLessThanOrEqual(p90)
  }
}
