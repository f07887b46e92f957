import { csvText } from '../base/csv-text.ts'
import { shortened } from '../base/wording.ts'
import { terminalText } from './aligned-columns.ts'
import { units } from './format.ts'

/** Units of one series in one period, or in several added up. */
export type ForecastRow = {
  productId: string
  storeId?: string | undefined
  /** First day of the period, ISO; in an answer any name of it, such as `2026-12`. */
  period: string
  mean: number
  p10: number
  p50: number
  p90: number
}

/**
 * Forecasts as CSV, as `csvText` writes it: `product_id`, `store_id` where any row has one, `period`,
 * `mean`, `p10`, `p50`, `p90`. Throws on a number that is not finite.
 */
export function forecastCsv(rows: Iterable<ForecastRow>): string {
  const all = [...rows]
  const stores = all.some(({ storeId }) => storeId !== undefined)
  const header = ['product_id', ...(stores ? ['store_id'] : []), 'period', ...valueColumns]
  const records = all.map((row) => [
    row.productId,
    ...(stores ? [row.storeId ?? ''] : []),
    row.period,
    ...valueColumns.map((column) => row[column]),
  ])
  return csvText([header, ...records])
}

/**
 * One forecast as a sentence for a buyer:
 * `Biscoito Maria 400g (1042), 2026-12: 312 units; 80% interval 255 to 380`.
 * Plain text for a terminal; for Markdown it goes through `inlineText`.
 */
export function forecastAnswer(
  row: ForecastRow & {
    name?: string | undefined
    /** Whose forecast stands in for that of a product of which no period is known. */
    insteadOf?: { category: string } | undefined
  },
): string {
  const id = shortened(row.productId, 60)
  const product = row.name ? `${shortened(row.name, 60)} (${id})` : id
  const store = row.storeId === undefined ? '' : ` in store ${shortened(row.storeId, 60)}`
  const interval = `80% interval ${units(row.p10)} to ${units(row.p90)}`
  const standIn = row.insteadOf
    ? `; no period is over in which it was on sale, so this is the forecast of its category, ${shortened(row.insteadOf.category, 60)}`
    : ''
  return terminalText(
    `${product}${store}, ${row.period}: ${units(row.mean)} units; ${interval}${standIn}`,
    400,
  )
}

const valueColumns = ['mean', 'p10', 'p50', 'p90'] as const
