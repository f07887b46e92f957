import { readdir } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { noPlan } from '../../src/sales/plan/plan.ts'
import { seriesByPart, totalsOfSeries } from '../../src/sales/totals/parts.ts'
import { totalsDigest } from '../../src/sales/totals/totals-digest.ts'
import { partSales } from '../../src/steps/data/sales-in-parts.ts'
import { temporaryFolder } from '../repository.ts'
import { totalsOf } from '../unit/demand/totals.ts'

it('sales in parts are those of a model with other parts too, which no one has to hold all at once for', async () => {
  const entries = [...'abcdef'].flatMap((product, index) =>
    Array.from({ length: 20 }, (_, day) => ({
      product,
      day: 20_000 + day + index,
      sold: index + (day % 3),
      category: index % 2 ? 'dairy' : 'bakery',
    })),
  )
  const totals = totalsOf(entries)
  const shelf = new Map([...'abcdef'].map((product, index) => [product, `shelf ${index % 3}`]))
  const expected = new Map(
    [...seriesByPart(totals, shelf)].map(([name, series]) => [
      name,
      totalsOfSeries(totals, series),
    ]),
  )
  const { columns } = totals
  const folder = await temporaryFolder()
  const slices = [totalsOf(entries)]
  const parts = await partSales({ columns, slices }, noPlan, {
    partition: 'category',
    by: 'category',
    folder,
  })
  const other = await parts.repartitioned(shelf)
  expect(other.names).toEqual([...expected.keys()])
  for (const [name, own] of expected) {
    const loaded = await other.load([name])
    expect(totalsDigest(loaded)).toBe(totalsDigest(own))
    expect(loaded.chain?.day).toEqual(own.chain?.day)
  }
  expect((await other.load(['shelf 0', 'shelf 2'])).series).toHaveLength(4)
  await other.close()
  await parts.close()
})

it('what was written of parts is taken away again where the sales cannot be read to their end', async () => {
  const totals = totalsOf([{ product: 'a', day: 20_000, sold: 1, category: 'dairy' }])
  const folder = await temporaryFolder()
  let times = 0
  const slices = {
    *[Symbol.iterator]() {
      yield structuredClone(totals)
      // The days of the chain are added up first; the parts are made after that.
      if (times++ > 0) throw new Error('the disk is full')
    },
  }
  const parting = partSales({ columns: totals.columns, slices }, noPlan, {
    partition: 'category',
    by: 'category',
    folder,
  })
  await expect(parting).rejects.toThrow('the disk is full')
  const left = await readdir(folder, { recursive: true, withFileTypes: true })
  expect(left.filter((entry) => entry.isFile())).toEqual([])
})
