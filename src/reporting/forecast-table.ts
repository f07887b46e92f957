import { csvText } from '../base/csv-text.ts'
import { shortened } from '../base/wording.ts'
import type { SeriesForecast } from '../ordering/forecaster.ts'
import { terminalText } from './aligned-columns.ts'
import { units } from './format.ts'

/**
 * Forecasts as CSV, as `csvText` writes it: `product_id`, `store_id` where any row has one, `period`,
 * `mean`, `p10`, `p50`, `p90`. Throws on a number that is not finite.
 */
export function forecastCsv(
  forecasts: Pick<SeriesForecast, 'productId' | 'storeId' | 'from' | Value>[],
): string {
  const stores = forecasts.some(({ storeId }) => storeId !== undefined)
  const header = ['product_id', ...(stores ? ['store_id'] : []), 'period', ...valueColumns]
  const records = forecasts.map((row) => [
    row.productId,
    ...(stores ? [row.storeId ?? ''] : []),
    row.from,
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
  row: Omit<SeriesForecast, 'from' | 'p2_5' | 'p97_5'>,
  period: string,
): string {
  const id = shortened(row.productId, 60)
  const product = row.name ? `${shortened(row.name, 60)} (${id})` : id
  const store = row.storeId === undefined ? '' : ` in store ${shortened(row.storeId, 60)}`
  const interval = `80% interval ${units(row.p10)} to ${units(row.p90)}`
  const standIn =
    row.basis === 'category'
      ? `; no period is over in which it was on sale, so this is the forecast of its category, ${shortened(row.category ?? 'all products', 60)}`
      : ''
  return terminalText(
    `${product}${store}, ${period}: ${units(row.mean)} units; ${interval}${standIn}`,
    400,
  )
}

type Value = (typeof valueColumns)[number]
const valueColumns = ['mean', 'p10', 'p50', 'p90'] as const
