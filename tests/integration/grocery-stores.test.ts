import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  type StoreFiles,
  storesContract,
  writeStore,
} from '../../benchmarks/worlds/grocery-stores.ts'
import { validate } from '../../src/steps/data/validate.ts'
import { day, temporaryFolder } from './validate-fixture.ts'

const size = { items: 70, days: 800 }

test('a part can be measured alone: a store sells the same whichever others are written', async () => {
  const [alone, beside] = [await temporaryFolder(), await temporaryFolder()]
  const own = await writeStore(alone, 1, size)
  await writeStore(beside, 0, size)
  expect(await writeStore(beside, 1, size)).toEqual(own)
  expect(await contents(beside, own)).toEqual(await contents(alone, own))
  const [first] = await contents(beside, await writeStore(beside, 0, size))
  expect(first).not.toBe((await contents(alone, own))[0])
})

test('the simulated stores are read whole, and sell as now and then as those of the competition', async () => {
  const folder = await temporaryFolder()
  const stores = [await writeStore(folder, 0, size), await writeStore(folder, 1, size)]
  const contractFile = join(folder, 'datapackage.json')
  await writeFile(contractFile, storesContract(stores.flatMap(({ paths }) => paths)))
  const { report, outcome } = await validate({
    dataFolder: folder,
    contractFile,
    today: day('2016-05-22'),
  })
  const rows = stores[0].rows + stores[1].rows
  expect(outcome).toBe('valid')
  expect(report.findings).toEqual([])
  expect(report.totals).toMatchObject({ rowsRead: rows, rowsAccepted: rows, stores: 2 })
  const withSales = rows / (2 * size.items * size.days)
  expect(withSales).toBeGreaterThan(0.25)
  expect(withSales).toBeLessThan(0.4)
})

function contents(folder: string, { paths }: StoreFiles): Promise<string[]> {
  return Promise.all(paths.map((path) => readFile(join(folder, path), 'utf8')))
}
