import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { describe, expect, it } from 'vitest'
import { type Day, dayFromIso, isoFromDay } from '../../src/base/day.ts'
import type { CatalogueProduct } from '../../src/simulation/product.ts'
import { simulate, type Unit } from '../../src/simulation/simulate.ts'
import { newProject, REPOSITORY, SAMPLE, succeed, succeedJson } from '../project.ts'
import { copyOf, put } from '../repository.ts'
import { dataFiles, OPENING, productIds, recipe, type Sale, salesOf } from '../shop.ts'

describe('on an earlier day', () => {
  const asOf = ['--as-of', '2025-10-05']

  it('nothing dated later is seen: changing or deleting it changes no byte', async () => {
    const products = productIds(6)
    const sales = salesOf({ products, frequency: 'week', periods: 115 })
    const families = 'moving-average: { window: [4, 8] }, ridge: {}'
    const project = await newProject({ ...dataFiles(sales), ...recipe(families) })
    const changed = await copyOf(project)
    const later = (sale: Sale) => sale.day > dayFromIso('2025-10-05')!
    const otherLater = sales.map((sale) =>
      later(sale) ? { ...sale, units: 3 * sale.units + 100, category: 'other' } : sale,
    )
    const launched = sales.filter(later).map((sale) => ({ ...sale, product: `${sale.product}x` }))
    await put(changed, dataFiles([...otherLater, ...launched]))
    const deleted = await copyOf(project)
    await put(deleted, dataFiles(sales.filter((sale) => !later(sale))))
    await rm(join(deleted, 'data/sales/2026.csv'))

    const [seen, ...seenElsewhere] = await Promise.all([project, changed, deleted].map(lookBack))
    expect(seen.forecast.split('\n')[1]).toMatch(/^P1,2025-10-06,/)
    expect(seenElsewhere).toEqual([seen, seen])
    const [now, nowElsewhere] = await Promise.all([project, changed].map(forecastNow))
    expect(nowElsewhere).not.toBe(now)
  })

  it('a unit that was sold later, or is said to be, is still on the shelf, and one bought later is not there', async () => {
    const { units, products } = simulate({
      seed: 3,
      firstDay: OPENING,
      lastDay: OPENING + 660,
      products: 6,
    })
    const file = (rows: Unit[]) => ({ 'data/sales/units.csv': unitFile(rows, products) })
    const contract = await readFile(join(SAMPLE, 'datapackage.json'), 'utf8')
    const whole = await newProject({
      ...file(units),
      ...recipe('exponential-smoothing: {}'),
      'data/datapackage.json': contract,
    })
    const extractedThen = await copyOf(whole)
    const then = dayFromIso('2025-10-05')!
    const known = units
      .filter(({ purchaseDay }) => purchaseDay <= then)
      .map((unit) =>
        unit.saleDay !== undefined && unit.saleDay > then ? { ...unit, saleDay: undefined } : unit,
      )
    expect(known.filter(({ saleDay }) => saleDay === undefined).length).toBeGreaterThan(50)
    await put(extractedThen, file(known))
    const soldForNothing = await copyOf(whole)
    const isLater = ({ saleDay }: Unit) => saleDay !== undefined && saleDay > then
    await put(
      soldForNothing,
      file(units.map((unit) => (isLater(unit) ? { ...unit, price: 0 } : unit))),
    )
    const views = await Promise.all([whole, extractedThen, soldForNothing].map(lookBack))
    expect(views[1]).toEqual(views[0])
    expect(views[2]).toEqual(views[0])
  })

  /** What the commands say and leave as on that day. */
  async function lookBack(project: string) {
    const training = await succeedJson(project, ['train', ...asOf])
    const report = await succeedJson(project, ['validate', ...asOf])
    const { decision, challenger } = await succeedJson(project, ['compare', ...asOf])
    return {
      training,
      units: report.totals.unitsSold,
      decision,
      challenger,
      model: await readFile(join(project, '.cd4ml/challenger/model.json'), 'utf8'),
      forecast: await succeed(project, ['forecast', '--all', ...asOf]),
    }
  }

  async function forecastNow(project: string): Promise<string> {
    await succeed(project, ['train', '--out', 'now'])
    return succeed(project, ['forecast', '--all', '--out', 'now'])
  }
})

describe('the error that the backtest reports', () => {
  it('is that of forecasts made as of each of its days, with weekly totals', async () => {
    await expectReproduced({ frequency: 'week', every: 7, horizon: 4, periods: 80, activeFor: 8 })
  })

  it('is that of forecasts made as of each of its days, with daily totals', async () => {
    await expectReproduced({ frequency: 'day', every: 1, horizon: 10, periods: 150, activeFor: 28 })
  })
})

type Case = {
  frequency: 'day' | 'week'
  /** Days in a period. */
  every: number
  horizon: number
  periods: number
  /** A series is scored where it sold in this many periods before the origin. */
  activeFor: number
}

async function expectReproduced({ frequency, every, horizon, periods, activeFor }: Case) {
  const sales = withLaunchAndDelisting(salesOf({ products: productIds(6), frequency, periods }))
  const policy = await readFile(join(REPOSITORY, 'model-registry/policy.yml'), 'utf8')
  const families = 'moving-average: { window: [3, 7] }, exponential-smoothing: {}'
  const project = await newProject({
    ...dataFiles(sales),
    ...recipe(families, { frequency, horizon }),
    'model-registry/policy.yml': policy.replace(/^origins: .*$/m, 'origins: 4'),
  })
  await succeed(project, ['pipeline'])
  const comparison = await readFile(join(project, '.cd4ml/challenger/comparison.json'), 'utf8')
  const { origins, rows, challenger } = JSON.parse(comparison).evaluation
  expect(origins).toHaveLength(4)

  const sold = new Map(sales.map(({ product, day, units }) => [`${product} ${day}`, units]))
  const unitsOf = (product: string, day: Day) => sold.get(`${product} ${day}`) ?? 0
  const isActive = (product: string, origin: Day) =>
    Array.from({ length: activeFor }, (_, k) => origin + 1 - (k + 1) * every).some(
      (day) => unitsOf(product, day) > 0,
    )
  let scored = 0
  let error = 0
  let total = 0
  for (const origin of origins) {
    const options = ['--as-of', origin, '--out', 'past']
    await succeed(project, ['train', ...options])
    const forecasts: Record<string, string>[] = parse(
      await succeed(project, ['forecast', '--all', ...options]),
      { columns: true },
    )
    for (const { product_id, period, mean } of forecasts) {
      if (!isActive(product_id, dayFromIso(origin)!)) continue
      const units = unitsOf(product_id, dayFromIso(period)!)
      scored += 1
      error += Math.abs(units - Number(mean))
      total += units
    }
  }
  expect(scored).toBe(rows)
  expect(error / total).toBeCloseTo(challenger.metrics.wape, 5)
}

/** The sales file of a chain that writes no dirt, in the format of the sample data. */
function unitFile(units: Unit[], products: readonly CatalogueProduct[]): string {
  const date = (day: Day | undefined) =>
    day === undefined ? '' : isoFromDay(day).split('-').reverse().join('/')
  const amount = (value: number) => value.toFixed(2).replace('.', ',')
  const lines = units.map(({ product, price, cost, purchaseDay, saleDay, expiryDay }) => {
    const { id, name, category } = products[product]
    const days = [purchaseDay, saleDay, expiryDay].map(date)
    return [id, name, category, amount(price), amount(cost), ...days].join(';')
  })
  return `id;nome;categoria;preco;custo;data_compra;data_venda;data_vencimento\n${lines.join('\n')}\n`
}

/** One product comes late in the history, another leaves before its end. */
function withLaunchAndDelisting(sales: Sale[]): Sale[] {
  const end = Math.max(...sales.map(({ day }) => day)) + 1
  const at = (share: number) => OPENING + share * (end - OPENING)
  return sales.filter(
    ({ product, day }) =>
      (product !== 'P2' || day >= at(0.8)) && (product !== 'P3' || day < at(0.6)),
  )
}
