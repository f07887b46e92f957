type Parts = {
  fields: object[]
  /** Headers by role. */
  columns: Record<string, string>
  /** Over the rules, the resource and its schema. */
  own?: object
  resource?: object
  schema?: object
}

/** A contract of `sales.csv`, whose rules quarantine as many rows as there are. */
export function contractWith({ fields, columns, own, resource, schema }: Parts): object {
  return {
    resources: [{ name: 'sales', path: 'sales.csv', ...resource, schema: { fields, ...schema } }],
    cd4ml: { columns, maxQuarantinedShare: 1, ...own },
  }
}

/** The contract of the fixtures; `own` goes over the rules, `resource` over the resource. */
export function contractOf({ own = {}, resource = {}, schema = {} } = {}): object {
  const date = { type: 'date', format: '%d/%m/%Y' }
  const money = { type: 'number', decimalChar: ',', groupChar: '.' }
  return contractWith({
    fields: [
      { name: 'id', type: 'string' },
      { name: 'name', type: 'string' },
      { name: 'category', type: 'string' },
      { name: 'price', ...money },
      { name: 'cost', ...money },
      { name: 'bought', ...date },
      { name: 'sold', ...date },
      { name: 'expires', ...date },
    ],
    columns: {
      product: 'id',
      name: 'name',
      category: 'category',
      price: 'price',
      cost: 'cost',
      purchaseDate: 'bought',
      saleDate: 'sold',
      expiryDate: 'expires',
    },
    own,
    resource: { dialect: { delimiter: ';' }, ...resource },
    schema,
  })
}

/** A contract with a product, a sale date and a quantity, for files of `id,sold,quantity`. */
export function smallContract({ own = {}, columns = {}, fields = [] as object[] } = {}): object {
  return contractWith({
    fields: [
      { name: 'id', type: 'string' },
      { name: 'sold', type: 'date' },
      { name: 'quantity', type: 'number' },
      ...fields,
    ],
    columns: { product: 'id', saleDate: 'sold', quantity: 'quantity', ...columns },
    own,
  })
}
