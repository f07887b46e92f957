import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Static, Type } from 'typebox'
import { checker } from '../base/schema.ts'
import { nullable, object, partial, record } from '../base/schema-parts.ts'
import { readYaml } from '../base/yaml-file.ts'
import type { Series } from '../demand/panel.ts'

/** How a product is bought. Shares are fractions: 0.1 is 10%. */
const BuyingTerms = object({
  /** Days from an order, in the morning, to the morning on which it is on the shelf. */
  leadTime: Type.Integer({ minimum: 0, maximum: 365 }),
  /** Days from one order to the next. */
  reviewPeriod: Type.Integer({ minimum: 1, maximum: 365 }),
  /** Units that are bought together. */
  pack: Type.Integer({ minimum: 1, maximum: 10_000 }),
  /** What an urgent reorder costs on top, as a share of the cost. */
  urgentSurcharge: Type.Number({ minimum: 0, maximum: 10 }),
  /** What keeping a unit for a day costs, as a share of its cost. */
  shelfCost: Type.Number({ exclusiveMinimum: 0, maximum: 1 }),
  /** Share of cases in which demand is to be met, whatever it costs; 0 for none. */
  minimumService: Type.Number({ minimum: 0, maximum: 0.999 }),
})
export type BuyingTerms = Static<typeof BuyingTerms>

const SomeTerms = partial(BuyingTerms)
type SomeTerms = Static<typeof SomeTerms>

/** `ordering.yml` as it is written: what is left out, or left empty, is as usual. */
const WrittenOrdering = object({
  purchaseDate: Type.Optional(Type.Enum(['arrival', 'order'])),
  defaults: Type.Optional(nullable(SomeTerms)),
  categories: Type.Optional(nullable(record(SomeTerms))),
  products: Type.Optional(nullable(record(SomeTerms))),
})

/** `ordering.yml`: terms for all, and what differs in a category or for a product. */
export type Ordering = {
  /** Which day the purchase date of the sales files is; that of the arrival where it is not said. */
  purchaseDate?: 'arrival' | 'order'
  defaults: BuyingTerms
  categories: Record<string, SomeTerms>
  products: Record<string, SomeTerms>
}

/**
 * Reads and checks the `ordering.yml` of a project, or another file of its kind where one is named,
 * and fills in what it leaves out; a project without one buys on the usual terms. Throws
 * `UserError`.
 */
export async function readOrdering(project: string, named?: string): Promise<Ordering> {
  const file = named ?? join(project, FILE)
  const isThere = named !== undefined || hasOrdering(project)
  const written: Static<typeof WrittenOrdering> = isThere ? await readYaml(file, checkOrdering) : {}
  const { purchaseDate, defaults, categories, products } = written
  return {
    ...(purchaseDate && { purchaseDate }),
    defaults: { ...USUAL, ...defaults },
    categories: categories ?? {},
    products: products ?? {},
  }
}

/** Whether a project says how it buys. */
export function hasOrdering(project: string): boolean {
  return existsSync(join(project, FILE))
}

/** The terms of a series: its product's before its category's before those of all. */
export function termsOf(
  { defaults, categories, products }: Ordering,
  { productId, category }: Series,
): BuyingTerms {
  return {
    ...defaults,
    ...(category !== undefined && Object.hasOwn(categories, category) && categories[category]),
    ...(Object.hasOwn(products, productId) && products[productId]),
  }
}

const FILE = 'ordering.yml'

const USUAL: BuyingTerms = {
  leadTime: 3,
  reviewPeriod: 7,
  pack: 1,
  urgentSurcharge: 0.1,
  shelfCost: 0.001,
  minimumService: 0,
}

const checkOrdering = checker(
  WrittenOrdering,
  'See the comments in the ordering.yml that cd4ml ships.',
)
