import type { CatalogueProduct } from '../product.ts'

type Own = 'id' | 'name' | 'price' | 'weeklyDemand' | 'shelfLife' | 'launch' | 'delisting'
type Shared = Omit<CatalogueProduct, Own>

/** The products of a category, and what they have in common unless one says otherwise. */
export type Assortment = Shared & { products: (Pick<CatalogueProduct, Own> & Partial<Shared>)[] }

/** How demand falls on Monday … Sunday. */
export const SHOPPING_WEEK = [0.85, 0.85, 0.9, 0.95, 1.2, 1.4, 0.85]
export const DAILY_BREAD = [0.95, 0.95, 0.95, 0.95, 1.05, 1.2, 0.95]
export const WEEKEND = [0.6, 0.6, 0.7, 0.9, 1.6, 1.9, 0.7]
export const ERRANDS = [1.05, 1.0, 1.0, 1.0, 1.05, 1.3, 0.6]

/** The weekdays on which the buyer orders. */
export const MONDAY = [0]
export const TUESDAY = [1]
export const MONDAY_AND_THURSDAY = [0, 3]
export const MONDAY_WEDNESDAY_FRIDAY = [0, 2, 4]
