import { type Day, dayFromIso, daysInMonth, isoFromDay } from '../../base/day.ts'
import { quoted } from '../../base/errors.ts'
import type { FieldProblem } from '../../base/schema.ts'
import type { Json } from '../../base/schema-parts.ts'
import { shortened } from '../../base/wording.ts'
import type { NoAnswer } from '../../ordering/no-answer.ts'
import type { ProductQuestion, SeriesIndex } from '../../ordering/series-index.ts'
import type { RefusedQuestion } from './engine.ts'

/** A question about one series that the model's schema lets through. */
export type AskedForecast = {
  outcome: 'asked'
  product: ProductQuestion
  days: AskedSpan
  /** What else the model takes. */
  inputs?: Record<string, Json>
}

/** Both inclusive; with the month that was asked for, where it was one. */
type AskedSpan = { from: Day; to: Day; month?: string }

/**
 * A question as it can be sent to a thread. No input is a list or an object: of what somebody nests
 * without end, the outermost level is enough to refuse it.
 */
export function withoutDepth(question: unknown): unknown {
  if (typeof question !== 'object' || question === null) return question
  if (Array.isArray(question)) return []
  if (!Object.values(question).some(isNested)) return question
  return Object.fromEntries(
    Object.entries(question).map(([key, value]) => [key, isNested(value) ? emptied(value) : value]),
  )
}

/** The parts of a question that satisfies the schema of its model. */
export function askedForecast(question: Record<string, Json>): AskedForecast | RefusedQuestion {
  const { product, store, from, to, month, ...inputs } = question
  if (inputs.price !== undefined && inputs.discount !== undefined) {
    const expected = 'must not come with a price: either says the other'
    return { outcome: 'refused', problems: [{ field: '/discount', expected }] }
  }
  const days = month === undefined ? daysOf(from, to) : daysOfMonth(month)
  if (!('from' in days)) return days
  return {
    outcome: 'asked',
    product: askedProduct({ product, store }),
    days,
    ...(Object.keys(inputs).length > 0 && { inputs }),
  }
}

/** Product and store as the sales know them. */
export function askedProduct({ product, store }: Record<string, unknown>): ProductQuestion {
  return { productId: String(product), ...(store !== undefined && { storeId: String(store) }) }
}

/** Why there is no one series to forecast: one that is not there, or several that it may be. */
export function seriesProblems(series: SeriesIndex, asked: ProductQuestion): FieldProblem[] {
  const found = series.seriesOf(asked)
  if (found.outcome !== 'found') return noAnswerProblems(found)
  if (found.indices.length === 1) return []
  const stores = series.storesOf(asked.productId)
  return [{ field: '/store', expected: `must be the store that is meant, ${oneOf(stores)}` }]
}

/** The same that the command line says, field by field. */
export function noAnswerProblems(noAnswer: NoAnswer, asked?: AskedSpan): FieldProblem[] {
  const last = { field: asked?.month ? '/month' : '/to' }
  const came = asked?.month ?? ''
  switch (noAnswer.outcome) {
    case 'unknown product':
      return [
        {
          field: '/product',
          came: shown(noAnswer.productId),
          expected: `must be a product that has been sold, ${oneOf(noAnswer.such)}`,
        },
      ]
    case 'unknown store':
      return [
        {
          field: '/store',
          came: shown(noAnswer.storeId),
          expected: `must be a store that sells the product, ${oneOf(noAnswer.stores)}`,
        },
      ]
    case 'backward':
      return [
        {
          field: '/to',
          came: isoFromDay(noAnswer.to),
          expected: `must not be before the first day, ${isoFromDay(noAnswer.from)}`,
        },
      ]
    case 'over':
      return [
        {
          ...last,
          came: came || isoFromDay(noAnswer.to),
          expected: `must be later than ${isoFromDay(noAnswer.knownThrough)}: up to then it is known what sold`,
        },
      ]
    case 'too far':
      return [
        {
          ...last,
          came: came || isoFromDay(noAnswer.to),
          expected: `must be ${isoFromDay(noAnswer.latest)} or earlier: farther ahead nothing can be said`,
        },
      ]
  }
}

function daysOf(from: unknown, to: unknown): AskedSpan | RefusedQuestion {
  const [first, last] = [from, to].map((text) => dayFromIso(String(text)))
  if (first !== undefined && last !== undefined) return { from: first, to: last }
  const field = first === undefined ? '/from' : '/to'
  return refusedField(field, first === undefined ? from : to, 'a day, such as 2026-12-24')
}

function daysOfMonth(month: unknown): AskedSpan | RefusedQuestion {
  const text = String(month)
  const from = dayFromIso(`${text}-01`)
  if (from === undefined) return refusedField('/month', month, 'a month, such as 2026-12')
  const [year, number] = text.split('-').map(Number)
  return { from, to: from + daysInMonth(year, number) - 1, month: text }
}

function refusedField(field: string, came: unknown, what: string): RefusedQuestion {
  const problem = { field, came: shown(String(came)), expected: `must be ${what}` }
  return { outcome: 'refused', problems: [problem] }
}

function oneOf(names: readonly (string | undefined)[]): string {
  return `such as ${names.map((name) => shown(name ?? '(none)')).join(', ')}`
}

function shown(text: string): string {
  return shortened(quoted(text), 80)
}

function isNested(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function emptied(value: object): object {
  return Array.isArray(value) ? [] : {}
}
