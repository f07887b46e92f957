import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { dayFromIso } from '../../../src/base/day.ts'
import { validate } from '../../../src/steps/data/validate.ts'
import { HEADER, rowsOf, TODAY, tableProject } from './warehouse-fixture.ts'

const SEPTEMBER = rowsOf('2026-09-01', '2026-09-30')

/** A project that has September, and asks on 1 November. */
async function withSeptember(source: object = {}, parts: object = {}) {
  const project = await tableProject(source, parts)
  await project.load(SEPTEMBER)
  await project.run({ until: dayFromIso('2026-09-30')! })
  return project
}

test('days that are not loaded yet are said, not believed, and asked for again', async () => {
  const { run, load } = await withSeptember()
  await load([...SEPTEMBER, ...rowsOf('2026-10-01', '2026-10-30')])
  const early = await run()
  expect(early.days).toMatchObject({ late: ['2026-10-31'] })
  await load([...SEPTEMBER, ...rowsOf('2026-10-01', '2026-10-31')])
  expect((await run()).days).toMatchObject({ new: ['2026-10-31'], late: [] })
})

test('a last day that is loaded only in part is left out and said, and is in once it is whole', async () => {
  const { run, load, files } = await withSeptember()
  const all = rowsOf('2026-09-01', '2026-10-31', () => 120)
  const half = all.map((row) =>
    row.startsWith('2026-10-31') ? '2026-10-31,s1,milk,40,80,3,9' : row,
  )
  await load(half)
  const accept = new Set(['doubled'] as const)
  const early = await run({ accept, from: dayFromIso('2026-09-01')! })
  expect(early.days).toMatchObject({ incomplete: ['2026-10-31'], late: [] })
  expect((await files())['2026-10.csv']).not.toContain('2026-10-31')
  expect(await run()).toMatchObject({
    outcome: 'nothing new',
    days: { incomplete: ['2026-10-31'] },
  })
  await load(all)
  expect((await run()).days).toMatchObject({ new: ['2026-10-31'], incomplete: [] })
})

test('a day of few sales goes in when somebody says so, when a whole one follows, or after three nights', async () => {
  const storm = (day: string) => (day >= '2026-10-29' ? 30 : 120)
  const rows = rowsOf('2026-09-01', '2026-10-31', storm)
  const at = async (today: string, more: string[] = [], accept: 'shrunk'[] = []) => {
    const { run, load } = await tableProject()
    await load([...rows, ...more])
    const { days } = await run({ today: dayFromIso(today)!, accept: new Set(accept) })
    return days.incomplete
  }
  expect(await at('2026-11-01')).toEqual(['2026-10-29', '2026-10-30', '2026-10-31'])
  expect(await at('2026-11-01', [], ['shrunk'])).toEqual([])
  expect(await at('2026-11-02')).toEqual(['2026-10-30', '2026-10-31'])
  expect(
    await at(
      '2026-11-02',
      rowsOf('2026-11-01', '2026-11-01', () => 120),
    ),
  ).toEqual([])
  expect(await at('2026-11-04')).toEqual([])
})

test('a holiday of the recipe on which the shops were closed is not asked about', async () => {
  const { run, load, project } = await withSeptember()
  const october = rowsOf('2026-10-01', '2026-10-31').filter((row) => !row.startsWith('2026-10-12'))
  await load([...SEPTEMBER, ...october])
  await expect(run()).rejects.toThrow('1 day that usually sell: 2026-10-12')
  await writeFile(join(project, 'recipe.yml'), 'frequency: week\nhorizon: 4\nholidays: BR\n')
  expect((await run()).days.new).toHaveLength(30)
})

test('days on which the plan closes all stores are not asked about, and those of a single one are', async () => {
  const withPlan = async (...rows: string[]) => {
    const { run, load, contract, data } = await tableProject()
    await load([
      ...rowsOf('2026-09-01', '2026-10-04'),
      ...rowsOf('2026-10-07', '2026-10-31'),
      ...rowsOf('2026-09-01', '2026-10-31', () => 12, 's2,milk').filter(
        (row) => !/^2026-10-0[56]/.test(row),
      ),
    ])
    await writeFile(contract, withPlanOfClosings(await readFile(contract, 'utf8')))
    await writeFile(join(data, 'plan.csv'), ['from,to,store,known,closed', ...rows, ''].join('\n'))
    return run()
  }
  const gap = '2 days that usually sell: 2026-10-05 to 2026-10-06'
  expect((await withPlan('2026-10-05,2026-10-06,,2026-09-01,yes')).days.new).toHaveLength(59)
  const ofOne = '2026-10-05,2026-10-06,s1,2026-09-01,yes'
  const ofOther = '2026-10-01,2026-10-06,s2,2026-09-01,yes'
  expect((await withPlan(ofOne, ofOther)).days.new).toHaveLength(59)
  await expect(withPlan(ofOne)).rejects.toThrow(gap)
  const calledOff = '2026-10-05,2026-10-06,s2,2026-09-20,no'
  await expect(withPlan(ofOne, ofOther, calledOff)).rejects.toThrow(gap)
  const alone = '2026-10-05,2026-10-05,,2026-09-01,yes'
  await expect(withPlan(alone)).rejects.toThrow('1 day that usually sell: 2026-10-06')
  await expect(withPlan('no,plan')).rejects.toThrow(gap)
})

test('a gap of months is asked about, and goes in once somebody says that it is so', async () => {
  const { run, load, files } = await withSeptember()
  const before = await files()
  await load([...SEPTEMBER, ...rowsOf('2026-10-30', '2026-10-31')])
  await expect(run()).rejects.toThrow(
    /no rows came for 29 days that usually sell: 2026-10-01 to 2026-10-29.*--accept gap/s,
  )
  expect(await files()).toEqual(before)
  await expect(run({ accept: new Set(['shrunk', 'doubled']) })).rejects.toThrow('--accept gap')
  expect((await run({ accept: new Set(['gap']) })).days.new).toEqual(['2026-10-30', '2026-10-31'])
  // Now the files say it, and nobody is asked every night.
  expect(await run()).toMatchObject({ outcome: 'nothing new' })
})

test('a gap that was not even asked about is one: --from far behind the last day', async () => {
  const { run, load, files } = await tableProject({ since: '2026-01-01' })
  await load(rowsOf('2026-01-01', '2026-10-31'))
  await run({ until: dayFromIso('2026-02-10')! })
  const before = await files()
  await expect(run({ from: dayFromIso('2026-09-01')! })).rejects.toThrow(
    '202 days that usually sell: 2026-02-11 to 2026-08-31',
  )
  expect(await files()).toEqual(before)
})

test('a day in the middle that usually sells is asked about, a Sunday of a shop that is closed is not', async () => {
  const isSunday = (day: string) => (dayFromIso(day)! + 4) % 7 === 0
  const open = (rows: string[]) => rows.filter((row) => !isSunday(row.slice(0, 10)))
  const { run, load } = await tableProject()
  const october = open(rowsOf('2026-10-01', '2026-10-31'))
  await load([...open(SEPTEMBER), ...october])
  expect(await run()).toMatchObject({ days: { late: [] } })
  const other = await tableProject()
  await other.load([...open(SEPTEMBER), ...october.filter((row) => !row.startsWith('2026-10-15'))])
  await expect(other.run()).rejects.toThrow('1 day that usually sell: 2026-10-15')
})

test('no rows at all are not a month without sales', async () => {
  const { run, load, files } = await withSeptember()
  const before = await files()
  await load([])
  await expect(run()).rejects.toThrow(
    /far fewer rows came for 7 days than are there: 2026-09-24 to 2026-09-30 \(7 rows are there, 0 came\).*--accept shrunk/s,
  )
  expect(await files()).toEqual(before)
  const empty = await tableProject()
  const { data: dataFolder, contract: contractFile } = empty
  await expect(validate({ dataFolder, contractFile, today: TODAY })).rejects.toThrow(
    'Ask the warehouse for them: npx cd4ml ingest.',
  )
  await empty.load([])
  await expect(empty.run()).rejects.toThrow('no rows came for 2026-09-01 to 2026-10-31')
})

test('a history that has shrunk to a part of itself is asked about, a return is not', async () => {
  const { run, load } = await withSeptember()
  const from = dayFromIso('2026-09-01')!
  const until = dayFromIso('2026-09-30')!
  await load(rowsOf('2026-09-01', '2026-09-30', () => 5))
  await expect(run({ from, until })).rejects.toThrow(
    'far fewer units came for the days that are there: 150, not 360',
  )
  await load(rowsOf('2026-09-01', '2026-09-30', (day) => (day === '2026-09-28' ? 1 : 12)))
  expect((await run({ from, until })).days.revised).toEqual(['2026-09-28'])
})

test('what was loaded twice is asked about, what came late is not', async () => {
  const { run, load, files } = await withSeptember()
  const until = dayFromIso('2026-09-30')!
  const before = await files()
  await load(rowsOf('2026-09-01', '2026-09-30', () => 24))
  await expect(run({ until })).rejects.toThrow(
    /each of 7 days came with exactly 2 times the units.*--accept doubled/s,
  )
  expect(await files()).toEqual(before)
  await load(rowsOf('2026-09-01', '2026-09-30', (day) => (day > '2026-09-26' ? 24 : 12)))
  expect((await run({ until })).days.revised).toHaveLength(4)
})

test('ids that are written in another way would make new products of all: they are asked about', async () => {
  const { run, load, files } = await tableProject()
  const until = dayFromIso('2026-09-30')!
  await load(rowsOf('2026-09-01', '2026-09-30', () => 12, 's1,007'))
  await run({ until })
  const before = await files()
  await load(rowsOf('2026-09-01', '2026-09-30', () => 12, 's1,7'))
  await expect(run({ until })).rejects.toThrow(/only 0 have the same product.*--accept renamed/s)
  expect(await files()).toEqual(before)
  // A product that is entered under another id is none of that.
  const more = rowsOf('2026-09-01', '2026-09-30', () => 1, 's1,008')
  await load([...rowsOf('2026-09-01', '2026-09-30', () => 12, 's1,007'), ...more])
  expect((await run({ until })).days.revised).toHaveLength(7)
})

test('sales may be the same twice, totals of a day may not', async () => {
  const twice = [...SEPTEMBER, ...SEPTEMBER]
  const totals = await tableProject()
  await totals.load(twice)
  await expect(totals.run()).rejects.toThrow('2026-09-01 has more than one row of milk in s1')
  const sales = await tableProject({ rows: 'sales' })
  await sales.load(twice)
  expect((await sales.run()).came).toMatchObject({ rows: 60, units: 720, value: 1440 })
})

test('a day that is taken back goes when somebody says so, and its file with it', async () => {
  const { run, load, files } = await tableProject()
  await load(rowsOf('2026-09-28', '2026-10-01'))
  const until = dayFromIso('2026-10-01')!
  await run({ until })
  await load(rowsOf('2026-09-28', '2026-09-30'))
  await expect(run({ until })).rejects.toThrow('--accept shrunk')
  const taken = await run({ until, accept: new Set(['shrunk']) })
  expect(taken).toMatchObject({
    days: { removed: ['2026-10-01'] },
    files: [{ file: 'sales/2026-10.csv', change: 'removed' }],
  })
  expect(Object.keys(await files())).toEqual(['2026-09.csv'])
})

test('a dry run says what would change, and changes nothing', async () => {
  const { run, load, files } = await tableProject()
  await load(SEPTEMBER)
  const until = dayFromIso('2026-09-30')!
  const dry = await run({ until, dryRun: true })
  expect(dry.files).toEqual([{ file: 'sales/2026-09.csv', change: 'added' }])
  expect(await files()).toEqual({})
  expect(await run({ until })).toEqual(dry)
})

test('only the days that were asked for change: other bytes of the file stay', async () => {
  const { run, load, files } = await withSeptember()
  const from = dayFromIso('2026-09-10')!
  await load(rowsOf('2026-09-01', '2026-09-30', () => 13))
  await run({ from, until: from })
  const expected = SEPTEMBER.map((row) =>
    row.startsWith('2026-09-10') ? '2026-09-10,s1,milk,13,26,3,9' : row,
  )
  expect((await files())['2026-09.csv']).toBe(`${[HEADER, ...expected].join('\n')}\n`)
})

test('the order of an answer is nobody’s business: the same rows make the same bytes', async () => {
  const [one, other] = [await tableProject(), await tableProject()]
  const rows = [...SEPTEMBER, ...rowsOf('2026-09-01', '2026-09-30', () => 3, 's1,bread')]
  await one.load(rows)
  await other.load(rows.toReversed())
  await Promise.all([one.run(), other.run()])
  expect(await other.files()).toEqual(await one.files())
})

test('files may be packed, or be one a day', async () => {
  const packed = await tableProject({}, { resource: { path: 'sales/pos-*.csv.gz' } })
  await packed.load(SEPTEMBER)
  await packed.run()
  const { 'pos-2026-09.csv.gz': content } = await packed.files()
  expect(gunzipSync(Buffer.from(content, 'latin1')).toString()).toBe(
    `${[HEADER, ...SEPTEMBER].join('\n')}\n`,
  )
  expect(await packed.run()).toMatchObject({ outcome: 'nothing new' })
  const daily = await tableProject({ files: 'day' })
  await daily.load(SEPTEMBER.slice(0, 2))
  await daily.run()
  expect(await daily.files()).toEqual({
    '2026-09-01.csv': `${HEADER}\n${SEPTEMBER[0]}\n`,
    '2026-09-02.csv': `${HEADER}\n${SEPTEMBER[1]}\n`,
  })
})

test('where patterns find the files, the contract lists them, and a run again leaves it alone', async () => {
  const project = await tableProject(
    {},
    { resource: { path: ['sales/2026-08.csv'] }, own: { files: { sales: ['sales/*.csv'] } } },
  )
  await project.load(SEPTEMBER)
  await project.run()
  const listed = await readFile(project.contract, 'utf8')
  expect(JSON.parse(listed).resources[0].path).toEqual(['sales/2026-09.csv'])
  await project.run()
  expect(await readFile(project.contract, 'utf8')).toBe(listed)
})

test.each([
  ['unsold.csv', `${HEADER}\n`, 'is not called by a month'],
  ['2026-09.CSV', `${HEADER}\n`, 'is not called by a month'],
  ['2026-09.csv', 'day;sku\n', 'does not have the columns of the contract'],
  ['2026-09.csv', `${HEADER}\n2026-10-01,s1,milk,1,1,1,1\n`, 'a row is of no day of this file'],
  ['2026-09.csv', `${HEADER}\n2026-09-01,s1,milk,1,1,1,1`, 'its last line is not ended'],
  [
    '2026-09.csv',
    `${HEADER}\n2026-09-02,s1,milk,1,1,1,1\n2026-09-01,s1,milk,1,1,1,1\n`,
    'a row is of an earlier day than the one before',
  ],
])('a file %s that was not written here is not mixed with what is', async (name, content, why) => {
  const { run, load, data, files } = await tableProject()
  await load(SEPTEMBER)
  await mkdir(join(data, 'sales'))
  await writeFile(join(data, 'sales', name), content)
  await expect(run()).rejects.toThrow(why)
  expect(await files()).toEqual({ [name]: content })
})

test('a file that a spreadsheet saved in other letters, or a disk has damaged, is not written again', async () => {
  const text = `${HEADER}\n2026-09-01,s1,caf\u00e9,1,1,1,1\n`
  for (const [name, why] of [
    ['2026-09.csv', 'is not in UTF-8'],
    ['2026-09.csv.gz', 'cannot be unpacked'],
  ]) {
    const path = name.replace('2026-09', 'sales/*')
    const { run, load, data, files } = await tableProject({}, { resource: { path } })
    await load(SEPTEMBER)
    await mkdir(join(data, 'sales'))
    await writeFile(join(data, 'sales', name), text, 'latin1')
    await expect(run()).rejects.toThrow(why)
    expect(await files()).toEqual({ [name]: text })
  }
})

test('a few rows that cannot be trusted are counted, more than the contract allows are refused', async () => {
  const { run, load } = await tableProject()
  await load([...SEPTEMBER, '2026-10-01,s1,milk,1,-5,1,1'])
  expect(await run()).toMatchObject({ quarantined: 1 })
  const other = await tableProject()
  await other.load(SEPTEMBER.map((row) => row.replace(',24,', ',"24,00",')))
  await expect(other.run()).rejects.toThrow(
    /30 of 30 rows cannot be trusted \(100.0%\): number-unreadable \(value\), 30 times, such as "24,00"/,
  )
})

test('a column that becomes text is seen in one night of many, not when it has become the most', async () => {
  const { run, load, files } = await withSeptember()
  const before = await files()
  await load([...SEPTEMBER, '2026-10-01,s1,milk,12,R$ 24,3,9'])
  await expect(run({ until: dayFromIso('2026-10-01')! })).rejects.toThrow(
    'number-unreadable (value)',
  )
  expect(await files()).toEqual(before)
})

test('two runs at once: one of them is told to wait, and nothing is mixed', async () => {
  const { run, load, files } = await tableProject()
  await load(SEPTEMBER)
  const both = await Promise.allSettled([run(), run()])
  const refused = both.flatMap((run) => (run.status === 'rejected' ? [run.reason.message] : []))
  expect(refused).toEqual([expect.stringContaining('another cd4ml ingest is at work')])
  expect((await files())['2026-09.csv']).toBe(`${[HEADER, ...SEPTEMBER].join('\n')}\n`)
})

test('days that are yet to come, or before the first, cannot be asked for', async () => {
  const { run } = await tableProject()
  await expect(run({ until: dayFromIso('2026-11-02')! })).rejects.toThrow(
    '2026-11-02 is yet to come',
  )
  await expect(run({ until: dayFromIso('2026-08-02')! })).rejects.toThrow(
    'no day lies between 2026-09-01 and 2026-08-02',
  )
})

test('an answer without end is cut off, before it fills the disk', async () => {
  const { run, load, files } = await tableProject({ rows: 'sales' }, { own: { maxBytes: 1000 } })
  await load([...SEPTEMBER, ...SEPTEMBER])
  await expect(run()).rejects.toThrow('is larger than 1000 bytes')
  expect(await files()).toEqual({})
})

function withPlanOfClosings(json: string): string {
  const contract = JSON.parse(json)
  const names = ['from', 'to', 'store', 'known', 'closed']
  const fields = names.map((name) => ({
    name,
    type: name === 'store' ? 'string' : name === 'closed' ? 'any' : 'date',
  }))
  contract.resources.push({ name: 'plan', path: 'plan.csv', schema: { fields } })
  contract.cd4ml.plan = {
    columns: { from: 'from', to: 'to', store: 'store', knownOn: 'known', closed: 'closed' },
  }
  return JSON.stringify(contract)
}
