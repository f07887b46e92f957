import { csvText, EXCEL_IN_BRAZIL } from '../base/csv-text.ts'
import type { Language } from '../base/language.ts'
import { shortened } from '../base/wording.ts'
import type { SeriesForecast } from '../ordering/forecaster.ts'
import { alignedColumns, terminalText } from './aligned-columns.ts'
import { seriesName } from './series-name.ts'
import { forecastTexts } from './texts/forecast.ts'
import { numbersIn } from './texts/numbers.ts'

/**
 * Forecasts as CSV, as `csvText` writes it: `product_id`, `store_id` where any row has one, `period`,
 * `mean`, `p10`, `p50`, `p90`. Throws on a number that is not finite.
 */
export function forecastCsv(
  forecasts: readonly Pick<SeriesForecast, 'productId' | 'storeId' | 'from' | Value>[],
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

/** The same for people who open it with Excel in Brazil, with names and categories. */
export function forecastExcelCsv(
  forecasts: readonly Omit<SeriesForecast, 'basis'>[],
  language: Language,
): string {
  const { columns: say } = forecastTexts[language]
  const stores = forecasts.some(({ storeId }) => storeId !== undefined)
  const header = [
    ...[say.category, say.product, say.name, ...(stores ? [say.store] : []), say.period],
    ...valueColumns.map((column) => say[column]),
  ]
  const records = forecasts.map((row) => [
    ...[row.category ?? '', row.productId, row.name ?? ''],
    ...(stores ? [row.storeId ?? ''] : []),
    numbersIn['pt-BR'].day(row.from),
    ...valueColumns.map((column) => row[column]),
  ])
  return csvText([header, ...records], EXCEL_IN_BRAZIL)
}

/** Forecasts as a table for a terminal, at most 100 characters wide. */
export function forecastText(forecasts: readonly SeriesForecast[], language: Language): string {
  const { columns: say, inStore, moreRows } = forecastTexts[language]
  const { units, day } = numbersIn[language]
  const left = forecasts.length - MOST_ROWS
  const rows = forecasts
    .slice(0, MOST_ROWS)
    .map((row) => [
      seriesName(row, inStore),
      day(row.from),
      ...valueColumns.map((column) => units(row[column])),
    ])
  const headers = [say.product, say.period, ...valueColumns.map((column) => say[column])]
  return `${alignedColumns({ headers, rows })}${left > 0 ? `… ${moreRows(left)}\n` : ''}`
}

/** Longer tables are no use on a screen. */
const MOST_ROWS = 100

/**
 * One forecast as a sentence for a buyer:
 * `Biscoito Maria 400g (1042), 2026-12: 312 units; 80% interval 255 to 380`.
 * Plain text for a terminal; for Markdown it goes through `inlineText`.
 */
export function forecastAnswer(
  row: Omit<SeriesForecast, 'from' | 'p2_5' | 'p97_5'>,
  period: string,
  language: Language,
): string {
  const say = forecastTexts[language]
  const { units } = numbersIn[language]
  const category = shortened(row.category ?? say.allProducts, 60)
  const standIn = row.basis === 'category' ? `; ${say.standIn(category)}` : ''
  const interval = say.interval(units(row.p10), units(row.p90))
  const { withoutPlan } = row
  const added = withoutPlan
    ? `; ${say.withoutPlan(units(withoutPlan.mean), signed(shown(row.mean) - shown(withoutPlan.mean), units))}`
    : ''
  return terminalText(
    `${seriesName(row, say.inStore)}, ${period}: ${say.units(units(row.mean))}; ${interval}${added}${standIn}`,
    400,
  )
}

/** As `units` shows it, so that a reader who adds up finds that it does. */
function shown(value: number): number {
  return value < 9.95 ? Math.round(10 * value) / 10 : Math.round(value)
}

function signed(value: number, units: (value: number) => string): string {
  return value < 0 ? `−${units(-value)}` : `+${units(value)}`
}

type Value = (typeof valueColumns)[number]
const valueColumns = ['mean', 'p10', 'p50', 'p90'] as const
