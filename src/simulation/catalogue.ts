import { FRESH } from './assortments/fresh.ts'
import { NON_FOOD } from './assortments/non-food.ts'
import { PANTRY } from './assortments/pantry.ts'
import type { CatalogueProduct } from './product.ts'

/** All that the chain sells, by product id. */
export const CATALOGUE: readonly CatalogueProduct[] = [...PANTRY, ...FRESH, ...NON_FOOD]
  .flatMap(({ products, ...shared }) =>
    products.map((own): CatalogueProduct => ({ ...shared, ...own })),
  )
  .sort((a, b) => a.id - b.id)
