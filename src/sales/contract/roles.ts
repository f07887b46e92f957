/** What a column can mean. Product and sale date are needed, everything else is optional. */
export const roles = [
  'product',
  'saleDate',
  'name',
  'category',
  'price',
  'cost',
  'purchaseDate',
  'expiryDate',
  'store',
  'quantity',
  'stock',
  'value',
  'delivered',
] as const

export type Role = (typeof roles)[number]

/** The types of Table Schema that a column may have for each role. */
export const typesOfRole: { [role in Role]: readonly string[] } = {
  product: ['string', 'integer', 'any'],
  saleDate: ['date', 'datetime'],
  name: ['string', 'any'],
  category: ['string', 'any'],
  price: ['number', 'integer'],
  cost: ['number', 'integer'],
  purchaseDate: ['date', 'datetime'],
  expiryDate: ['date', 'datetime'],
  store: ['string', 'integer', 'any'],
  quantity: ['number', 'integer'],
  stock: ['number', 'integer'],
  value: ['number', 'integer'],
  delivered: ['number', 'integer'],
}

/** Roles of a unit, each with that of a total that says the same: a contract has one of the two. */
export const instead: { readonly [role in Role]?: Role } = {
  price: 'value',
  purchaseDate: 'delivered',
}

/** What does not work without a column. */
export const switchedOffWithout: {
  [role in Exclude<Role, 'product' | 'saleDate' | 'stock' | 'value' | 'delivered'>]: string
} = {
  name: 'Products are shown by their id alone.',
  category: 'A product without history has no category to borrow a forecast from.',
  price: 'No price in forecasts, no revenue, and prices are not checked.',
  cost: 'Costs are not known and not checked against prices.',
  purchaseDate:
    'Without purchase dates (or stock) stock-outs cannot be detected: a day without stock looks like a day without demand.',
  expiryDate: 'Expired units are not known.',
  store: 'All stores are one: a series is a product.',
  quantity: 'Each row counts as one unit.',
}
