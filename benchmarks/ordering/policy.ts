import type { Day } from '../../src/base/day.ts'
import { seededRandom } from '../../src/base/random.ts'
import { decideOrder } from '../../src/ordering/order-decision.ts'
import type { Delivery } from '../../src/ordering/supply.ts'
import { alignedColumns } from '../../src/reporting/aligned-columns.ts'
import { drawDays, trueForecast } from './known-demand.ts'
import { bestOfOtherDays, costOfRule, type KnownShop } from './known-shop.ts'

/** How a product sells and is bought. */
export type PolicyCase = {
  /** Units a day. */
  rate: number
  /** Of a unit that costs 1. */
  price: number
  /** Days on which a unit can be sold; Infinity where it does not expire. */
  life: number
  leadTime: number
  reviewPeriod: number
  pack: number
}

export type PolicyCosts = {
  case: PolicyCase
  /** A day: of the orders that are decided, and of the rules that were best on as many other days. */
  decided: number
  upTo: number
  fixed: number
}

/**
 * What the decision costs in shops of which the demand's distribution is known, against the best
 * order-up-to level and the best fixed quantity that trying all of them finds on other days: an
 * order that is too large or too small there is the fault of the decision, not of a forecast.
 */
export function policy(): void {
  const all = caseGrid().map((one) => costsOf(one, DAYS))
  console.log(`${all.length} shops, ${DAYS} days each, against the best order-up-to level of each:`)
  const groups: [string, (one: PolicyCosts) => boolean][] = [
    ['all', () => true],
    ...LIVES.map((life): [string, (one: PolicyCosts) => boolean] => [
      life < Number.POSITIVE_INFINITY ? `life ${life}` : 'does not expire',
      (one) => one.case.life === life,
    ]),
    ...(['leadTime', 'reviewPeriod', 'pack', 'rate'] as const).flatMap((key) =>
      VALUES[key].map((value): [string, (one: PolicyCosts) => boolean] => [
        `${NAMES[key]} ${value}`,
        (one) => one.case[key] === value,
      ]),
    ),
  ]
  console.log(
    alignedColumns({
      headers: ['Shops', 'Number', 'Mean', 'Highest', 'Within 1.10', 'All costs', 'Fixed quantity'],
      rows: groups.map(([name, belongs]) => row(name, all.filter(belongs))),
    }),
  )
  const worst = all.toSorted((a, b) => b.decided / b.upTo - a.decided / a.upTo).slice(0, 5)
  for (const one of worst) {
    console.log(`${(one.decided / one.upTo).toFixed(2)}: ${JSON.stringify(one.case)}`)
  }
}

/** What the decision and the best rules cost on so many days of one shop. */
export function costsOf(
  one: PolicyCase,
  days: number,
  decide: typeof decideOrder = decideOrder,
): PolicyCosts {
  const { rate, price, life, leadTime, reviewPeriod, pack } = one
  const terms = { ...COSTS, leadTime, reviewPeriod, pack }
  const known = { rate, spread: rate > FAST ? 3 : 1 }
  const shelfLife = life < Number.POSITIVE_INFINITY ? life - 1 : undefined
  const shop: KnownShop = {
    terms,
    price,
    cost: 1,
    ...(shelfLife !== undefined && { shelfLife }),
    demand: drawDays(known, days, seededRandom(7)),
    warmUp: 100,
  }
  const demandOn = trueForecast(known)
  const rule = (day: Day, stock: Delivery[]) =>
    decide({ day, end: day + FAR, terms, price, cost: 1, shelfLife, stock, demandOn }).units
  const cover = rate * (leadTime + reviewPeriod)
  const most = Math.ceil(1.5 * cover + 6 * Math.sqrt(known.spread * cover) + 2 * pack)
  const otherDays = drawDays(known, days, seededRandom(8))
  return { case: one, decided: costOfRule(shop, rule), ...bestOfOtherDays(shop, otherDays, most) }
}

const COSTS = { urgentSurcharge: 0.1, shelfCost: 0.001, minimumService: 0 }
const FAST = 10
const FAR = 400
const DAYS = 2500

const LIVES = [1, 2, 3, 5, 7, 14, 30, Number.POSITIVE_INFINITY]
const VALUES = {
  leadTime: [0, 1, 3, 7, 14],
  reviewPeriod: [1, 2, 7, 14],
  pack: [1, 6, 24],
  rate: [0.2, 2, 40],
}
const NAMES = {
  leadTime: 'lead time',
  reviewPeriod: 'review period',
  pack: 'packs of',
  rate: 'units a day:',
}

/** Every seventh of all that can be combined: each value as often as each other, near enough. */
function caseGrid(): PolicyCase[] {
  const all = VALUES.rate.flatMap((rate) =>
    [1.25, 2.5].flatMap((price) =>
      VALUES.leadTime.flatMap((leadTime) =>
        VALUES.reviewPeriod.flatMap((reviewPeriod) =>
          VALUES.pack.flatMap((pack) =>
            LIVES.map((life) => ({ rate, price, life, leadTime, reviewPeriod, pack })),
          ),
        ),
      ),
    ),
  )
  return all.filter((_, i) => i % 7 === 0)
}

function row(name: string, some: PolicyCosts[]): string[] {
  const ratios = some.map(({ decided, upTo }) => decided / upTo)
  const sumOf = (key: 'decided' | 'upTo' | 'fixed') => some.reduce((sum, one) => sum + one[key], 0)
  return [
    name,
    String(some.length),
    (ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length).toFixed(2),
    Math.max(...ratios).toFixed(2),
    `${((100 * ratios.filter((ratio) => ratio <= 1.1).length) / ratios.length).toFixed(0)}%`,
    (sumOf('decided') / sumOf('upTo')).toFixed(2),
    (sumOf('decided') / sumOf('fixed')).toFixed(2),
  ]
}
