import type { Row } from '../checks/row-checker.ts'
import type { TotalsBuilder } from '../totals/totals-builder.ts'

/**
 * Adds what a row says happened, as far as it is to be believed: a sale or a return on its sale day,
 * a purchase on its purchase day, and, where the units were not sold, their expiry. Of a sale without
 * a purchase date the units count as bought on the day of the sale, so that they leave no hole in the
 * stock; what was bought before a sale that is quarantined leaves the stock on the day of that sale,
 * and where that day cannot be told, when `undated-sales.ts` says so.
 *
 * Nothing is written to a day that was not known on it: name and category of a unit are those of its
 * sale, since the row that says them may have been written then.
 */
export function addRow(totals: TotalsBuilder, row: Row): void {
  const { product, quantity, saleDay, purchaseDay, expiryDay, isPurchaseSound } = row
  const store = orNone(row.store)
  const isSale = row.isSaleSound && !Number.isNaN(saleDay)
  if (isSale) addSale(totals, totals.entry(product, store, saleDay), row)
  if (!Number.isNaN(row.delivered)) return
  if (!totals.columns.purchaseDate || !isPurchaseSound || quantity <= 0) return
  const boughtOn = Number.isNaN(purchaseDay) && isSale ? saleDay : purchaseDay
  if (Number.isNaN(boughtOn)) return
  const entry = totals.entry(product, store, boughtOn)
  const { measures } = totals
  measures.bought[entry] += quantity
  if (expiryDay >= purchaseDay) {
    measures.shelfLifeTotal[entry] += (expiryDay - purchaseDay) * quantity
    measures.expiringUnits[entry] += quantity
  }
  const lastDay = isSale || row.isSaleUndated ? Number.NaN : lastDayOnShelf(row)
  if (Number.isNaN(lastDay)) return
  const left = totals.entry(product, store, lastDay)
  totals.measures.expired[left] += quantity
}

/** Of units without a sale that counts; NaN where they are there for good. */
function lastDayOnShelf({ saleDay, expiryDay, quarantineDay }: Row): number {
  if (quarantineDay !== saleDay) return expiryDay
  return saleDay > expiryDay ? expiryDay : saleDay
}

function addSale({ measures }: TotalsBuilder, entry: number, row: Row): void {
  const { quantity, price, cost, stock, name, category, value, delivered } = row
  if (!Number.isNaN(name)) measures.nameIndex[entry] = name
  if (!Number.isNaN(category)) measures.categoryIndex[entry] = category
  if (!Number.isNaN(stock)) measures.statedStock[entry] = stock
  if (delivered > 0) measures.bought[entry] += delivered
  if (quantity < 0) {
    measures.returned[entry] -= quantity
    return
  }
  measures.offered[entry] = 1
  measures.sold[entry] += quantity
  if (quantity > 0 && !Number.isNaN(price)) {
    measures.revenue[entry] += Number.isNaN(value) ? price * quantity : value
    measures.pricedUnits[entry] += quantity
  }
  if (quantity > 0 && !Number.isNaN(cost)) {
    measures.costTotal[entry] += cost * quantity
    measures.costedUnits[entry] += quantity
  }
}

function orNone(index: number): number {
  return Number.isNaN(index) ? -1 : index
}
