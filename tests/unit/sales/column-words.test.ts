import { expect, test } from 'vitest'
import { topicsOf } from '../../../src/sales/guess/column-words.ts'
import type { ColumnGuess } from '../../../src/sales/guess/guess-columns.ts'
import {
  nameScore,
  OPTIONAL,
  productScore,
  quantityScore,
  SURE,
  saleDateScore,
  storeScore,
} from '../../../src/sales/guess/role-scores.ts'

const CALLED = {
  quantity: [
    ...[
      'Quantity',
      'quantities',
      'Qty Sold',
      'units_sold',
      'UNITSSOLD',
      'Number of Units',
      'Units',
    ],
    ...['item_cnt_day', 'Order_Demand', 'QUANTITYORDERED', 'Items Sold', 'Pieces', 'y'],
    ...['Qtde', 'qtdVendida', 'QUANTIDADEVENDIDA', 'Unidades Vendidas', 'Peças', 'Nº de unidades'],
    ...['Cantidades', 'Uds. vendidas', 'Quantité', 'Qté', 'Unités vendues', 'Nb vendus'],
    ...['Menge', 'Verkaufte Stück', 'Stückzahl', 'Anz.', 'Absatzmenge', 'Absatz'],
  ],
  product: [
    ...['Product ID', 'productId', 'PRODUCTCODE', 'item_nbr', 'SKU', 'StockCode', 'Part Number'],
    ...['Código do Produto', 'CODPRODUTO', 'Cód.', 'Mercadoria', 'Referência', 'Medicamento'],
    ...[
      'Producto',
      'Código artículo',
      'Produits',
      'Code article',
      'Artikel-Nr.',
      'ArtNr',
      'Material',
    ],
  ],
  store: [
    ...[
      'Store',
      'storeId',
      'STOREID',
      'shop_id',
      'Outlet',
      'agency',
      'retID',
      'Branch',
      'Locations',
    ],
    ...[
      'Loja',
      'Filiais',
      'cod_loja',
      'Ponto de Venda',
      'Sucursal',
      'Tienda',
      'Magasin',
      'Filiale',
    ],
  ],
  saleDate: [
    ...['Date', 'saleDate', 'SALEDATE', 'InvoiceDate', 'trans_date', 'Created at', 'ds', 'sold_on'],
    ...['Data da Venda', 'DT_VENDA', 'Data Emissão', 'Mês', 'Fecha factura', 'Date de vente'],
    ...['Verkaufsdatum', 'Fakturadatum', 'Belegdatum', 'Tag', 'week_start'],
  ],
}

test.each(CALLED.quantity)('%s is taken for the quantity', (name) => {
  expect(quantityScore(topicsOf(name))).toBeGreaterThanOrEqual(SURE)
})

test.each(CALLED.product)('%s is taken for the product', (name) => {
  expect(productScore(topicsOf(name), text(name))).toBeGreaterThanOrEqual(SURE)
})

test.each(CALLED.store)('%s is taken for the store', (name) => {
  expect(storeScore(topicsOf(name), text(name))).toBeGreaterThan(0)
})

test.each(CALLED.saleDate)('%s is taken for the day of the sale', (name) => {
  expect(saleDateScore(topicsOf(name))).toBeGreaterThan(1)
})

test.each([
  ...['SALES', 'Weekly_Sales', 'Quantidade de parcelas', 'Qtde Devolvida', 'Unit Price', 'Total'],
  ...['Order Number', 'Customers', 'Qtde Estoque', 'units in stock', 'On Hand', 'Rating', 'Frete'],
])('%s is not taken for the quantity without asking', (name) => {
  expect(quantityScore(topicsOf(name))).toBeLessThan(SURE)
})

test.each([
  ...['Customer Name', 'Nome do Cliente', 'Vendedor', 'Salesperson', 'Cashier name', 'Kunde'],
  ...[
    'Category Name',
    'Nome da Categoria',
    'Order Number',
    'Nº do Pedido',
    'Store Name',
    'Seller ID',
  ],
])('%s is taken neither for a product nor for its name', (name) => {
  expect(productScore(topicsOf(name), text(name))).toBe(0)
  expect(nameScore(topicsOf(name))).toBe(0)
})

test.each(['Fuel_Price', 'Total Price', 'Shipping Price', 'Price Point Name', 'Valor Total'])(
  '%s is not taken for the price of a unit',
  (name) => {
    const [, priceScore] = OPTIONAL.find(([role]) => role === 'price')!
    expect(priceScore(topicsOf(name), text(name))).toBe(0)
  },
)

test.each(['StoreType', 'Outlet_Size', 'Stock Location', 'Sales Channel'])(
  '%s is not taken for the store',
  (name) => {
    expect(storeScore(topicsOf(name), text(name))).toBe(0)
  },
)

test.each([
  ...['Ship Date', 'Due Date', 'Data de Entrega', 'Validade', 'Updated at', 'Birthday'],
  ...['Previsão de Faturamento', 'Expected Order Date', 'Data Relatório', 'fecha prevista'],
])(
  '%s is not taken for the day of the sale where there is another, nor without being named',
  (name) => {
    expect(saleDateScore(topicsOf(name))).toBeLessThan(1)
  },
)

function text(name: string): ColumnGuess {
  return {
    name,
    topics: topicsOf(name),
    profile: {
      ...{ name, present: 1, empty: 0, absent: new Set() },
      ...{ cells: new Map(), shapes: new Map(), dates: new Map() },
    },
    reading: { type: 'string' },
    example: 'A',
  }
}
