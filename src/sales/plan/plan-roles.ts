/** What a column of the plan can mean. The first day is needed, and something that is planned. */
export const planRoles = [
  'product',
  'category',
  'store',
  'from',
  'to',
  'knownOn',
  'price',
  'discount',
  'promotion',
  'display',
  'closed',
] as const

export type PlanRole = (typeof planRoles)[number]

/** What can be planned for the days of a row. */
export const plannedRoles = ['price', 'discount', 'promotion', 'display', 'closed'] as const

/** The types of Table Schema that a column may have for each role. */
export const typesOfPlanRole: { [role in PlanRole]: readonly string[] } = {
  product: ['string', 'integer', 'any'],
  category: ['string', 'any'],
  store: ['string', 'integer', 'any'],
  from: ['date', 'datetime'],
  to: ['date', 'datetime'],
  knownOn: ['date', 'datetime'],
  price: ['number', 'integer'],
  discount: ['number', 'integer'],
  promotion: ['string', 'any'],
  display: ['boolean', 'string', 'any'],
  closed: ['boolean', 'string', 'any'],
}
