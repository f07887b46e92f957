import { parse } from 'csv-parse/sync'
import { beforeAll, describe, expect, it } from 'vitest'
import { isoFromDay } from '../../src/base/day.ts'
import { cd4ml, newProject, succeed, succeedJson } from '../project.ts'
import { OPENING, productIds, recipe, salesOf, stockedFiles } from '../shop.ts'

const weeks = 30
const lastDay = OPENING + 7 * weeks - 1

describe('the order of a buyer', () => {
  let project: string

  beforeAll(async () => {
    const sales = salesOf({ products: productIds(4), frequency: 'day', periods: 7 * weeks })
    project = await newProject({
      ...stockedFiles(sales, lastDay),
      ...recipe('moving-average: { window: 8 }', { horizon: 5 }),
      'ordering.yml': 'defaults: { leadTime: 2, reviewPeriod: 7, pack: 10 }\n',
    })
    await succeed(project, ['train'])
  })

  it('lists every product with units and reason, for people, for spreadsheets and for programs', async () => {
    const { orders } = await succeedJson(project, ['order'])
    expect(orders.map(({ productId }: { productId: string }) => productId)).toEqual(productIds(4))
    for (const { outcome, units, from, through, onHand, forecast } of orders) {
      expect(outcome).toBe('order')
      expect([from, through]).toEqual([isoFromDay(lastDay + 1), isoFromDay(lastDay + 9)])
      expect(units % 10).toBe(0)
      expect(onHand).toBe(50)
      // Losing a sale costs more than keeping a unit: more than the mean is to be there.
      expect(units + onHand).toBeGreaterThan(forecast.mean)
    }
    const [header, ...rows] = parse(await succeed(project, ['order', '--format', 'csv']))
    expect(header).toEqual(['product_id', 'order', 'from', 'through', 'on_hand', 'reason'])
    expect(rows.map(([id, units]: string[]) => [id, Number(units)])).toEqual(
      orders.map((it: { productId: string; units: number }) => [it.productId, it.units]),
    )
    const text = await succeed(project, ['order', '--quiet'])
    expect(text).toMatch(/^Order of the day: \S+\nProduct {2}On hand {2}Forecast .* Value\n/)
    for (const { productId, units } of orders) {
      const shown = units.toLocaleString('en-US')
      expect(text).toMatch(new RegExp(`^${productId} .* ${shown} +\\d+ × 10 +\\d`, 'm'))
    }
    const one = await succeed(project, ['order', '--product', 'P1', '--quiet'])
    expect(one).toBe(`P1: ${orders[0].reason}\n`)
  })

  it('stands below the forecast of a product', async () => {
    const span = ['--from', isoFromDay(lastDay + 1), '--to', isoFromDay(lastDay + 14)]
    const answer = await succeed(project, ['forecast', '--product', 'P3', ...span, '--quiet'])
    expect(answer.split('\n')[1]).toMatch(/^Order [\d,]+ \(\d+ packs? of 10\): forecast /)
  })

  it('is not given on terms that make no sense', async () => {
    const { code, stderr } = await cd4ml(project, ['order', '--ordering', 'none.yml'])
    expect(code).toBe(2)
    expect(stderr).toContain('none.yml: cannot be read')
  })
})
