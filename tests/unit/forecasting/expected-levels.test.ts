import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../src/base/random.ts'
import type { Series } from '../../../src/demand/panel.ts'
import { expectedLevels } from '../../../src/forecasting/expected-levels.ts'
import { leanOnLike, standings } from '../../../src/forecasting/new-series.ts'
import { panelOf } from './panels.ts'

const unknown = Number.NaN

type Product = Partial<Series> & { level: number; price?: number }

/** Products of one category that sell about their level for 20 weeks; a level of NaN is a new one. */
function panelWith(products: Product[]) {
  const random = seededRandom(7)
  const panel = panelOf(
    products.map(({ level }) => Array.from({ length: 20 }, () => level * (0.9 + 0.2 * random()))),
    { price: products.map(({ price = 10 }) => new Array(20).fill(price)) },
  )
  const series = products.map(({ level, price, ...known }, index) => ({
    ...panel.series[index],
    category: 'tea',
    ...known,
  }))
  return { ...panel, series }
}

/** What the last product is forecast, where all forecasts are levels. */
function forecastOfLast(products: Product[]): number {
  const panel = panelWith(products)
  const forecast = Float64Array.from(products, ({ level }) => level)
  leanOnLike(forecast, panel, 1)
  return forecast.at(-1)!
}

describe('a product that has not sold yet', () => {
  const kinds = { maizena: 10, champanhe: 40, recheado: 160 }
  const brands = ['Aurora', 'Bela', 'Campo', 'Dona', 'Estrela', 'Flor', 'Gama', 'Hora']
  const named = Object.entries(kinds).flatMap(([kind, level]) =>
    brands.map((brand) => ({ name: `Biscoito ${kind} ${brand} 150g`, level })),
  )

  it.each(Object.entries(kinds))(
    'is forecast as those whose names are like its own, not as the whole category: %s',
    (kind, level) => {
      const forecast = forecastOfLast([
        ...named,
        { name: `BISCOITO ${kind.toUpperCase()} Ideal, 150G`, level: unknown },
      ])
      expect(forecast / level).toBeGreaterThan(0.7)
      expect(forecast / level).toBeLessThan(1.4)
    },
  )

  it('is forecast by its price where dear products sell less, beyond the nearest prices too', () => {
    const priced = Array.from({ length: 30 }, (_, index) => {
      const price = 2 * 1.1 ** index
      return { price, level: 400 / price }
    })
    for (const price of [2.1, 9, 30]) {
      const forecast = forecastOfLast([...priced, { price, level: unknown }])
      expect(forecast * price).toBeGreaterThan(320)
      expect(forecast * price).toBeLessThan(480)
    }
  })

  it('is forecast in a store as it sells in others, where that store sells half of everything', () => {
    const sold = Array.from({ length: 30 }, (_, product) =>
      ['north', 'south'].map((storeId) => ({
        productId: `p${product}`,
        storeId,
        level: 5 * 1.2 ** product * (storeId === 'south' ? 0.5 : 1),
      })),
    ).flat()
    const known = sold.filter(
      ({ productId, storeId }) => productId !== 'p25' || storeId === 'north',
    )
    const forecast = forecastOfLast([
      ...known,
      { productId: 'p25', storeId: 'south', level: unknown },
    ])
    expect(forecast).toBeGreaterThan(0.6 * 2.5 * 1.2 ** 25)
    expect(forecast).toBeLessThan(1.6 * 2.5 * 1.2 ** 25)
  })

  it('is forecast as the middle of its category where names and prices tell nothing', () => {
    const random = seededRandom(2)
    const any = Array.from({ length: 40 }, (_, index) => ({
      name: `${brands[Math.floor(8 * random())]} ${brands[index % 8]}`,
      level: Math.exp(3 * random()),
    }))
    const panel = panelWith([...any, { name: 'Aurora Bela', level: unknown }])
    const { told, like } = standings(panel)
    expect(new Set(told)).toEqual(new Set([1]))
    expect(like(40)).toHaveLength(40)
  })

  it('counts for more once it sells, the less its name tells', () => {
    const launched = (products: Product[]) => {
      const panel = panelWith([...products, { name: 'Biscoito maizena Ideal', level: 20 }])
      panel.units.fill(unknown, products.length * 20, products.length * 20 + 19)
      return standings(panel).credibility.at(-1)!
    }
    const shuffled = named.map(({ level }, index) => ({
      name: named[(7 * index) % named.length].name,
      level,
    }))
    expect(launched(named)).toBeLessThan(launched(shuffled))
  })

  it('is the same whatever the unit of measure, and forecast whatever its name is', () => {
    const hostile = ['', '  ', '__proto__', '💥'.repeat(5000), `${'x '.repeat(5000)}`, '\u0000']
    for (const name of hostile) {
      const forecast = forecastOfLast([...named, { name, level: unknown }])
      const grams = named.map((product) => ({ ...product, level: 1024 * product.level }))
      expect(forecast).toBeGreaterThan(5)
      expect(forecast).toBeLessThan(320)
      expect(forecastOfLast([...grams, { name, level: unknown }]) / 1024).toBeCloseTo(forecast, 6)
    }
  })
})

describe('what is told of a series', () => {
  it('is told without a look at its own sales, nor at those of its product in another store', () => {
    const products = (odd: number) =>
      Array.from({ length: 24 }, (_, index) => ({
        name: index % 2 === 0 ? 'small' : 'large',
        productId: `p${index >> 1}`,
        storeId: `${index % 2}`,
        level: (index >> 1 === 3 ? odd : 1) * (index % 2 === 0 ? 5 : 80),
      }))
    const toldOf = (odd: number) => {
      const panel = panelWith([...products(odd), { name: 'large', level: unknown }])
      const levels = Float64Array.from([...products(odd).map(({ level }) => level), 0])
      return expectedLevels(panel, [...Array(24).keys()], levels)
    }
    expect(toldOf(1)[6]).toBeCloseTo(toldOf(1.5)[6], 9)
    expect(toldOf(1)[7]).toBeCloseTo(toldOf(1.5)[7], 9)
  })
})
