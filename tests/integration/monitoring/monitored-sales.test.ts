import { beforeAll, describe, expect, it } from 'vitest'
import { UserError } from '../../../src/base/errors.ts'
import type { ModelInParts } from '../../../src/forecasting/model-in-parts.ts'
import type { MonitoredSales } from '../../../src/monitoring/origins/monitored-sales.ts'
import type { OpenedArtifact } from '../../../src/registry/model-parts.ts'
import { noPlan } from '../../../src/sales/plan/plan.ts'
import { type DailyTotals, seriesId } from '../../../src/sales/totals/daily-totals.ts'
import { partSales } from '../../../src/steps/data/sales-in-parts.ts'
import { monitoredSales } from '../../../src/steps/monitoring/monitored-sales.ts'
import { temporaryFolder } from '../../repository.ts'
import { totalsOf } from '../../unit/demand/totals.ts'
import { recipeOf } from '../../unit/evaluation/shop.ts'

/** Four stores, of which two have a model; the south has most series. */
let sales: MonitoredSales
let artifact: OpenedArtifact

beforeAll(async () => {
  const entries = ['east', 'north', 'south', 'west'].flatMap((store, index) =>
    Array.from({ length: 30 }, (_, day) => ({
      product: `${store} ${day % (index + 2)}`,
      day: 20_000 + day,
      sold: 1,
    })),
  )
  const totals = totalsOf(entries)
  const series = totals.series.map(({ productId }) => {
    const [storeId, product] = productId.split(' ')
    return { productId: product, storeId }
  })
  const stores: DailyTotals = { ...totals, series }
  const part = (name: string, of: number) => ({
    name,
    file: `parts/${name}.json`,
    sha256: '',
    series: of,
  })
  const index: ModelInParts = {
    format: 'cd4ml-parts/1',
    recipe: { ...recipeOf(), partition: 'store' },
    parts: [part('north', 3), part('south', 4)],
    trainedThrough: '2024-01-01',
  }
  const parts = await partSales({ columns: totals.columns, slices: [stores] }, noPlan, {
    ...{ partition: 'store', by: 'store' as const },
    folder: await temporaryFolder(),
  })
  const load = () => Promise.reject(new Error('no model is needed'))
  artifact = { kind: 'parts', parts: { index, load, bytes: load } }
  sales = await monitoredSales(artifact, { parts }, noPlan)
})

describe('the sales of a version in parts are looked at', () => {
  it('one part after the other, those without a model beside the one that stands in for them', async () => {
    const seen = await sales.each(({ totals, partedBy }) => ({
      names: [...new Set(partedBy.values())].sort(),
      series: totals.series.length,
      days: totals.chain?.day.length,
    }))
    expect(seen).toEqual([
      { names: ['north'], series: 3, days: 30 },
      { names: ['east', 'south', 'west'], series: 2 + 4 + 5, days: 30 },
    ])
    expect(sales.partOf('["0","west"]')).toBe(sales.partOf('["0","south"]'))
    expect(sales.partOf('["0","nowhere"]')).toBeUndefined()
  })

  it('with the name of the part that is too large, or cannot be looked at for another reason', async () => {
    const refuse = () => {
      throw new UserError('4 series are too many to hold', { remedy: 'Part by region.' })
    }
    await expect(sales.each(refuse, new Set([0]))).rejects.toThrow(
      /of store "north": 4 series are too many to hold[\s\S]*Part by region/,
    )
  })

  it('as many as have opened since it was trained, of which nobody would train a model each today', async () => {
    const names = Array.from({ length: 24 }, (_, index) => `region ${index}`)
    const totals = totalsOf(names.map((product) => ({ product, day: 20_000, sold: 1 })))
    const by = new Map(totals.series.map((key) => [seriesId(key), key.productId]))
    const parted = async (isNew: boolean) =>
      await partSales({ columns: totals.columns, slices: [totals] }, noPlan, {
        ...{ partition: 'region', by, isNew },
        folder: await temporaryFolder(),
      })
    const parts = await parted(false)
    expect(parts.names).toEqual(names.sort())
    // None has a model of its own: they are looked at together, and only the first ones are named.
    const refused = (await monitoredSales(artifact, { parts }, noPlan)).each(() => {
      throw new UserError('too many to hold')
    })
    await expect(refused).rejects.toThrow(/"region 0", "region 1", [^:]{0,200}: too many to hold/)
    await expect(parted(true)).rejects.toThrow(/asks for 24 models.*of 24 series/)
  })
})
