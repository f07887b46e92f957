import { type TObject, type TProperties, type TSchema, Type } from 'typebox'
import { object, reference } from '../../base/schema-parts.ts'
import { LEVELS } from '../../forecasting/levels.ts'
import { Basis, ForecastData } from '../../ledger/events/event.ts'
import { Problem } from '../http/problem.ts'
import { MOST_RECORDS } from './body.ts'
import { type CsvColumn, RefusedItem } from './items.ts'

/** The schemas that the document names once, each by its `$id`. */
export const sharedSchemas: TSchema[] = [Problem, RefusedItem]

const problemRef = reference<typeof Problem>('Problem')
const refusedRef = reference<typeof RefusedItem>('RefusedItem')

/** The body of a route that takes records: one, or a list, as JSON; or CSV. */
export function recordsBody(record: TSchema) {
  return {
    content: {
      'application/json': {
        schema: Type.Union([record, Type.Array(record, { minItems: 1, maxItems: MOST_RECORDS })]),
      },
      'text/csv': { schema: CSV },
    },
  }
}

/** What a route answers that takes records. */
export function recordedResponses(item: TSchema) {
  return {
    200: {
      description: 'What became of each record, in their order; those that are refused fail alone.',
      content: {
        'application/json': {
          schema: object({ answers: Type.Array(Type.Union([item, refusedRef])) }),
        },
        'text/csv': { schema: CSV },
      },
    },
    ...problems(400, 401, 403, 406, 409, 413, 415, 422, 429, 500, 503),
  }
}

/** What a route answers that shows a list. */
export function listResponses<Properties extends TProperties>(list: TObject<Properties>) {
  return {
    200: {
      description: 'The list.',
      content: { 'application/json': { schema: list }, 'text/csv': { schema: CSV } },
    },
    ...problems(400, 401, 403, 406, 429, 500, 503),
  }
}

/** What a route answers that shows one thing. */
export function oneResponses(schema: TSchema) {
  return {
    200: { description: 'It.', content: { 'application/json': { schema } } },
    ...problems(400, 401, 403, 404, 414, 429, 500, 503),
  }
}

/** Errors, which every route answers in the same way. */
export function problems(...statuses: number[]) {
  return Object.fromEntries(
    statuses.map((status) => [
      status,
      {
        description: SAYS[status],
        content: { 'application/problem+json': { schema: problemRef } },
      },
    ]),
  )
}

const SAYS: { [status: number]: string } = {
  400: 'The request cannot be read.',
  401: 'It does not say who asks.',
  403: 'Whoever asks may not.',
  404: 'There is no such thing.',
  406: 'The answer cannot be what Accept asks for.',
  409: 'It was decided or reported before; the answer names the event.',
  413: 'There is too much of it.',
  414: 'The address is too long.',
  415: 'It is neither JSON nor CSV.',
  422: 'The record, sent by itself, is refused; or its Idempotency-Key came with something else.',
  429: 'There are too many requests; Retry-After says when to try again.',
  500: 'A bug.',
  503: 'The ledger cannot be written or read now; Retry-After says when to try again.',
}

const CSV = Type.String({ description: 'CSV with a header.' })

const { product, store } = ForecastData.properties
const text = Type.Optional(Type.String())

/** Which series an answer is about, and what it is called. */
export const seriesProperties = { product, store, name: text, category: text }

type Series = { product: string; store?: string; name?: string; category?: string }

export function seriesOf({ product, store, name, category }: Series): Series {
  return {
    product,
    ...(store !== undefined && { store }),
    ...(name !== undefined && { name }),
    ...(category !== undefined && { category }),
  }
}

export const seriesColumns: CsvColumn<Series>[] = [
  ['product', ({ product }) => product],
  ['store', ({ store }) => store],
  ['name', ({ name }) => name],
  ['category', ({ category }) => category],
]

/** What every forecast and order says of what it rests on. */
export const basisProperties = Basis.properties

export const basisColumns: CsvColumn<Basis>[] = [
  ['version', ({ version }) => version],
  ['model', ({ model }) => model],
  ['data', ({ data }) => data],
  ['salesThrough', ({ salesThrough }) => salesThrough],
]

const quantile = Type.Number()

/** Units at each level, by the level. */
export const Quantiles = object(
  Object.fromEntries(LEVELS.map((level) => [String(level), quantile])),
)

/** The lower and the upper end. */
export const Interval = Type.Array(Type.Number(), { minItems: 2, maxItems: 2 })

export const limit = Type.Optional(
  Type.Integer({ minimum: 1, maximum: 1000, default: 100, description: 'How many at most.' }),
)
