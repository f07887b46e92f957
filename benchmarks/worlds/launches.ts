import { type Day, dayFromIso, weekday } from '../../src/base/day.ts'
import { recipeFrom } from '../../src/forecasting/recipe.ts'
import type { DailyTotals } from '../../src/sales/totals/daily-totals.ts'
import { TotalsBuilder } from '../../src/sales/totals/totals-builder.ts'
import type { Dataset } from '../dataset.ts'
import { draws } from './draws.ts'
import { soldColumns } from './sold-columns.ts'

/** What is true of the launches of a simulated chain. */
export type LaunchTraits = {
  seed: number
  /**
   * What a product sells in its first days over what it settles to, and how many days it takes until
   * a third of the difference is left.
   */
  opening: number
  settling: number
  /** Whether kind, brand, size and price, which the name and the sales tell, say how much sells. */
  isTold: boolean
}

/** The last day before the launches of the products whose ids begin with `new`, on the days after. */
export const lastDayBefore: Day = dayFromIso('2024-01-01')! + 7 * 80 - 1

/** Names, prices and first sales tell the level, and what is new sells twice as much at first. */
export async function launches(): Promise<Omit<Dataset, 'name'>> {
  return {
    totals: launchesOf({ seed: 1, opening: 2, settling: 28, isTold: true }),
    recipe: recipeFrom({ frequency: 'week', horizon: 4 }, 'launches'),
    origins: 6,
  }
}

/**
 * 108 weeks by day of 120 products, 60 that were launched in the first 70 weeks, and 40 that are
 * launched in the week after `lastDayBefore`, each on a day of its own. What products of a category
 * sell differs by a factor of e in either direction in a third of the cases; each wanders from week
 * to week, and follows the season of its category.
 */
export function launchesOf(traits: LaunchTraits): DailyTotals {
  const { uniform, normal, poisson } = draws(traits.seed)
  const builder = new TotalsBuilder({ ...soldColumns, price: true })
  const peaks = Array.from({ length: CATEGORIES }, () => 365 * uniform())
  const effects = (count: number, deviation: number) =>
    Array.from({ length: count }, () => deviation * normal())
  const ofKind = effects(CATEGORIES * KINDS, 0.7)
  const ofBrand = effects(BRANDS, 0.35)
  for (let product = 0; product < OLD + LAUNCHED_BEFORE + NEW; product++) {
    const isNew = product >= OLD + LAUNCHED_BEFORE
    const category = product % CATEGORIES
    const kind = category * KINDS + Math.floor(KINDS * uniform())
    const brand = Math.floor(BRANDS * uniform())
    const price = 4 * Math.exp(0.6 * normal())
    const told = ofKind[kind] + ofBrand[brand] - 0.8 * Math.log(price / 4)
    // The same variance, be it told or not.
    const own = traits.isTold ? told + 0.35 * normal() : Math.sqrt(1.1) * effects(1, 0.95)[0]
    let level = 6 * (1 + category) * Math.exp(own)
    const start = isNew
      ? 7 * WEEKS_BEFORE + Math.floor(7 * uniform())
      : product < OLD
        ? 0
        : Math.floor(7 * 70 * uniform())
    const id = builder.intern(`${isNew ? 'new' : 'old'} ${product}`)
    const name = builder.intern(`${WORDS[kind]} ${NAMES[brand]} ${[150, 200, 500][kind % 3]}g`)
    for (let day = start; day < 7 * WEEKS; day++) {
      if (day % 7 === 0) level *= Math.exp(0.08 * normal())
      const season = 1 + 0.4 * Math.cos((2 * Math.PI * (day - peaks[category])) / 365.25)
      const settled =
        product < OLD ? 1 : 1 + (traits.opening - 1) * Math.exp(-(day - start) / traits.settling)
      const share = SHOPPING_WEEK[weekday(OPENING + day)] / 7
      const units = poisson(level * season * settled * share)
      const entry = builder.entry(id, -1, OPENING + day)
      const { measures } = builder
      measures.offered[entry] = 1
      measures.sold[entry] = units
      measures.revenue[entry] = units * price
      measures.pricedUnits[entry] = units
      measures.categoryIndex[entry] = builder.intern(`category ${category}`)
      measures.nameIndex[entry] = name
    }
  }
  return builder.finish()
}

const OPENING = dayFromIso('2024-01-01')!
const WEEKS_BEFORE = 80
const WEEKS = WEEKS_BEFORE + 28
const OLD = 120
const LAUNCHED_BEFORE = 60
const NEW = 40
const CATEGORIES = 4
const KINDS = 5
const BRANDS = 6
const SHOPPING_WEEK = [0.85, 0.85, 0.9, 0.95, 1.2, 1.4, 0.85]
const WORDS = Array.from(
  { length: CATEGORIES * KINDS },
  (_, kind) => `${['Biscoito', 'Café', 'Queijo', 'Arroz'][Math.floor(kind / KINDS)]} tipo${kind}`,
)
const NAMES = ['Aurora', 'Bela', 'Campo', 'Dona', 'Estrela', 'Flor']
