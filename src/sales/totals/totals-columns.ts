import { type Static, Type } from 'typebox'
import { object } from '../../base/schema-parts.ts'

/** Which optional columns the contract maps: what is missing switches off what needs it. */
export const TotalsColumns = object({
  purchaseDate: Type.Boolean(),
  expiryDate: Type.Boolean(),
  stock: Type.Boolean(),
  price: Type.Boolean(),
  cost: Type.Boolean(),
  category: Type.Boolean(),
})
export type TotalsColumns = Static<typeof TotalsColumns>
