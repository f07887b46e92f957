import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { listSalesFiles } from '../../src/steps/data/list-sales-files.ts'
import { validate } from '../../src/steps/data/validate.ts'
import { smallContract } from '../unit/sales/contracts.ts'
import { day, finding, rulesIn, validated } from './validate-fixture.ts'

const today = day('2026-10-31')
const one = 'id,sold,quantity\nA,2026-01-01,2\n'
const other = 'id,sold,quantity\nA,2026-02-01,3\n'

function contractOf({ path = ['sales/a.csv'], files = ['sales/*.csv'] } = {}) {
  const contract = smallContract({ own: files.length > 0 ? { files: { sales: files } } : {} }) as {
    resources: object[]
  }
  contract.resources[0] = { ...contract.resources[0], path }
  return contract
}

describe('a file that the contract does not name is said, or a month is missing without a word', () => {
  test.each<[string, string]>([
    ['text', 'sales/b.txt'],
    ['a workbook', 'sales/b.xlsx'],
    ['packed', 'sales/b.csv.gz'],
    ['an archive', 'sales/b.zip'],
    ['beside the folder', 'b.csv'],
  ])('%s', async (_, name) => {
    const { result } = await validated({
      files: { 'sales/a.csv': one, [name]: other },
      contract: contractOf(),
    })
    expect(finding(result, 'file-not-read')?.examples).toEqual([{ value: name }])
    expect(result.outcome).toBe('valid')
  })

  test('in a folder within the folder', async () => {
    const { result } = await validated({
      files: { 'sales/a.csv': one, 'sales/2025/b.csv': other },
      contract: contractOf(),
    })
    expect(finding(result, 'file-not-read')?.examples).toEqual([{ value: 'sales/2025/' }])
  })

  test('but not what is no sales, nor what another resource names', async () => {
    const { result } = await validated({
      files: {
        'sales/a.csv': one,
        'sales/README.md': 'x',
        'sales/.hidden.csv': 'x',
        'old/b.csv': other,
      },
      contract: contractOf({ path: ['sales/a.csv', 'old/b.csv'], files: [] }),
    })
    expect(rulesIn(result)).toEqual([])
  })
})

test.each(['sales/B.CSV', 'sales/b.Csv'])('%s is read by sales/*.csv', async (name) => {
  const files = { 'sales/a.csv': one, [name]: other }
  const { result } = await validated({
    files,
    contract: contractOf({ path: ['sales/a.csv', name] }),
  })
  expect(result.report.totals.unitsSold).toBe(5)
  expect(rulesIn(result)).toEqual([])
})

test('a file in capitals is unpacked as one in small letters is', async () => {
  const files = { 'sales/A.CSV.GZ': gzipSync(one) }
  const path = ['sales/A.CSV.GZ']
  const { result } = await validated({ files, contract: contractOf({ path, files: [] }) })
  expect(result.report.totals.unitsSold).toBe(2)
})

test('a new file is read before anybody lists it, and the old list is said', async () => {
  const files = { 'sales/b.csv': other, 'sales/c.csv': one }
  const { result } = await validated({
    files,
    contract: contractOf({ path: ['sales/a.csv', 'sales/b.csv'] }),
  })
  expect(result.report.totals.unitsSold).toBe(5)
  expect(finding(result, 'files-not-listed')?.examples).toEqual([
    { value: 'sales/c.csv is not listed' },
    { value: 'sales/a.csv is not there' },
  ])
})

test('a list that is brought up to date is not read again for it', async () => {
  const files = { 'sales/a.csv': one, 'sales/b.csv': other }
  const { folder } = await validated({ files, contract: contractOf() })
  const contractFile = join(folder, 'datapackage.json')
  const options = { dataFolder: folder, contractFile, today, cacheFolder: join(folder, '.cache') }
  await validate(options)
  await listSalesFiles(contractFile, folder)
  let read = false
  const again = await validate({
    ...options,
    onProgress: () => {
      read = true
    },
  })
  expect(read).toBe(true)
  expect(rulesIn(again)).toEqual([])
})

test.each([
  ['of an old list', contractOf()],
  ['of a pattern that only cd4ml reads', contractOf({ path: ['sales/*.csv'], files: [] })],
])('listing the files makes a contract that other tools read %s', async (_, contract) => {
  const files = { 'sales/b.csv': other, 'sales/a.csv': one }
  const { folder, result } = await validated({ files, contract })
  const contractFile = join(folder, 'datapackage.json')
  await listSalesFiles(contractFile, folder)
  const written = JSON.parse(await readFile(contractFile, 'utf8'))
  expect(written.resources[0].path).toEqual(['sales/a.csv', 'sales/b.csv'])
  expect(written.cd4ml.files).toEqual({ sales: ['sales/*.csv'] })
  const again = await validate({ dataFolder: folder, contractFile, today })
  expect(again.report.totals).toEqual(result.report.totals)
  expect(rulesIn(again)).toEqual([])
})

test('decisions are no sales, wherever the contract names them, and listing the sales leaves them alone', async () => {
  const contract = contractOf({ path: ['sales/*.csv'], files: [] })
  const decisions = {
    name: 'decisions',
    path: 'decisions/*.csv',
    schema: { fields: [{ name: 'product' }, { name: 'day' }, { name: 'decision' }] },
  }
  const [first] = contract.resources
  const both = { ...contract, resources: [decisions, first] }
  const files = { 'sales/a.csv': one, 'decisions/d.csv': 'product,day,decision\n' }
  const { folder, result } = await validated({ files, contract: both })
  expect(rulesIn(result)).toEqual([])
  const contractFile = join(folder, 'datapackage.json')
  await listSalesFiles(contractFile, folder)
  const written = JSON.parse(await readFile(contractFile, 'utf8'))
  expect(written.resources[0]).toEqual(decisions)
  expect(written.resources[1].path).toEqual(['sales/a.csv'])
  expect(rulesIn(await validate({ dataFolder: folder, contractFile, today }))).toEqual([])
})

test('a contract whose list is right, or that lists without a pattern, stays as it is written', async () => {
  const files = { 'sales/a.csv': one }
  for (const contract of [contractOf(), contractOf({ files: [] })]) {
    const { folder } = await validated({ files, contract })
    const contractFile = join(folder, 'datapackage.json')
    const written = `\n${JSON.stringify(contract)}`
    await writeFile(contractFile, written)
    await listSalesFiles(contractFile, folder)
    expect(await readFile(contractFile, 'utf8')).toBe(written)
  }
})

test.each([
  ['with spaces', JSON.stringify(contractOf({ path: ['sales/*.csv'], files: [] }), null, 2)],
  ['with tabs', JSON.stringify(contractOf({ path: ['sales/*.csv'], files: [] }), null, '\t')],
  ['on one line', JSON.stringify(contractOf({ path: ['sales/*.csv'], files: [] }))],
  ['after a BOM', `\uFEFF${JSON.stringify(contractOf(), null, 2)}`],
])(
  'listing the files leaves a contract that is written %s as it is, but for them',
  async (_, written) => {
    const { folder } = await validated({
      files: { 'sales/ä "1".csv': one },
      contract: contractOf(),
    })
    const contractFile = join(folder, 'datapackage.json')
    await writeFile(contractFile, written)
    await listSalesFiles(contractFile, folder)
    const listed = await readFile(contractFile, 'utf8')
    const path = ['sales/ä "1".csv']
    const parsed = JSON.parse(listed.replace(/^\uFEFF/, ''))
    expect(parsed).toEqual(contractOf({ path }))
    const lines = new Set(listed.split('\n').map((line) => line.replace(/,$/, '')))
    const changed = written.split('\n').filter((line) => !lines.has(line.replace(/,$/, '')))
    expect(changed.length).toBeLessThanOrEqual(2)
    await listSalesFiles(contractFile, folder)
    expect(await readFile(contractFile, 'utf8')).toBe(listed)
  },
)

test('patterns for a resource that is not there are refused, not ignored', async () => {
  const contract = smallContract({ own: { files: { vendas: ['*.csv'] } } })
  const reading = validated({ files: { 'sales.csv': one }, contract })
  await expect(reading).rejects.toThrow(/there is no resource "vendas"[\s\S]*"sales"/)
})

test('a pattern that leads out of the data folder is refused', async () => {
  const reading = validated({
    files: { 'sales/a.csv': one },
    contract: contractOf({ files: ['../*.csv'] }),
  })
  await expect(reading).rejects.toThrow(/leads out of the data folder/)
})
