import { expect, test } from 'vitest'
import { canonicalJson } from '../../src/base/canonical-json.ts'
import { isoFromDay } from '../../src/base/day.ts'
import { renderValidationMarkdown } from '../../src/reporting/validation-markdown.ts'
import { contractOf } from '../unit/sales/contracts.ts'
import { csv, day, finding, goodRow, header, validated } from './validate-fixture.ts'

test('the report reads as its golden copy', async () => {
  const bad = [
    goodRow.replace('03/10/2026', '31/02/2026'),
    goodRow.replace('5,49', '=HYPERLINK("https://evil.example")'),
    goodRow.replace('1;Milk', '| @everyone <b>;Milk').replace('4,13', '413'),
    `${goodRow};#1`,
  ]
  const { report } = await validated({
    files: {
      'sales/1.csv': csv(...Array(40).fill(goodRow), goodRow.replace('Milk', '')),
      'sales/2.csv': csv(...Array(9).fill(bad).flat(), ...Array(40).fill(goodRow)),
      'sales/3.csv': `${header.replace('cost', 'costs')}\n${goodRow}\n`,
    },
    contract: contractOf({ resource: { path: 'sales/*.csv' } }),
  })
  await expect(renderValidationMarkdown(report, 'en')).toMatchFileSnapshot(
    '__golden__/validation-report.md',
  )
  await expect(renderValidationMarkdown(report, 'pt-BR')).toMatchFileSnapshot(
    '__golden__/validation-report.pt-BR.md',
  )
  await expect(canonicalJson(report)).toMatchFileSnapshot('__golden__/validation-report.json')
})

test('hostile text in the data comes out of the report as text', async () => {
  const row = goodRow.replace('1;', '"<img src=x>|`@octocat`#1\n\u202Eevil";')
  const { report } = await validated({ files: { 'sales.csv': csv(goodRow, row) } })
  for (const language of ['en', 'pt-BR'] as const) {
    expect(renderValidationMarkdown(report, language)).toContain(
      '&#60;img src=x&#62;&#124;&#96;@&#8203;octocat&#96;#&#8203;1␊‹U+202E›evil',
    )
  }
  expect(report.findings[0].examples[0].value).toBe('<img src=x>|`@octocat`#1␊‹U+202E›evil')
})

test('a month that is not like the months before is pointed out', async () => {
  const rows = ['2026-06', '2026-07', '2026-08', '2026-09'].flatMap((month) =>
    monthRows(month, 30, '5,00', 'Dairy'),
  )
  const odd = monthRows('2026-10', 100, '9,00', 'DAIRY').map((row) => row.replace('Milk', ''))
  const { result } = await validated({ files: { 'sales.csv': csv(...rows, ...odd) } })
  expect(result.outcome).toBe('valid')
  const value = (rule: string) => finding(result, rule)?.examples[0].value
  expect(value('volume-change')).toBe('10.0 units a day, the median of the months before is 3.0')
  expect(value('price-jump')).toBe('1: 5.00 → 9.00')
  expect(value('new-category')).toBe('DAIRY')
  expect(value('more-missing')).toBe('100.0% now, 0.0% before')
})

test('a month like the months before raises no warning', async () => {
  const months = ['2026-06', '2026-07', '2026-08', '2026-09', '2026-10']
  const rows = months.flatMap((month) => monthRows(month, 30, '5,00', 'Dairy'))
  const { report } = await validated({ files: { 'sales.csv': csv(...rows) } })
  expect(report.findings).toEqual([])
})

/** `units` sales over the first ten days of a month. */
function monthRows(month: string, units: number, price: string, category: string): string[] {
  return Array.from({ length: units }, (_, unit) => {
    const date = isoFromDay(day(`${month}-01`) + (unit % 10))
      .split('-')
      .reverse()
      .join('/')
    return `1;Milk;${category};${price};4,13;${date};${date};`
  })
}
