/** The contract of the fixtures; `own` goes over the rules, `resource` over the resource. */
export function contractOf({ own = {}, resource = {}, schema = {} } = {}): object {
  const date = { type: 'date', format: '%d/%m/%Y' }
  const money = { type: 'number', decimalChar: ',', groupChar: '.' }
  return {
    resources: [
      {
        name: 'sales',
        path: 'sales.csv',
        dialect: { delimiter: ';' },
        ...resource,
        schema: {
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
          ...schema,
        },
      },
    ],
    cd4ml: {
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
      maxQuarantinedShare: 1,
      ...own,
    },
  }
}

/** A contract with a product, a sale date and a quantity, for files of `id,sold,quantity`. */
export function smallContract({ own = {}, columns = {}, fields = [] as object[] } = {}): object {
  return {
    resources: [
      {
        name: 'sales',
        path: 'sales.csv',
        schema: {
          fields: [
            { name: 'id', type: 'string' },
            { name: 'sold', type: 'date' },
            { name: 'quantity', type: 'number' },
            ...fields,
          ],
        },
      },
    ],
    cd4ml: {
      columns: { product: 'id', saleDate: 'sold', quantity: 'quantity', ...columns },
      maxQuarantinedShare: 1,
      ...own,
    },
  }
}
