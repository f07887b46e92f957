import { describe, expect, it } from 'vitest'
import { dayFromCivil, dayFromIso, isoFromDay, weekday } from '../../../src/base/day.ts'
import { SAMPLE_SEED, sampleData } from '../../../src/simulation/sample-data.ts'
import { type Simulation, simulate } from '../../../src/simulation/simulate.ts'

const chain = sampleData(SAMPLE_SEED).simulation
const lastDay = chain.firstDay + chain.days - 1

describe('a seed', () => {
  const small = { firstDay: dayFromIso('2024-01-01')!, lastDay: dayFromIso('2024-04-30')! }

  it('gives the same history again, so that the sample data can be rebuilt', () => {
    const [once, again] = [1, 1].map((seed) => simulate({ ...small, seed, products: 6 }))
    expect(again).toEqual(once)
  })

  it('gives another history than another seed', () => {
    const [one, other] = [1, 2].map((seed) => simulate({ ...small, seed, products: 6 }))
    expect(other.trueDemand).not.toEqual(one.trueDemand)
  })

  it('gives a product the same demand whatever else the chain sells', () => {
    const [few, many] = [6, 24].map((products) => simulate({ ...small, seed: 1, products }))
    const demandOf = ({ products, trueDemand, days }: Simulation, id: number) => {
      const row = products.findIndex((product) => product.id === id)
      return trueDemand.slice(row * days, (row + 1) * days)
    }
    for (const { id } of few.products) expect(demandOf(many, id)).toEqual(demandOf(few, id))
  })
})

describe('the books of the store', () => {
  it('agree every day: sales are demand less lost sales, and stock is what was bought and is left', () => {
    const { days, firstDay, trueDemand, lostSales, closingStock } = chain
    const sold = new Float64Array(trueDemand.length)
    const change = new Float64Array(trueDemand.length)
    for (const { product, purchaseDay, saleDay, expiryDay } of chain.units) {
      const cell = product * days - firstDay
      change[cell + purchaseDay]++
      const lastOnShelf = saleDay ?? (expiryDay === undefined ? lastDay + 1 : expiryDay + 1)
      if (lastOnShelf <= lastDay) change[cell + lastOnShelf]--
      if (saleDay !== undefined) sold[cell + saleDay]++
    }
    const stock = change.slice()
    for (let cell = 0; cell < stock.length; cell++) {
      if (cell % days > 0) stock[cell] += stock[cell - 1]
    }
    expect(sold).toEqual(trueDemand.map((wanted, cell) => wanted - lostSales[cell]))
    expect(stock).toEqual(closingStock)
    expect(Math.min(...stock)).toBe(0)
  })

  it('sell nothing before it is bought or after it expires', () => {
    const wrong = chain.units.filter(
      ({ purchaseDay, saleDay, expiryDay }) =>
        saleDay !== undefined && (saleDay < purchaseDay || saleDay > (expiryDay ?? saleDay)),
    )
    expect(wrong).toEqual([])
  })

  it('show an empty shelf at closing time on 5 to 10% of the days, as in a real store', () => {
    const share = fraction(offeredCells(chain), (cell) => chain.closingStock[cell] === 0)
    expect(share).toBeGreaterThan(0.05)
    expect(share).toBeLessThan(0.1)
  })

  it('show that 2 to 5% of what can expire does', () => {
    const perishable = chain.units.filter(({ expiryDay }) => expiryDay !== undefined)
    const share = fraction(
      perishable,
      ({ saleDay, expiryDay }) => saleDay === undefined && expiryDay! < lastDay,
    )
    expect(share).toBeGreaterThan(0.02)
    expect(share).toBeLessThan(0.05)
  })

  it('sell what was bought first, first', () => {
    const latest = chain.products.map(() => 0)
    const overtaking = chain.units.filter(({ product, purchaseDay, saleDay }) => {
      if (saleDay === undefined) return false
      const before = latest[product]
      latest[product] = purchaseDay
      return purchaseDay < before
    })
    expect(overtaking).toEqual([])
  })
})

describe('true demand', () => {
  it('is at least a fifth higher on promotion', () => {
    const promoted: number[] = []
    let plainDemand = 0
    for (const cells of Map.groupBy(offeredCells(chain), productOf).values()) {
      const isPromoted = (cell: number) => chain.price[cell] < chain.usualPrice[cell]
      const cheap = cells.filter(isPromoted)
      const plain = cells.filter((cell) => !isPromoted(cell))
      promoted.push(...cheap)
      plainDemand += (total(plain) / plain.length) * cheap.length
    }
    expect(total(promoted) / plainDemand).toBeGreaterThan(1.2)
  })

  it.each([
    ['beer at Carnaval', 'Cerveja lata', '2025-02-28', '2025-03-04', 1.8],
    ['Easter eggs before Easter', 'Ovo de Páscoa', '2025-04-11', '2025-04-19', 8],
    ['panetone before Christmas', 'Panetone de frutas', '2024-12-10', '2024-12-24', 5],
    ['notebooks in the weeks of back to school', 'Caderno espiral', '2025-01-13', '2025-02-16', 2],
    ['rice after payday', 'Arroz branco 5kg', '2025-04-05', '2025-04-08', 1.15],
    ['children’s books on Black Friday', 'Livro infantil', '2024-11-29', '2024-12-01', 1.5],
    ['popcorn at the June festivals', 'Milho de pipoca', '2025-06-12', '2025-06-29', 1.5],
  ])('is higher for %s', (_, name, from, until, factor) => {
    const rates = dailyDemand(name, from, until) / dailyDemand(name, '2024-08-01', '2025-07-31')
    expect(rates).toBeGreaterThan(factor)
  })

  it('follows Easter and Carnaval where they move', () => {
    const easterWeeks = ['2024-03-25', '2025-04-14', '2026-03-30'].map((monday) =>
      dailyDemand('Bombons sortidos', monday, isoFromDay(dayFromIso(monday)! + 5)),
    )
    const sameWeekIn2025 = dailyDemand('Bombons sortidos', '2025-03-24', '2025-03-29')
    expect(Math.min(...easterWeeks)).toBeGreaterThan(1.5 * sameWeekIn2025)
  })

  it('is highest on Saturdays and nothing on the days on which the store is closed', () => {
    const cells = offeredCells(chain)
    const byWeekday = [0, 5].map((number) =>
      total(cells.filter((cell) => weekday(dayOf(cell)) === number)),
    )
    expect(byWeekday[1]).toBeGreaterThan(1.3 * byWeekday[0])
    const closed = cells.filter((cell) => isoFromDay(dayOf(cell)).endsWith('-12-25'))
    expect(total(closed)).toBe(0)
  })

  it('begins with a launch and ends with a delisting', () => {
    const launched = chain.products.filter(({ launch }) => launch !== undefined)
    const delisted = chain.products.filter(({ delisting }) => delisting !== undefined)
    expect(launched.length).toBeGreaterThanOrEqual(3)
    expect(delisted.length).toBeGreaterThanOrEqual(2)
    for (const { name, launch } of launched) {
      const before = isoFromDay(launch! - 1)
      expect(dailyDemand(name, isoFromDay(chain.firstDay), before)).toBe(0)
      expect(dailyDemand(name, isoFromDay(launch!), isoFromDay(launch! + 60))).toBeGreaterThan(0)
    }
    for (const { name, delisting } of delisted) {
      expect(
        dailyDemand(name, isoFromDay(delisting! - 60), isoFromDay(delisting!)),
      ).toBeGreaterThan(0)
      expect(dailyDemand(name, isoFromDay(delisting!), isoFromDay(lastDay))).toBe(0)
    }
  })

  it('is under one unit a week for several products', () => {
    const slow = chain.products.filter(
      ({ name }) => dailyDemand(name, isoFromDay(chain.firstDay), isoFromDay(lastDay)) < 1 / 7,
    )
    expect(slow.length).toBeGreaterThanOrEqual(4)
  })

  it('moves to a lower level when the competitor opens, as a forecaster has to notice', () => {
    const winter = (year: number) =>
      total(
        offeredCells(chain).filter((cell) => {
          const day = dayOf(cell)
          return day >= dayFromCivil(year, 7, 1)! && day <= dayFromCivil(year, 9, 30)!
        }),
      )
    expect(winter(2025)).toBeLessThan(0.97 * winter(2024))
  })
})

function offeredCells({ products, days, firstDay }: Simulation): number[] {
  return products.flatMap(({ launch = 0, delisting = Number.POSITIVE_INFINITY }, product) =>
    Array.from({ length: days }, (_, index) => index)
      .filter((index) => launch <= firstDay + index && firstDay + index < delisting)
      .map((index) => product * days + index),
  )
}

function productOf(cell: number): number {
  return Math.floor(cell / chain.days)
}

function dayOf(cell: number): number {
  return chain.firstDay + (cell % chain.days)
}

function total(cells: number[]): number {
  return cells.reduce((sum, cell) => sum + chain.trueDemand[cell], 0)
}

/** Mean units per day from one ISO day to another, inclusive. */
function dailyDemand(name: string, from: string, until: string): number {
  const row = chain.products.findIndex((product) => product.name === name) * chain.days
  const [first, last] = [from, until].map((iso) => dayFromIso(iso)! - chain.firstDay)
  const units = chain.trueDemand.slice(row + first, row + last + 1)
  return units.reduce((sum, count) => sum + count, 0) / units.length
}

function fraction<T>(items: T[], holds: (item: T) => boolean): number {
  return items.filter(holds).length / items.length
}
