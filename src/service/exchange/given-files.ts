import { csvText } from '../../base/csv-text.ts'
import type { Language } from '../../base/language.ts'
import { LEVELS } from '../../forecasting/levels.ts'
import { styleIn } from '../../reporting/csv-style.ts'
import { orderReason } from '../../reporting/order-reason.ts'
import { exchangeTexts } from '../../reporting/texts/exchange.ts'
import { numbersIn } from '../../reporting/texts/numbers.ts'
import type { RecordedForecast } from '../recording/forecasts.ts'
import type { RecordedOrder } from '../recording/orders.ts'

/**
 * Orders as a table that comes back with the decisions filled in: `event_id`, the series, the day, what
 * is advised and why, and empty columns for decision, quantity, reason and note. In the notation of
 * the language, as `csvText` writes it.
 */
export function ordersFile(orders: readonly RecordedOrder[], language: Language): string {
  const say = exchangeTexts[language]
  const { day } = numbersIn[language]
  const header = [
    ...[say.event, say.product, say.store, say.name, say.category, say.day],
    ...[say.order, say.packs, say.packSize, say.from, say.through, say.onHand],
    ...[say.mean, say.why, ...toFillIn(language)],
  ]
  const rows = orders.map(({ id, day: orderDay, order }) => {
    const { productId, storeId = '', name = '', category = '' } = order
    const advice =
      order.outcome === 'unknown'
        ? Array(ADVICE).fill('')
        : [
            ...[order.units, order.packs, order.pack, day(order.from), day(order.through)],
            ...[order.onHand, order.forecast.mean],
          ]
    return [
      ...[id, productId, storeId, name, category, day(orderDay)],
      ...[...advice, orderReason(order, language), '', '', '', ''],
    ]
  })
  return csvText([header, ...rows], styleIn(language))
}

/** Cells of a row that an order that is not known leaves empty. */
const ADVICE = 7

/** Forecasts as a table, with their interval, what they rest on, and what seasonal naive says. */
export function forecastsFile(forecasts: readonly RecordedForecast[], language: Language): string {
  const say = exchangeTexts[language]
  const { day } = numbersIn[language]
  const header = [
    ...[say.event, say.product, say.store, say.name, say.category, say.from, say.through],
    ...[say.mean, ...SHOWN.map(({ name }) => name), say.naive, say.restsOn],
    ...toFillIn(language),
  ]
  const rows = forecasts.map((it) => [
    ...[it.id, it.product, it.store ?? '', it.name ?? '', it.category ?? ''],
    ...[day(it.from), day(it.to), it.mean, ...SHOWN.map(({ at }) => it.quantiles[at])],
    it.baseline?.mean ?? '',
    it.restsOn === 'category' ? say.categoryBasis : say.series,
    ...['', '', '', ''],
  ])
  return csvText([header, ...rows], styleIn(language))
}

const SHOWN = [0.1, 0.5, 0.9].map((level) => ({
  name: `p${100 * level}`,
  at: LEVELS.indexOf(level),
}))

function toFillIn(language: Language): string[] {
  const say = exchangeTexts[language]
  return [say.decision, say.quantity, say.reason, say.note]
}
