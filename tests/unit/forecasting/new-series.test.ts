import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../src/base/random.ts'
import { leanOnLike, spreads, standings } from '../../../src/forecasting/new-series.ts'
import { panelOf } from './panels.ts'

const unknown = Number.NaN

/** Rows of 20 weeks that sell about so many a week, and at the end those of a new product. */
function chainWith(sizes: number[], launched: number[]) {
  const random = seededRandom(1)
  const established = sizes.map((size) =>
    Array.from({ length: 20 }, () => size * (0.7 + 0.6 * random())),
  )
  return [...established, [...new Array(20 - launched.length).fill(unknown), ...launched]]
}

const different = [1, 2, 5, 9, 20, 45, 100, 210]

describe('a product without history', () => {
  const series = (...categories: (string | undefined)[]) =>
    panelOf(
      categories.map((_, index) => (index < 3 || categories[index] === 'salt' ? [1] : [unknown])),
      { categories },
    )

  it('is forecast as the middle product of its category, period by period', () => {
    const forecast = Float64Array.from([1, 9, 2, 8, 3, 7, 99, 99, unknown, unknown])
    leanOnLike(forecast, series('tea', 'tea', 'tea', 'salt', 'tea'), 2)
    expect(Array.from(forecast.subarray(8))).toEqual([2, 8])
  })

  it('is forecast as the products of its category of about its price', () => {
    const prices = [...Array.from({ length: 20 }, (_, peer) => 2 + peer), 4, Number.NaN]
    const panel = panelOf(
      prices.map((_, index) => [index < 20 ? 1 : unknown]),
      { price: prices.map((price) => [price]), categories: prices.map(() => 'tea') },
    )
    const forecast = Float64Array.from(prices, (_, peer) => (peer < 20 ? 100 - peer : unknown))
    leanOnLike(forecast, panel, 1)
    // The seven nearest in proportion cost 2 to 8; without a price, all twenty count.
    expect(Array.from(forecast.subarray(20))).toEqual([97, 90.5])
  })

  it('is forecast as the middle product of the chain where its category is new too', () => {
    const forecast = Float64Array.from([1, 5, 6, unknown, unknown])
    leanOnLike(forecast, series('tea', 'tea', 'salt', 'pepper', undefined), 1)
    expect(Array.from(forecast)).toEqual([1, 5, 6, 5, 5])
  })

  it('is forecast as nothing where nothing is known of any', () => {
    const forecast = Float64Array.from([unknown, unknown])
    leanOnLike(forecast, panelOf([[unknown], [unknown]]), 1)
    expect(Array.from(forecast)).toEqual([0, 0])
  })
})

describe('a product with a little history', () => {
  const credibilityOf = (sizes: number[], launched: number[]) =>
    standings(panelOf(chainWith(sizes, launched))).credibility.at(-1)!

  it('counts for more with every week, and for itself alone once it is established', () => {
    const weeks = [1, 2, 4, 7, 8].map((n) => credibilityOf(different, new Array(n).fill(30)))
    expect(weeks).toEqual(weeks.toSorted((a, b) => a - b))
    expect(weeks[0]).toBeGreaterThan(0.5)
    expect(weeks.at(-1)).toBe(1)
  })

  it('leans on its like where those are alike, and not where they differ by a factor', () => {
    const alike = new Array(8).fill(20)
    expect(credibilityOf(alike, [30, 10])).toBeLessThan(0.6)
    expect(credibilityOf(different, [30, 10])).toBeGreaterThan(0.9)
  })

  it('counts as much where every product is the only one of its category', () => {
    const rows = chainWith(different, [30])
    const categories = rows.map((_, index) => `category ${index}`)
    const { credibility } = standings(panelOf(rows, { categories }))
    expect(credibility.at(-1)).toBe(credibilityOf(different, [30]))
  })

  it('leans on its like for longer where next to nothing is sold in a period', () => {
    const random = seededRandom(3)
    const rare = different.map((size) => Array.from({ length: 20 }, () => size * +(random() < 0.1)))
    const launched = [...new Array(16).fill(unknown), 0, 1, 0, 0]
    const { credibility } = standings(panelOf([...rare, launched]))
    expect(credibility.at(-1)).toBeLessThan(credibilityOf(different, [1, 1, 1, 1]))
  })

  it('does not depend on the unit of measure, nor on one spike', () => {
    const rows = chainWith(different, [30, 10])
    const grams = rows.map((row) => row.map((units) => 1024 * units))
    const of = (units: number[][]) => standings(panelOf(units)).credibility.at(-1)!
    expect(of(grams)).toBeCloseTo(of(rows), 9)
    const spiked = rows.map((row, index) => (index === 0 ? [...row.slice(1), 1e9] : row))
    expect(of(spiked)).toBeGreaterThan(0.8)
  })

  it('does not count for less because its like have a season', () => {
    const sizes = [10, 13, 16, 20, 25, 32, 40, 50]
    const seasonal = chainWith(sizes, [30]).map((row, index) =>
      row.map((units, week) =>
        index < sizes.length ? units * (1 + 0.8 * Math.sin(week / 4)) : units,
      ),
    )
    const credibility = standings(panelOf(seasonal)).credibility.at(-1)!
    expect(credibility).toBeGreaterThan(0.9 * credibilityOf(sizes, [30]))
  })

  it('is forecast between its own forecast and that of its like', () => {
    const panel = panelOf(chainWith(new Array(8).fill(20), [40, 10]))
    const forecast = Float64Array.from([...new Array(8).fill(20), 40])
    leanOnLike(forecast, panel, 1)
    expect(forecast[8]).toBeGreaterThan(20)
    expect(forecast[8]).toBeLessThan(40)
    expect(Array.from(forecast.subarray(0, 8))).toEqual(new Array(8).fill(20))
  })

  it('speaks for itself in a shop that is new as a whole', () => {
    const panel = panelOf([
      [5, 5],
      [80, 90],
      [unknown, 1],
    ])
    expect(Array.from(standings(panel).credibility)).toEqual([1, 1, 1])
  })
})

describe('the spread of a series', () => {
  it('knows a level to a part of it where levels differ by factors, however far', () => {
    const rows = chainWith(different, [30])
    const panel = panelOf(rows)
    const credibility = standings(panel).credibility.at(-1)!
    const { deviation, widening } = spreads(panel).at(-1)!
    const ofLevel = (deviation / 30) ** 2 * (widening ** 2 - 1)
    // ln(1 + b²) = 2.3, where b² = 9.4.
    expect(ofLevel / (1 - credibility)).toBeLessThan(3)
    expect(ofLevel / (1 - credibility)).toBeGreaterThan(1)
  })

  it('is its mean absolute deviation over the last 26 known periods', () => {
    const history = [1000, ...Array.from({ length: 26 }, (_, week) => (week % 2 ? 4 : 6))]
    const other = [Number.NaN, ...history.slice(1)]
    for (const { deviation, widening } of spreads(panelOf([history, other]))) {
      expect([deviation, widening]).toEqual([expect.closeTo(1, 12), 1])
    }
  })

  it('is wider the less is known, so that the interval of a launch is not that of one lucky week', () => {
    const [none, one, four, eight] = [0, 1, 4, 8].map(
      (n) => spreads(panelOf(chainWith(different, new Array(n).fill(30)))).at(-1)!,
    )
    expect(none.widening).toBeGreaterThan(one.widening)
    expect(one.widening).toBeGreaterThan(four.widening)
    expect(four.widening).toBeGreaterThan(1)
    expect(eight.widening).toBe(1)
    // One week says nothing of how much a product varies: as much as the others for its level.
    expect(one.deviation).toBeGreaterThan(2)
  })

  it('is that of products that sell as little, where little that is sold varies more', () => {
    const varying = (sizes: number[]) =>
      sizes.map((size) =>
        Array.from({ length: 20 }, (_, week) => size + (week % 2 ? 1 : -1) * size ** 0.5),
      )
    const sizes = Array.from({ length: 24 }, (_, index) => 1.3 ** index)
    const relative = [2, 300].map((level) => {
      const launched = [...new Array(19).fill(unknown), level]
      return spreads(panelOf([...varying(sizes), launched])).at(-1)!.deviation / level
    })
    expect(relative[0]).toBeGreaterThan(4 * relative[1])
  })

  it('is finite where nothing is known, or nothing was ever sold', () => {
    for (const units of [
      [[unknown], [unknown]],
      [[0, 0, 0]],
      [new Array(9).fill(0), [...new Array(8).fill(unknown), 0]],
    ]) {
      for (const { deviation, widening } of spreads(panelOf(units))) {
        expect([deviation, widening]).toEqual([0, 1])
      }
    }
  })
})
