import type { Row } from './row-checker.ts'
import type { TotalsBuilder } from './totals-builder.ts'

/**
 * Adds what an accepted row says happened: a sale or a return on its sale day, a purchase on its
 * purchase day, and, where the units were never sold, their expiry. Of a sale without a purchase
 * date the units count as bought on the day of the sale, so that they leave no hole in the stock.
 */
export function addRow(totals: TotalsBuilder, row: Row): void {
  const { product, quantity, saleDay, purchaseDay, expiryDay } = row
  const store = orNone(row.store)
  const isSale = !Number.isNaN(saleDay)
  if (isSale) addSale(totals, totals.entry(product, store, saleDay), row)
  if (quantity <= 0) return
  if (totals.columns.purchaseDate) {
    const entry = totals.entry(product, store, Number.isNaN(purchaseDay) ? saleDay : purchaseDay)
    totals.bought[entry] += quantity
    if (expiryDay >= purchaseDay) {
      totals.shelfLifeTotal[entry] += (expiryDay - purchaseDay) * quantity
      totals.expiringUnits[entry] += quantity
    }
    describe(totals, entry, row)
  }
  if (!isSale && !Number.isNaN(expiryDay)) {
    const entry = totals.entry(product, store, expiryDay)
    totals.expired[entry] += quantity
  }
}

function addSale(totals: TotalsBuilder, entry: number, row: Row): void {
  const { quantity, price, cost, stock } = row
  describe(totals, entry, row)
  if (!Number.isNaN(stock)) totals.statedStock[entry] = stock
  if (quantity < 0) {
    totals.returned[entry] -= quantity
    return
  }
  totals.offered[entry] = 1
  totals.sold[entry] += quantity
  if (quantity > 0 && !Number.isNaN(price)) {
    totals.revenue[entry] += price * quantity
    totals.pricedUnits[entry] += quantity
  }
  if (quantity > 0 && !Number.isNaN(cost)) {
    totals.costTotal[entry] += cost * quantity
    totals.costedUnits[entry] += quantity
  }
}

function describe(totals: TotalsBuilder, entry: number, { name, category }: Row): void {
  if (!Number.isNaN(name)) totals.name[entry] = name
  if (!Number.isNaN(category)) totals.category[entry] = category
}

function orNone(index: number): number {
  return Number.isNaN(index) ? -1 : index
}
