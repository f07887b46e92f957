import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { checker } from '../base/schema.ts'
import { readYaml } from '../base/yaml-file.ts'
import type { Series } from '../demand/panel.ts'

/** How a product is bought. Shares are fractions: 0.1 is 10%. */
export type BuyingTerms = {
  /** Days from an order, in the morning, to the morning on which it is on the shelf. */
  leadTime: number
  /** Days from one order to the next. */
  reviewPeriod: number
  /** Units that are bought together. */
  pack: number
  /** What an urgent reorder costs on top, as a share of the cost. */
  urgentSurcharge: number
  /** What keeping a unit for a day costs, as a share of its cost. */
  shelfCost: number
  /** Share of cases in which demand is to be met, whatever it costs; 0 for none. */
  minimumService: number
}

/** `ordering.yml`: terms for all, and what differs in a category or for a product. */
export type Ordering = {
  defaults: BuyingTerms
  categories: Record<string, Partial<BuyingTerms>>
  products: Record<string, Partial<BuyingTerms>>
}

/**
 * Reads and checks the `ordering.yml` of a project, or another file of its kind where one is named,
 * and fills in what it leaves out; a project without one buys on the usual terms. Throws
 * `UserError`.
 */
export async function readOrdering(project: string, named?: string): Promise<Ordering> {
  const file = named ?? join(project, 'ordering.yml')
  const isThere = named !== undefined || existsSync(file)
  const written: WrittenOrdering = isThere ? await readYaml(file, checkOrdering) : {}
  const { defaults, categories, products } = written
  return {
    defaults: { ...USUAL, ...defaults },
    categories: categories ?? {},
    products: products ?? {},
  }
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

type WrittenOrdering = {
  defaults?: Partial<BuyingTerms> | null
  categories?: Ordering['categories'] | null
  products?: Ordering['products'] | null
}

const USUAL: BuyingTerms = {
  leadTime: 3,
  reviewPeriod: 7,
  pack: 1,
  urgentSurcharge: 0.1,
  shelfCost: 0.001,
  minimumService: 0,
}

const terms = {
  type: 'object',
  additionalProperties: false,
  properties: {
    leadTime: { type: 'integer', minimum: 0, maximum: 365 },
    reviewPeriod: { type: 'integer', minimum: 1, maximum: 365 },
    pack: { type: 'integer', minimum: 1, maximum: 10_000 },
    urgentSurcharge: { type: 'number', minimum: 0, maximum: 10 },
    shelfCost: { type: 'number', exclusiveMinimum: 0, maximum: 1 },
    minimumService: { type: 'number', minimum: 0, maximum: 0.999 },
  },
}

const checkOrdering = checker<WrittenOrdering>(
  {
    type: 'object',
    additionalProperties: false,
    properties: {
      defaults: { ...terms, type: ['object', 'null'] },
      categories: { type: ['object', 'null'], additionalProperties: terms },
      products: { type: ['object', 'null'], additionalProperties: terms },
    },
  },
  'See the comments in the ordering.yml that cd4ml ships.',
)
