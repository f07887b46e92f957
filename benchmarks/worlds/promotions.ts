import { type Day, dayFromIso, weekday } from '../../src/base/day.ts'
import { recipeFrom } from '../../src/forecasting/recipe.ts'
import type { PlannedDays } from '../../src/sales/plan/plan.ts'
import { TotalsBuilder } from '../../src/sales/totals/totals-builder.ts'
import type { Dataset } from '../dataset.ts'
import { draws } from './draws.ts'
import { soldColumns } from './sold-columns.ts'

/**
 * Sixty products in six categories that are on promotion in every sixth week. Demand follows the
 * price by an elasticity of the category and one of the product; a leaflet and a display add to it, an
 * app little; in the week after, pantries are full; the rest of the category sells less. One
 * promotion in eight is called off, mostly a week before it begins, and one in ten is decided on when
 * its week has begun.
 */
export function promotions(): Promise<Omit<Dataset, 'name'>> {
  const random = draws(14)
  const rows: PlannedDays[] = []
  const builder = new TotalsBuilder({ ...soldColumns, price: true })
  for (let category = 0; category < CATEGORIES; category++) {
    const shop = Array.from({ length: PRODUCTS }, (_, k) => productOf(category, k, random))
    const season = { peak: 365 * random.uniform(), height: 0.1 + 0.3 * random.uniform() }
    for (const product of shop)
      for (const it of product.promotions) rows.push(...rowsOf(product, it))
    for (let week = 0; week < WEEKS; week++) {
      const cutting = shop.filter((product) => ranIn(product, week)).length
      for (const product of shop) sellWeek(builder, product, week, { season, cutting }, random)
    }
  }
  return Promise.resolve({
    totals: builder.finish(),
    plan: { rows: rows.sort((a, b) => a.knownOn - b.knownOn), prices: 'planned' as const },
    recipe: recipeFrom({ frequency: 'week', horizon: 4 }, 'recipe.yml'),
    origins: 6,
  })
}

/** The same sales, of which nobody kept the plans. */
export async function promotionsUnplanned(): Promise<Omit<Dataset, 'name'>> {
  const { plan: _, ...unplanned } = await promotions()
  return unplanned
}

const CATEGORIES = 6
const PRODUCTS = 10
const WEEKS = 130
/** A Monday. */
const OPENING = dayFromIso('2024-01-01')!
const SHOPPING_WEEK = [0.85, 0.85, 0.9, 0.95, 1.2, 1.4, 0.85]
const KINDS = [
  { kind: 'leaflet', factor: 1.35, share: 0.5 },
  { kind: 'app', factor: 1.05, share: 0.3 },
  { kind: 'bundle', factor: 1.7, share: 0.2 },
]

type Draws = ReturnType<typeof draws>

type Promotion = {
  week: number
  kind: string
  discount: number
  display: boolean
  factor: number
  knownOn: Day
  /** Called off on this day. */
  offOn?: Day
}

type Product = {
  id: string
  category: string
  price: number
  elasticity: number
  level: number
  promotions: Promotion[]
}

function productOf(category: number, k: number, random: Draws): Product {
  const elasticity = 1.4 + 0.3 * category + 0.4 * random.normal()
  const promotions: Promotion[] = []
  for (let week = 2; week < WEEKS; week += 1 + Math.floor(-6 * Math.log(1 - random.uniform()))) {
    promotions.push(promotionOf(week, random))
  }
  return {
    id: `product ${category}${k}`,
    category: `category ${category}`,
    price: Math.round(100 * (2 + 18 * random.uniform())) / 100,
    elasticity: Math.max(0.3, elasticity),
    level: 30 * Math.exp(0.9 * random.normal()),
    promotions,
  }
}

function promotionOf(week: number, random: Draws): Promotion {
  const drawn = random.uniform()
  const { kind, factor } = drawn < 0.5 ? KINDS[0] : drawn < 0.8 ? KINDS[1] : KINDS[2]
  const display = random.uniform() < 0.3
  const begins = OPENING + 7 * week
  const knownOn =
    random.uniform() < 0.1 ? begins + 1 : begins - 7 * (1 + Math.floor(8 * random.uniform()))
  const off = random.uniform() < 0.125 && knownOn < begins
  return {
    week,
    kind,
    discount: kind === 'bundle' ? 0 : [0.1, 0.2, 0.3, 0.4][Math.floor(4 * random.uniform())],
    display,
    factor: factor * (display ? 1.3 : 1),
    knownOn,
    ...(off && { offOn: Math.max(knownOn + 1, begins - 7 + Math.floor(8 * random.uniform())) }),
  }
}

function rowsOf(
  { id, price }: Product,
  { week, kind, discount, display, knownOn, offOn }: Promotion,
): PlannedDays[] {
  const from = OPENING + 7 * week
  const days = { productId: id, from, to: from + 6 }
  return [
    {
      ...days,
      knownOn,
      promotion: kind,
      display,
      ...(discount > 0 && { price: price * (1 - discount) }),
    },
    ...(offOn === undefined ? [] : [{ ...days, knownOn: offOn, discount: 0 }]),
  ]
}

function ranIn({ promotions }: Product, week: number): Promotion | undefined {
  return promotions.find((it) => it.week === week && it.offOn === undefined)
}

type Surroundings = { season: { peak: number; height: number }; cutting: number }

function sellWeek(
  builder: TotalsBuilder,
  product: Product,
  week: number,
  { season, cutting }: Surroundings,
  random: Draws,
): void {
  product.level *= Math.exp(0.04 * random.normal())
  const now = ranIn(product, week)
  const before = ranIn(product, week - 1)
  const price = product.price * (1 - (now?.discount ?? 0))
  const lifted = now ? now.factor * (1 - now.discount) ** -product.elasticity : 1
  const others = Math.max(0, cutting - (now ? 1 : 0))
  const yearly = 1 + season.height * Math.cos((2 * Math.PI * (7 * week - season.peak)) / 365.25)
  const expected =
    product.level *
    yearly *
    lifted *
    (before ? 0.8 : 1) *
    0.96 ** others *
    Math.exp(0.2 * random.normal())
  for (let day = 0; day < 7; day++) {
    const date = OPENING + 7 * week + day
    const units = random.poisson((expected * SHOPPING_WEEK[weekday(date)]) / 7)
    const entry = builder.entry(builder.intern(product.id), -1, date)
    const { measures } = builder
    measures.offered[entry] = 1
    measures.sold[entry] = units
    measures.revenue[entry] = units * price
    measures.pricedUnits[entry] = units
    measures.categoryIndex[entry] = builder.intern(product.category)
  }
}
