import { STATUS_CODES } from 'node:http'
import { type Static, Type } from 'typebox'
import { type CsvStyle, csvText } from '../../base/csv-text.ts'
import { FieldProblem } from '../../base/schema.ts'
import { count, object } from '../../base/schema-parts.ts'
import { HttpError, PROBLEM_JSON, problem } from '../http/problem.ts'
import { type AnswerFormat, contentTypes } from './answer-format.ts'
import type { Records } from './body.ts'
import type { WrittenAnswer } from './idempotency.ts'

/** Where in the request a record stands. */
export const placeInRequest = {
  /** From 0 on. */
  index: count,
  /** Of the CSV, from 1 on. */
  line: Type.Optional(count),
}

/** What is wrong with one record of a list: the other records are answered. */
export const RefusedItem = object(
  {
    ...placeInRequest,
    status: Type.Enum([409, 422]),
    title: Type.String(),
    detail: Type.String(),
    errors: Type.Array(FieldProblem),
  },
  { $id: 'RefusedItem' },
)
export type RefusedItem = Static<typeof RefusedItem>

export type ItemPlace = { index: number; line?: number }

/** What became of a record: what is told of it (several where it asked for several), or why not. */
export type Told<Item> = { items: Item[] } | { refused: 409 | 422; problems: FieldProblem[] }

/** What is told of a record that was recorded, refused, or came after another that stands. */
export function told<Event, Item>(
  outcome:
    | { outcome: 'recorded'; event: Event }
    | { outcome: 'refused' | 'conflict'; problems: FieldProblem[] },
  item: (event: Event, place: ItemPlace) => Item,
): Told<(place: ItemPlace) => Item> {
  if (outcome.outcome === 'recorded') return { items: [(place) => item(outcome.event, place)] }
  return { refused: outcome.outcome === 'conflict' ? 409 : 422, problems: outcome.problems }
}

/** One column of an answer in CSV. */
export type CsvColumn<Item> = readonly [
  name: string,
  cell: (item: Item) => string | number | undefined,
]

/** The answer to records: what was asked by itself and is refused fails as a whole. */
export function answerTo<Item extends ItemPlace>(
  { kind, lines, refused }: Records,
  told: readonly Told<(place: ItemPlace) => Item>[],
  how: { format: AnswerFormat; columns: CsvColumn<Item>[]; requestId: string },
): WrittenAnswer {
  let next = 0
  const items: (Item | RefusedItem)[] = []
  const count = told.length + (refused?.size ?? 0)
  for (let index = 0; index < count; index++) {
    const early = refused?.get(index)
    const it = early ? { refused: 422 as const, problems: early } : told[next++]
    const place = { index, ...(lines && { line: lines[index] }) }
    if ('items' in it) for (const item of it.items) items.push(item(place))
    else items.push(refusedItem(it, place))
  }
  const [only] = items
  if (kind === 'one' && only !== undefined && isRefused(only)) return wholeProblem(only, how)
  return how.format.media === 'json'
    ? { status: 200, type: contentTypes.json, text: JSON.stringify({ answers: items }) }
    : { status: 200, type: contentTypes.csv, text: itemsCsv(items, how.columns, how.format.style) }
}

function refusedItem(
  { refused: status, problems: errors }: { refused: 409 | 422; problems: FieldProblem[] },
  place: ItemPlace,
): RefusedItem {
  const detail = errors.map(problemText).join('; ')
  return { ...place, status, title: STATUS_CODES[status] ?? '', detail, errors }
}

function problemText({ field, came, expected }: FieldProblem): string {
  const of = field === '' ? 'the record' : field.slice(1)
  return came === undefined ? `${of} ${expected}` : `${of} ${expected}, but ${came} came`
}

function wholeProblem(
  { status, detail, errors }: RefusedItem,
  { requestId }: { requestId: string },
) {
  const error = new HttpError(status, detail, { errors })
  return { status, type: PROBLEM_JSON, text: JSON.stringify(problem(error, requestId)) }
}

/** One row an item; what is wrong stands in the last column. */
function itemsCsv<Item extends ItemPlace>(
  items: readonly (Item | RefusedItem)[],
  columns: CsvColumn<Item>[],
  style: CsvStyle,
): string {
  const header = ['index', 'line', 'status', ...columns.map(([name]) => name), 'problem']
  const rows = items.map((item) => {
    const place = [item.index, item.line ?? '']
    return isRefused(item)
      ? [...place, item.status, ...columns.map(() => ''), item.detail]
      : [...place, 200, ...columns.map(([, cell]) => cell(item) ?? ''), '']
  })
  return csvText([header, ...rows], style)
}

function isRefused(item: ItemPlace | RefusedItem): item is RefusedItem {
  return 'errors' in item
}
