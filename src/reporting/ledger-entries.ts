import type { Language } from '../base/language.ts'
import type { Json } from '../base/schema-parts.ts'
import { LEVELS } from '../forecasting/levels.ts'
import { daysOf, type LedgerEntry } from '../ledger/events/ledger-entries.ts'
import type { DecisionReason } from '../ordering/decision-reasons.ts'
import { terminalText } from './aligned-columns.ts'
import { seriesName } from './series-name.ts'
import { entryTexts } from './texts/ledger-entries.ts'
import { numbersIn } from './texts/numbers.ts'
import { orderTexts, reasonTexts } from './texts/order.ts'

/** What is known beside the ledger of those whom it names. */
type EntryNames = {
  language: Language
  /** IANA time zone in which moments are told. */
  timeZone: string
  reasons: readonly DecisionReason[]
  /** Names of products, by their ids. */
  products: ReadonlyMap<string, string>
  /** Names of persons, by their pseudonyms. */
  persons: ReadonlyMap<string, string>
}

/**
 * An entry of the ledger as a paragraph for a terminal: what was forecast or advised, what was
 * decided on it and why, what arrived, and what sold.
 *
 *     2026-02-03 09:12 Biscoito Maria 400g (1042)
 *       Forecast of 120 from 2026-02-01 to 2026-02-28 (80%: 90–150), version 3
 *       Changed to 200: Local event, "town festival", by Maria (buyer-1f3a), 2026-02-03 09:20
 *       Sold: 188
 */
export function entryText(
  { of, decision, receipts, sold }: LedgerEntry,
  names: EntryNames,
): string {
  const { language } = names
  const say = entryTexts[language]
  const { units, day } = numbersIn[language]
  const { product: productId, store: storeId, basis } = of.data
  const name = names.products.get(productId)
  const series = {
    productId,
    ...(storeId !== undefined && { storeId }),
    ...(name !== undefined && { name }),
  }
  const lines = [
    `${momentText(of.time, names)} ${seriesName(series, orderTexts[language].inStore)}`,
    `  ${answerText(of, language)}, ${say.version(basis.version)}`,
    `  ${decision ? decisionText(decision, names) : say.undecided}`,
    ...receipts.map(({ data }) => `  ${say.arrived(units(data.units), day(data.day))}`),
    ...(daysOf(of) ? [`  ${soldText(sold, language)}`] : []),
  ]
  return lines.map((line) => `${terminalText(line, LONGEST_LINE)}\n`).join('')
}

const LONGEST_LINE = 400

function answerText({ type, data }: LedgerEntry['of'], language: Language): string {
  const say = entryTexts[language]
  const { units, day } = numbersIn[language]
  if (type === 'cd4ml.order.v1') return `${say.order(day(data.day))}: ${adviceText(data, language)}`
  const [low, high] = [0.1, 0.9].map((level) => units(data.quantiles[LEVELS.indexOf(level)]))
  return say.forecast(units(data.mean), day(data.from), day(data.to), `${low}–${high}`)
}

type Order = Extract<LedgerEntry['of'], { type: 'cd4ml.order.v1' }>['data']

/**
 * `order 24 (2 packs of 12), forecast 31 through 2026-12-06 (80%: 22–41)`, as far as it is there: the
 * version that wrote it may be older than this code.
 */
function adviceText({ outcome, advice }: Order, language: Language): string {
  const say = reasonTexts[language]
  const { integer, day } = numbersIn[language]
  if (outcome === 'unknown') return beginning(say.unknown)
  const [units, packs, pack] = [advice.units, advice.packs, advice.pack].map(numberOf)
  const inPacks = pack > 1 ? ` (${say.packs(packs, integer(pack))})` : ''
  const order = units === 0 ? say.orderNone : `${say.order(integer(units))}${inPacks}`
  const { forecast, through } = advice
  if (!isObject(forecast) || typeof through !== 'string') return beginning(order)
  const [mean, low, high] = [forecast.mean, forecast.p10, forecast.p90].map(numberOf).map(integer)
  const expected = say.forecast(mean, day(through), `${low}–${high}`)
  return `${beginning(order)}, ${expected}`
}

function numberOf(value: Json | undefined): number {
  return typeof value === 'number' ? value : 0
}

function isObject(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Within a sentence. */
function beginning(text: string): string {
  return `${text.charAt(0).toLowerCase()}${text.slice(1)}`
}

function decisionText(
  { event: { data, time }, note }: NonNullable<LedgerEntry['decision']>,
  names: EntryNames,
): string {
  const { language } = names
  const say = entryTexts[language]
  const { units } = numbersIn[language]
  const quantity = data.quantity === undefined ? undefined : units(data.quantity)
  const decided = {
    followed: say.followed(quantity),
    changed: say.changed(quantity ?? '–'),
    none: say.none,
  }[data.decision]
  const reason = names.reasons.find(({ id }) => id === data.reason)?.[language] ?? data.reason
  const why = [reason, note && `“${note}”`].filter(Boolean).join(', ')
  const person = names.persons.get(data.by)
  const by = say.by(person ? `${person} (${data.by})` : data.by, momentText(time, names))
  return `${decided}${why ? `: ${why}` : ''}, ${by}`
}

function soldText(sold: LedgerEntry['sold'], language: Language): string {
  const say = entryTexts[language]
  if (!sold) return say.notSold
  const { days, knownDays, censoredDays } = sold
  const units = numbersIn[language].units(sold.units)
  const text = knownDays < days ? say.soldSoFar(units, knownDays, days) : say.sold(units)
  return censoredDays > 0 ? `${text}, ${say.censored(censoredDays)}` : text
}

/** A moment of the ledger, to the minute: `2026-02-03 09:12`, `03/02/2026 09:12`. */
function momentText(time: string, { timeZone, language }: EntryNames): string {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(new Date(time))
  const part = (type: string) => parts.find((it) => it.type === type)?.value ?? ''
  const iso = `${part('year')}-${part('month')}-${part('day')}`
  return `${numbersIn[language].day(iso)} ${part('hour')}:${part('minute')}`
}
