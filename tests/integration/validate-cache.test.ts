import { copyFile, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { sealed, unsealed } from '../../src/base/sealed.ts'
import { validate } from '../../src/steps/data/validate.ts'
import { contractOf } from '../unit/sales/contracts.ts'
import { csv, day, goodRow, temporaryFolder, validated } from './validate-fixture.ts'

const bad = goodRow.replace('5,49', '5.49')
const KEPT = 'history.validated'
const many = { resource: { path: 'sales/*.csv' } }

test('what comes from the cache equals what was read, quarantined rows included', async () => {
  const cacheFolder = await temporaryFolder()
  const options = {
    files: { 'sales/1.csv': csv(goodRow, bad), 'sales/2.csv': csv(goodRow) },
    contract: contractOf(many),
    cacheFolder,
  }
  const cold = await validated(options)
  const entries = await contentOf(cacheFolder)
  const warm = await validated(options)
  expect(warm.result).toEqual({ ...cold.result, contract: expect.anything() })
  expect(await warm.quarantine('sales/1.csv')).toBe(await cold.quarantine('sales/1.csv'))
  expect(await contentOf(cacheFolder)).toEqual(entries)
})

test('a file with the same bytes is not read again, even with a new time stamp', async () => {
  const [folderOfOne, folderOfTwo] = [await temporaryFolder(), await temporaryFolder()]
  const one = csv(goodRow)
  await validated({ files: { 'sales.csv': one }, cacheFolder: folderOfOne })
  await validated({
    files: { 'sales.csv': csv(goodRow, goodRow.replace('1;', '2;')) },
    cacheFolder: folderOfTwo,
  })
  const [entry] = await readings(folderOfOne)
  const [other] = await readings(folderOfTwo)
  const readAgain = async () => {
    await rm(join(folderOfOne, KEPT))
    return (await validated({ files: { 'sales.csv': one }, cacheFolder: folderOfOne })).report
      .totals
  }

  await copyFile(join(folderOfTwo, other), join(folderOfOne, entry))
  expect(await readAgain(), "another file's reading is not believed").toMatchObject({ products: 1 })

  // Sealed as its own, two products can only come from the cache.
  const reading = unsealed(keyIn(other), await readFile(join(folderOfTwo, other)))
  await writeFile(join(folderOfOne, entry), sealed(keyIn(entry), reading))
  expect(await readAgain()).toMatchObject({ products: 2 })
})

async function readings(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name.endsWith('.reading'))
}

function keyIn(entry: string): string {
  return entry.slice(0, -'.reading'.length)
}

test.each(['reading', 'quarantine', 'validated'])(
  'a damaged %s in the cache is read anew, not believed',
  async (kind) => {
    const cacheFolder = await temporaryFolder()
    const options = { files: { 'sales.csv': csv(goodRow, bad) }, cacheFolder }
    const { report, quarantine } = await validated(options)
    const names = (await readdir(cacheFolder)).filter((name) => name.endsWith(kind))
    expect(names).toHaveLength(1)
    const path = join(cacheFolder, names[0])
    const content = await readFile(path)
    for (const damage of [content.subarray(0, 20), Buffer.alloc(0), flipped(content)]) {
      await writeFile(path, damage)
      if (kind === 'reading') await rm(join(cacheFolder, KEPT))
      const again = await validated(options)
      expect(again.report).toEqual(report)
      expect(await again.quarantine()).toBe(await quarantine())
      // Numbers that have been stored before are stored in other words.
      if (kind !== 'validated') expect(await readFile(path)).toEqual(content)
      else expect(await readFile(path)).not.toEqual(damage)
    }
  },
)

test('a changed contract judges the rows anew', async () => {
  const cacheFolder = await temporaryFolder()
  const files = { 'sales.csv': csv(goodRow) }
  await validated({ files, cacheFolder })
  const strict = contractOf({ own: { costAbovePrice: 0.1 } })
  const { report } = await validated({ files, cacheFolder, contract: strict })
  expect(report.totals.rowsQuarantined).toBe(1)
})

test('a sale that is in the future today counts once its day has come', async () => {
  const cacheFolder = await temporaryFolder()
  const files = { 'sales.csv': csv(goodRow) }
  const early = await validated({ files, cacheFolder, today: day('2026-10-02') })
  expect(early.report.totals).toMatchObject({ rowsQuarantined: 1 })
  const later = await validated({ files, cacheFolder, today: day('2026-10-03') })
  expect(later.report.totals).toMatchObject({ rowsAccepted: 1 })
  const backAgain = await validated({ files, cacheFolder, today: day('2026-10-02') })
  expect(backAgain.report).toEqual(early.report)
})

test('threads change neither report nor totals, and report every byte', async () => {
  const rows = Array.from({ length: 5_000 }, (_, i) => goodRow.replace('1;', `${i % 50};`))
  const names = ['1', '2', '3', '4', '5', '6', '7', '8']
  const files = Object.fromEntries(
    names.map((name) => [`sales/${name}.csv`, csv(...rows, bad, `${name};${bad}`)]),
  )
  const contract = contractOf(many)
  const progress: [number, number][] = []
  const alone = await validated({ files, contract, cores: 1 })
  const together = await validated({
    files,
    contract,
    cores: 3,
    onProgress: (done, total) => progress.push([done, total]),
  })
  expect(together.result).toEqual({ ...alone.result, contract: expect.anything() })
  expect(await together.quarantine('sales/7.csv')).toBe(await alone.quarantine('sales/7.csv'))
  const [done, total] = progress.at(-1) ?? [0, 1]
  expect(done).toBe(total)
})

test('nothing is left behind beside the cache', async () => {
  const cacheFolder = await temporaryFolder()
  const { folder } = await validated({ files: { 'sales.csv': csv(goodRow, bad) }, cacheFolder })
  expect((await readdir(cacheFolder)).map((name) => name.split('.')[1])).toEqual([
    'quarantine',
    'reading',
    'validated',
  ])
  expect(await readdir(join(folder, 'quarantine'))).toEqual(['sales.csv'])
})

test('quarantined rows of a file that is clean again are gone', async () => {
  const { folder, quarantine } = await validated({ files: { 'sales.csv': csv(goodRow, bad) } })
  expect(await quarantine()).toContain('5.49')
  await writeFile(join(folder, 'sales.csv'), csv(goodRow))
  await validate({
    dataFolder: folder,
    contractFile: join(folder, 'datapackage.json'),
    today: day('2026-10-31'),
    quarantineFolder: join(folder, 'quarantine'),
  })
  expect(await quarantine()).toBeUndefined()
})

test('an unchanged history is not added up again, unless it has other names or other neighbours', async () => {
  const cacheFolder = await temporaryFolder()
  const files = { 'sales.csv': csv(goodRow) }
  await validated({ files, cacheFolder })
  // Without the readings, only what was kept of all of them can tell.
  for (const name of await readings(cacheFolder)) await writeFile(join(cacheFolder, name), '')
  const untouched = async () => {
    const [name] = await readings(cacheFolder)
    return (await readFile(join(cacheFolder, name))).length === 0
  }
  await validated({ files, cacheFolder })
  expect(await untouched()).toBe(true)

  const contract = contractOf({ resource: { path: 'renamed.csv' } })
  const renamed = await validated({
    files: { 'renamed.csv': csv(goodRow) },
    contract,
    cacheFolder,
  })
  expect(renamed.report.files).toMatchObject([{ file: 'renamed.csv' }])
  expect(await untouched()).toBe(false)

  const beside = { ...files, 'forgotten.csv': csv(goodRow) }
  await validated({ files, cacheFolder })
  const neighbour = await validated({ files: beside, cacheFolder })
  expect(neighbour.report.findings).toMatchObject([{ rule: 'file-not-read' }])
})

test.each<[string, { row?: string; own?: object; today?: string }]>([
  ['what has expired since', { row: '1;Milk;Dairy;5,49;4,13;01/10/2026;;10/11/2026' }],
  ['sales that have grown old since', { own: { freshness: { maxAgeDays: 30 } } }],
  ['a day before the last sale', { today: '2026-10-02' }],
])('%s is told of a history that has not changed', async (_, changed) => {
  const { row = goodRow, own = {}, today = '2026-12-24' } = changed
  const files = { 'sales.csv': csv(goodRow, row) }
  const contract = contractOf({ own })
  const cacheFolder = await temporaryFolder()
  const once = await validated({ files, contract, cacheFolder })
  const then = await validated({ files, contract, cacheFolder, today: day(today) })
  const anew = await validated({ files, contract, today: day(today) })
  expect(then.result).toEqual({ ...anew.result, contract: expect.anything() })
  expect(then.result).not.toEqual({ ...once.result, contract: expect.anything() })
})

async function contentOf(folder: string): Promise<Map<string, Buffer>> {
  const content = new Map<string, Buffer>()
  for (const name of await readdir(folder)) content.set(name, await readFile(join(folder, name)))
  return content
}

function flipped(content: Buffer): Buffer {
  const copy = Buffer.from(content)
  copy[copy.length >> 1] ^= 1
  return copy
}
