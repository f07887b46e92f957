import { parse } from 'csv-parse/sync'
import { describe, expect, it } from 'vitest'
import { isoFromDay } from '../../src/base/day.ts'
import { newProject, succeed, succeedJson } from '../project.ts'
import { dataFiles, OPENING, productIds, recipe, type Sale, salesOf } from '../shop.ts'

const HOSTILE = [
  '=HYPERLINK("http://example.com";"x")',
  '+1+1',
  '-7',
  '@SUM(A1)',
  'a,b;c',
  'say "cheese"',
  "d'água",
  'two  words',
  '007',
  '../../etc/passwd',
  'C:\\temp',
  '__proto__',
  'constructor',
  '<b>bold</b>',
  '$(rm -rf .)',
  'pão de queijo 🧀',
  '--all',
  '%s%n',
]

const periods = 60
const horizon = 5

describe('the forecast of all products', () => {
  it('has every series and period, in the promised columns, with numbers that a buyer can use', async () => {
    const sales = salesOf({ products: productIds(5), frequency: 'week', periods })
    const project = await trained(sales)
    const csv = await succeed(project, ['forecast', '--all', '--format', 'csv', '--quiet'])
    const [header, ...rows] = table(csv)
    expect(header).toEqual(['product_id', 'period', 'mean', 'p10', 'p50', 'p90'])
    expect(rows.map(([product, period]) => `${product} ${period}`)).toEqual(
      productIds(5).flatMap((id) => comingWeeks().map((week) => `${id} ${week}`)),
    )
    expectUsable(rows.map((row) => row.slice(2)))

    const { forecasts } = await succeedJson(project, ['forecast', '--all'])
    expect(forecasts.map((it: { mean: number }) => it.mean.toFixed(2))).toEqual(
      rows.map((row) => Number(row[2]).toFixed(2)),
    )
  })

  it('tells stores apart where there are stores', async () => {
    const shop = salesOf({ products: productIds(3), frequency: 'week', periods })
    const sales = ['Norte', 'Sul'].flatMap((store, index) =>
      shop.map((sale) => ({ ...sale, store, units: sale.units * (1 + 3 * index) })),
    )
    const project = await trained(sales)
    const [header, ...rows] = table(await succeed(project, ['forecast', '--all', '--quiet']))
    expect(header).toEqual(['product_id', 'store_id', 'period', 'mean', 'p10', 'p50', 'p90'])
    expect(new Set(rows.map(([product, store]) => `${product} ${store}`)).size).toBe(6)
    expect(rows).toHaveLength(6 * horizon)
    expectUsable(rows.map((row) => row.slice(3)))
    const total = (store: string) =>
      rows.filter((row) => row[1] === store).reduce((sum, row) => sum + Number(row[3]), 0)
    expect(total('Sul') / total('Norte')).toBeCloseTo(4, 3)
  })

  it('gives ids back exactly as the sales files have them, but for an apostrophe where a spreadsheet would calculate', async () => {
    const project = await trained(salesOf({ products: HOSTILE, frequency: 'week', periods }))
    const [, ...rows] = table(await succeed(project, ['forecast', '--all', '--quiet']))
    const disarmed = HOSTILE.map((id) => (/^[=+\-@]/.test(id) ? `'${id}` : id))
    expect(new Set(rows.map(([id]) => id))).toEqual(new Set(disarmed))
    expect(rows).toHaveLength(HOSTILE.length * horizon)
    expectUsable(rows.map((row) => row.slice(2)))

    const { forecasts } = await succeedJson(project, ['forecast', '--all'])
    expect(new Set(forecasts.map((it: { productId: string }) => it.productId))).toEqual(
      new Set(HOSTILE),
    )
    for (const id of ['__proto__', '--all', 'say "cheese"']) {
      const { forecasts } = await succeedJson(project, ['forecast', `--product=${id}`, month])
      expect(forecasts.map((it: { productId: string }) => it.productId)).toEqual([id])
    }
  })
})

describe('the forecast of a product', () => {
  it('answers how many units of it a month will sell, with an interval', async () => {
    const sales = salesOf({ products: productIds(4), frequency: 'week', periods })
    const project = await trained(sales)
    const answer = await succeed(project, ['forecast', '--product', 'P2', month, '--quiet'])
    expect(answer).toMatch(/^P2, 2025-03: [\d,]+ units; 80% interval [\d,]+ to [\d,]+\n$/)

    const { forecasts } = await succeedJson(project, ['forecast', '--product', 'P2', month])
    const [{ from, to, mean, p10, p90 }] = forecasts
    expect([from, to]).toEqual(['2025-03-01', '2025-03-31'])
    const lately = sales.filter(({ product }) => product === 'P2').slice(-8)
    const aDay = lately.reduce((sum, { units }) => sum + units, 0) / (8 * 7)
    expect(mean / aDay).toBeGreaterThan(0.8 * 31)
    expect(mean / aDay).toBeLessThan(1.2 * 31)
    expect(p10).toBeLessThan(mean)
    expect(p90).toBeGreaterThan(mean)
  })
})

/** A month that begins after the last sale. */
const month = '--month=2025-03'

function comingWeeks(): string[] {
  return Array.from({ length: horizon }, (_, h) => isoFromDay(OPENING + 7 * (periods + h)))
}

async function trained(sales: Sale[]): Promise<string> {
  const families = 'moving-average: { window: [4, 8] }, exponential-smoothing: {}'
  const project = await newProject({ ...dataFiles(sales), ...recipe(families, { horizon }) })
  await succeed(project, ['train'])
  return project
}

function table(csv: string): string[][] {
  return parse(csv)
}

/** Rows of mean, p10, p50, p90: numbers, none negative, quantiles in their order, some demand. */
function expectUsable(rows: string[][]): void {
  for (const cells of rows) {
    const [mean, p10, p50, p90] = cells.map(Number)
    expect(cells.join()).toMatch(/^\d+(\.\d+)?(,\d+(\.\d+)?){3}$/)
    expect(mean).toBeGreaterThan(0)
    expect(p10).toBeLessThanOrEqual(p50)
    expect(p50).toBeLessThanOrEqual(p90)
  }
}
