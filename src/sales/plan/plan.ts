import { type Static, Type } from 'typebox'
import { canonicalJson } from '../../base/canonical-json.ts'
import { type Day, FIRST_DAY, LAST_DAY } from '../../base/day.ts'
import { object } from '../../base/schema-parts.ts'

const day = Type.Integer({ minimum: FIRST_DAY, maximum: LAST_DAY })

/**
 * What the chain has planned for some products on some days, as one row of the resource `plan` says
 * it. Of the rows that speak of a series on a day, the one counts that was known last; of those known
 * on one day, the one that names the most of product, store and category.
 */
export const PlannedDays = object({
  /** Whom it is about: a product or a category, in all stores or in one; without any, the chain. */
  productId: Type.Optional(Type.String()),
  category: Type.Optional(Type.String()),
  storeId: Type.Optional(Type.String()),
  /** The first and the last of the days. */
  from: day,
  to: day,
  /** The day on which it was decided: who forecasts as of an earlier one does not know of it. */
  knownOn: Type.Integer(),
  /**
   * Of rows about the same, that of the latest revision counts: the day on which it was known, where
   * nothing else is said. Where nobody says when rows were decided, all of them are one revision.
   */
  revision: Type.Optional(Type.Integer()),
  /** The price of a unit, or what is off the usual one, as a share of it: 0.2 is 20% off. */
  price: Type.Optional(Type.Number()),
  discount: Type.Optional(Type.Number()),
  /** What kind of promotion, in the chain's own words. */
  promotion: Type.Optional(Type.String()),
  /** Whether it stands where customers see it. */
  display: Type.Optional(Type.Boolean()),
  /** Whether the store, or the product in it, is not sold on these days. */
  closed: Type.Optional(Type.Boolean()),
})
export type PlannedDays = Static<typeof PlannedDays>

/** All that was ever planned, in the order in which it became known. */
export const Plan = object({
  rows: Type.Array(PlannedDays),
  /**
   * What models learn of prices: from those that were planned, or from those that came, where nobody
   * kept the plans.
   */
  prices: Type.Enum(['planned', 'actual']),
})
export type Plan = Static<typeof Plan>

/** Where nothing is planned. */
export const noPlan: Plan = { rows: [], prices: 'planned' }

/** What of a plan was known on a day, inclusive. */
export function planKnownOn(plan: Plan, day: Day): Plan {
  return { ...plan, rows: plan.rows.filter(({ knownOn }) => knownOn <= day) }
}

/** Which of the revisions of a plan a row belongs to: later ones replace earlier ones. */
export function revisionOf({ revision, knownOn }: PlannedDays): number {
  return revision ?? knownOn
}

/**
 * The rows in the order in which they became known, those of a day by whom and what they are about:
 * whatever file or line they came from.
 */
export function inOrder(rows: readonly PlannedDays[]): PlannedDays[] {
  return rows
    .map((row) => ({ row, text: canonicalJson(row) }))
    .sort((a, b) => a.row.knownOn - b.row.knownOn || (a.text < b.text ? -1 : 1))
    .map(({ row }) => row)
}
