import { readFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { findingAnnotations } from '../../src/reporting/annotations.ts'
import { dataSentence } from '../../src/reporting/findings-table.ts'
import { newSalesText } from '../../src/reporting/new-sales-request.ts'
import { renderValidationMarkdown } from '../../src/reporting/validation-markdown.ts'
import { dataDigest } from '../../src/sales/plan/data-digest.ts'
import { totalsDigest } from '../../src/sales/totals/totals-digest.ts'
import { listSalesFiles } from '../../src/steps/data/list-sales-files.ts'
import { validate } from '../../src/steps/data/validate.ts'
import { PLAN_HEADER, planContractOf, planned, SALES } from './plan-fixture.ts'
import { day, finding, rulesIn } from './validate-fixture.ts'

const good = 'milk;;1;20/10/2026;26/10/2026;01/10/2026;7,99;;leaflet;true;'

describe('a row of the plan', () => {
  test('says whom it is about, on which days, since when, and what is planned', async () => {
    const { rows, report } = await planned([
      good,
      ';Dairy;;01/11/2026;02/11/2026;15/10/2026;;20%;;;',
      ';;2;25/12/2026;25/12/2026;02/10/2026;;;;;sim',
    ])
    expect(report.findings).toEqual([])
    expect(rows).toEqual([
      {
        productId: 'milk',
        storeId: '1',
        days: '2026-10-20 2026-10-26',
        knownOn: '2026-10-01',
        price: 7.99,
        promotion: 'leaflet',
        display: true,
      },
      { storeId: '2', days: '2026-12-25 2026-12-25', knownOn: '2026-10-02', closed: true },
      {
        category: 'Dairy',
        days: '2026-11-01 2026-11-02',
        knownOn: '2026-10-15',
        discount: 0.2,
      },
    ])
  })

  test.each([
    ['no product and no category', good.replace('milk', ''), 'plan-whom-missing', undefined],
    ['no last day', good.replace('26/10/2026', ''), 'plan-days-missing', 'to'],
    ['no first day', good.replace('20/10/2026', ''), 'plan-days-missing', 'from'],
    ['days in the wrong order', good.replace('26/10', '19/10'), 'plan-days-reversed', 'to'],
    ['a last day in 2062', good.replace('26/10/2026', '26/10/2062'), 'plan-days-many', 'to'],
    ['a day that is none', good.replace('20/10', '31/02'), 'date-unreadable', 'from'],
    ['a last day in 9999', good.replace('26/10/2026', '31/12/9999'), 'date-implausible', 'to'],
    ['nothing planned', good.replace('7,99;;leaflet;true', ';;;'), 'plan-says-nothing', undefined],
    [
      'no day on which it was known',
      good.replace('01/10/2026', ''),
      'known-day-missing',
      'decided',
    ],
    ['a day known in the future', good.replace('01/10', '01/11'), 'in-the-future', 'decided'],
    ['a price of 0', good.replace('7,99', '0,00'), 'price-not-positive', 'price'],
    ['a price with a point', good.replace('7,99', '7.99'), 'number-unreadable', 'price'],
    ['a discount of 120%', good.replace('7,99;', ';120%'), 'discount-out-of-range', 'discount'],
    ['a negative discount', good.replace('7,99;', ';-20%'), 'discount-out-of-range', 'discount'],
    ['a discount in money', good.replace('7,99;', ';R$ 2'), 'number-unreadable', 'discount'],
    ['a discount of 20 of what', good.replace('7,99;', ';20'), 'discount-unclear', 'discount'],
    ['a discount of 0,2 of what', good.replace('7,99;', ';0,2'), 'discount-unclear', 'discount'],
    [
      'a display that is a word',
      good.replace('true', 'end cap'),
      'yes-or-no-unreadable',
      'display',
    ],
    [
      'the usual price with a discount',
      good.replace('7,99;', '10,00;20%'),
      'price-against-discount',
      'price',
    ],
    ['a price for nothing', good.replace('7,99;', '7,99;100%'), 'price-against-discount', 'price'],
    [
      'the category of another',
      good.replace('milk;', 'milk;Bakery'),
      'category-against-sales',
      'category',
    ],
    ['a cell too many', `${good};x`, 'ragged-row', undefined],
    ['an invisible character', good.replace('milk', 'mi\u202Elk'), 'id-unusable', 'product'],
  ])('with %s is quarantined with its reason', async (_, row, rule, column) => {
    const { result, rows, report, quarantine } = await planned([row])
    expect(finding(result, rule)).toMatchObject({ count: 1, file: 'plan/2026.csv', level: 'row' })
    expect(finding(result, rule)?.column).toBe(column)
    expect(rows).toEqual([])
    expect(report.plan).toMatchObject({ rowsRead: 1, rowsAccepted: 0, rowsQuarantined: 1 })
    expect(await quarantine('plan/2026.csv')).toContain(rule)
  })

  test.each([
    ['of somebody who never sold', good.replace('milk', 'juice'), 'plan-never-sold', 'product'],
    ['of a store that never sold', good.replace(';1;', ';9;'), 'plan-never-sold', 'store'],
    ['known after its days began', good.replace('01/10', '22/10'), 'known-late', 'decided'],
    ['with a space in its id', good.replace('milk', 'milk '), 'spaces-around-id', 'product'],
  ])('%s is told and kept', async (_, row, rule, column) => {
    const { result, rows } = await planned([row])
    expect(rulesIn(result)).toEqual([rule])
    expect(finding(result, rule)).toMatchObject({ level: 'warning', column })
    expect(rows).toHaveLength(1)
  })

  test('with a price that its discount leaves of what was paid is believed', async () => {
    const { rows, report } = await planned([good.replace('7,99;', '7,99;20%')])
    expect(report.findings).toEqual([])
    expect(rows).toMatchObject([{ price: 7.99, discount: 0.2 }])
  })

  test('that names the category in which its product sells is about the product', async () => {
    const { rows } = await planned([good.replace('milk;', 'milk;Dairy')])
    expect(rows?.map(({ days: _, ...row }) => Object.keys(row))).toEqual([
      ['productId', 'storeId', 'price', 'promotion', 'display', 'knownOn'],
    ])
  })

  test('that says that there is no promotion takes back what was planned', async () => {
    const { rows } = await planned([good.replace('7,99;;leaflet;true', ';;não;')])
    expect(rows).toMatchObject([{ productId: 'milk', discount: 0 }])
    expect(rows?.[0]).not.toHaveProperty('promotion')
  })

  test.each([
    ['percent', '20', 0.2],
    ['percent', '1', 0.01],
    ['percent', '20 %', 0.2],
    ['share', '0,2', 0.2],
    ['share', '1', 1],
    ['share', '20%', 0.2],
    [undefined, '0', 0],
  ])('written where discounts are %s: %s is %s', async (discounts, written, discount) => {
    const contract = planContractOf({ plan: { discounts } })
    const { rows } = await planned([good.replace('7,99;', `;${written}`)], { contract })
    expect(rows).toMatchObject([{ discount }])
  })

  test.each([
    ['percent', '0,2', 'discount-unclear'],
    ['share', '20', 'discount-out-of-range'],
  ])('written where discounts are %s: %s is not guessed at', async (discounts, written, rule) => {
    const contract = planContractOf({ plan: { discounts } })
    const { result } = await planned([good.replace('7,99;', `;${written}`)], { contract })
    expect(rulesIn(result)).toEqual([rule])
  })

  test('is about one day where no column says the last', async () => {
    const contract = planContractOf({ columns: { to: undefined } })
    const { rows } = await planned([good], { contract })
    expect(rows).toMatchObject([{ days: '2026-10-20 2026-10-20' }])
  })

  test('is known so many days before it begins where the contract says so', async () => {
    const contract = planContractOf({
      columns: { knownOn: undefined },
      plan: { knownDaysBefore: 14 },
    })
    const { rows } = await planned([good], { contract })
    expect(rows).toMatchObject([{ knownOn: '2026-10-06', revision: 0 }])
  })
})

describe('rows that were known on the same day about the same products', () => {
  const other = good.replace('7,99', '6,99').replace('20/10', '25/10').replace('26/10', '31/10')

  test('contradict each other where they say something else of a day: none is believed', async () => {
    const { result, rows, report, quarantine } = await planned([good, other])
    expect(finding(result, 'plan-contradictory')).toMatchObject({
      count: 2,
      examples: [{ line: 2 }, { line: 3 }],
    })
    expect(rows).toEqual([])
    expect(report.plan).toMatchObject({ rowsRead: 2, rowsQuarantined: 2 })
    expect((await quarantine('plan/2026.csv'))?.split('\n')).toHaveLength(4)
  })

  test('contradict each other across files', async () => {
    const files = { 'plan/late.csv': `${PLAN_HEADER}\n${other}\n` }
    const { report } = await planned([good], { files })
    expect(report.plan?.files.map((file) => file.rowsQuarantined)).toEqual([1, 1])
  })

  test.each([
    ['of other days', other.replace('25/10', '27/10')],
    ['of another store', other.replace(';1;', ';2;')],
    ['of all stores', other.replace(';1;', ';;')],
    ['known later, which replaces the other one', other.replace('01/10', '02/10')],
    ['of something else', 'milk;;1;20/10/2026;26/10/2026;01/10/2026;;;;;false'],
  ])('do not contradict one %s', async (_, row) => {
    const { rows, report } = await planned([good, row])
    expect(report.findings).toEqual([])
    expect(rows).toHaveLength(2)
  })

  test('count once where they say the same', async () => {
    const { result, rows, report } = await planned([good, good, good])
    expect(finding(result, 'plan-repeated')).toMatchObject({ level: 'warning', count: 2 })
    expect(rows).toHaveLength(1)
    expect(report.plan).toMatchObject({ rowsRead: 3, rowsAccepted: 3 })
  })
})

describe('as of an earlier day', () => {
  test('nothing of a plan counts that was not known, nor what is wrong with it', async () => {
    const rows = [good, good.replace('01/10', '10/10').replace('7,99', '0,00')]
    const early = await planned(rows, { asOf: day('2026-10-05') })
    expect(early.rows).toHaveLength(1)
    expect(early.report.findings).toEqual([])
    expect(early.report.plan).toMatchObject({ rowsRead: 1, rowsQuarantined: 0 })
    const before = await planned(rows, { asOf: day('2026-09-30') })
    expect(before.rows).toEqual([])
    expect(before.report.plan).toMatchObject({ rowsRead: 0 })
  })

  test('what sold later does not decide whether a row is believed', async () => {
    // Milk is sold as bakery ware from October on, at three times the price.
    const later = ['1', '2'].map((shop) => `milk;Bakery;${shop};02/10/2026;9;30,00`)
    const rows = [
      good.replace('milk;', 'milk;Bakery'),
      good.replace('7,99;', '7,99;20%').replace('20/10', '27/10').replace('26/10', '30/10'),
    ]
    const early = await planned(rows, { asOf: day('2026-10-01') })
    const files = { 'sales.csv': `${SALES}${later.join('\n')}\n` }
    const late = await planned(rows, { files })
    expect(late.rows).toEqual(early.rows)
    expect(rulesIn(late.result)).toContain('category-against-sales')
    expect(late.rows).toHaveLength(1)
  })
})

describe('a file of the plan', () => {
  test.each(['en', 'pt-BR'] as const)('is reported beside the sales, in %s', async (language) => {
    const { report } = await planned([good, good.replace('7,99', '0,00')])
    const text = renderValidationMarkdown(report, language)
    await expect(text).toMatchFileSnapshot(`__golden__/plan-report.${language}.md`)
    expect(dataSentence(report, 'en')).toContain('; 2 rows of the plan, 1 quarantined;')
    const changes = [{ path: 'data/plan/2026.csv', change: 'added' as const }]
    const sales = { changes, report, merges: 'itself' as const, run: 'https://github.com/a/b' }
    expect(newSalesText(sales, 'en')).toMatch(/plan\/2026\.csv \| new \| 2 \| 1 \| – \|/)
    const [annotation] = findingAnnotations(report.findings, 'data')
    expect(annotation).toMatchObject({ file: 'data/plan/2026.csv', line: 3 })
  })

  test('hostile text in it comes out of the report as text', async () => {
    const { report } = await planned([good.replace('milk', '"<img src=x>|`@octocat`#1"')])
    for (const language of ['en', 'pt-BR'] as const) {
      expect(renderValidationMarkdown(report, language)).toContain('&#60;img src=x&#62;&#124;')
    }
  })

  test.each([
    [
      'in another encoding',
      Buffer.from(`${PLAN_HEADER}\n${good.replace('leaflet', 'prom\xE7')}\n`, 'latin1'),
      'encoding-wrong',
    ],
    ['without one of its columns', `${PLAN_HEADER.replace(';store', '')}\n`, 'header-missing'],
    ['that is empty', '', 'file-empty'],
    ['of bad rows', `${PLAN_HEADER}\n${good.replace('7,99', 'x')}\n`, 'too-many-bad-rows'],
  ])('%s refuses the data', async (_, content, rule) => {
    const contract = planContractOf({ cd4ml: { maxQuarantinedShare: 0.05 } })
    const { result } = await planned([good], { contract, files: { 'plan/x.csv': content } })
    expect(result.outcome).toBe('invalid')
    expect(finding(result, rule)).toMatchObject({ level: 'file', file: 'plan/x.csv' })
  })

  test('is not taken for sales that nobody reads', async () => {
    const { result } = await planned([good], { files: { 'plan/notes.txt': 'x' } })
    expect(rulesIn(result)).toEqual(['file-not-read'])
    expect(finding(result, 'file-not-read')?.examples).toEqual([{ value: 'plan/notes.txt' }])
  })

  test('is listed for other tools beside the sales', async () => {
    const { folder } = await planned([good])
    const contractFile = `${folder}/datapackage.json`
    await listSalesFiles(contractFile, folder)
    const { resources, cd4ml } = JSON.parse(await readFile(contractFile, 'utf8'))
    expect(resources[1].path).toEqual(['plan/2026.csv'])
    expect(cd4ml.files).toEqual({ plan: ['plan/*.csv'] })
    const again = await validate({ dataFolder: folder, contractFile, today: day('2026-10-31') })
    expect(again.report).toMatchObject({ findings: [], plan: { rowsRead: 1 } })
  })

  test('is read as the contract says that it is written, packed as well', async () => {
    const text = `${PLAN_HEADER}\n${good.replace('leaflet', 'promoção')}\n`.replaceAll(';', '\t')
    const files = { 'plan/b.csv.gz': gzipSync(Buffer.from(text, 'latin1')) }
    const dialect = { delimiter: '\t' }
    const resource = { path: 'plan/b.csv.gz', encoding: 'iso-8859-1', dialect }
    const { result, rows } = await planned([], { contract: planContractOf({ resource }), files })
    expect(rows).toMatchObject([{ productId: 'milk', promotion: 'promoção' }])
    expect(finding(result, 'file-not-read')?.examples).toEqual([{ value: 'plan/2026.csv' }])
  })

  test('cannot be sales at the same time', async () => {
    const contract = planContractOf({ resource: { path: 'sales.csv' } })
    await expect(planned([good], { contract })).rejects.toThrow(/sales\.csv is named twice/)
  })

  test('that the contract names and nobody has put there is asked for', async () => {
    const contract = planContractOf({ resource: { path: 'plans/*.csv' } })
    await expect(planned([good], { contract })).rejects.toThrow(/Put the plan files there/)
  })

  test('makes other data of the same sales, but not by the order of its rows', async () => {
    const other = good.replace('milk', 'bread')
    const digest = async (...rows: string[]) => {
      const { result } = await planned(rows)
      return result.outcome === 'valid' && dataDigest(result.totals, result.plan)
    }
    expect(await digest(good, other)).toBe(await digest(other, good))
    expect(await digest(good, other)).not.toBe(await digest(good))
    const { result } = await planned([])
    expect(await digest()).toBe(result.outcome === 'valid' && totalsDigest(result.totals))
  })

  test('keeps accepted + quarantined = read, whatever its cells hold', async () => {
    const cell = fc.oneof(
      fc.constantFrom(
        '',
        'milk',
        '1',
        '20/10/2026',
        '01/01/2026',
        '7,99',
        '20%',
        'true',
        '0',
        '-1',
      ),
      fc.string({ unit: 'binary' }).map((text) => text.replace(/[\r\n;"\0]/g, '')),
    )
    const row = fc
      .array(cell, { minLength: 1, maxLength: 12 })
      .map((cells) => `${cells.join(';')};`)
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 20 }), async (lines) => {
        const { report } = await planned(lines.filter((line) => line !== ';'))
        const { rowsRead = 0, rowsAccepted = 0, rowsQuarantined = 0 } = report.plan ?? {}
        expect(rowsAccepted + rowsQuarantined).toBe(rowsRead)
      }),
      { numRuns: 20, seed: 14 },
    )
  })
})
