import { quoted } from '../../base/errors.ts'
import type { Topic } from './column-words.ts'
import type { ColumnGuess } from './guess-columns.ts'
import { quantityScore } from './role-scores.ts'

/** What can be forecast where products are not known: a store, a department, or nobody knows. */
export function mayBeSeries({ topics, reading }: ColumnGuess): boolean {
  const isFraction = reading.type === 'number' && !reading.isWhole
  return !isFraction && [...topics].every((topic) => SERIES_TOPICS.has(topic))
}

const SERIES_TOPICS: ReadonlySet<Topic> = new Set([
  ...(['product', 'category', 'sub', 'store', 'name', 'code', 'kind'] as const),
])

/** Numbers of which nothing tells what they are: they may be asked for twice. */
export function mayBeAnything({ topics, reading }: ColumnGuess): boolean {
  return topics.size === 0 && reading.type === 'number'
}

/** Called a quantity, but its cells are no numbers. */
export function isUnreadableQuantity({ topics, reading, profile }: ColumnGuess): boolean {
  const isCalledSo = quantityScore(topics) >= 3 && !topics.has('unit')
  return isCalledSo && reading.type === 'string' && profile.present > 0
}

/** `Código`, but not `Código do produto`. */
export function isBareCode({ topics }: ColumnGuess): boolean {
  const isOther = (['product', 'article code', 'sale'] as const).some((topic) => topics.has(topic))
  return topics.has('code') && !isOther
}

/** By the type that its cells were read as. */
export function isDate(type: string): boolean {
  return type === 'date' || type === 'datetime'
}

/** Whether it can tell products, or stores, apart. */
export function isId({ reading }: ColumnGuess): boolean {
  return !isDate(reading.type)
}

/** Whether it can be a name or a category: whole numbers can. */
export function isText({ reading }: ColumnGuess): boolean {
  return !isDate(reading.type) && (reading.type !== 'number' || reading.isWhole)
}

/** `7,89123E+12`: whatever it was, a spreadsheet has rounded it. */
export function isRounded({ profile }: ColumnGuess): boolean {
  return roundedCell(profile.cells.keys()) !== undefined
}

function roundedCell(cells: Iterable<string>): string | undefined {
  for (const cell of cells) if (/^\d(?:[.,]\d+)?e\+\d+$/i.test(cell)) return cell
  return undefined
}

/** Why a rounded column is no id, with one of its cells. */
export function roundedWhy({ name, profile }: ColumnGuess): string {
  const cell = roundedCell(profile.cells.keys()) ?? ''
  return `${quoted(name)} holds ${quoted(cell)}: a spreadsheet has rounded the ids, so that different ones have become the same. Export them again as text.`
}

/** Up to three cells that are no numbers, for a message. */
export function oddCells({ profile }: ColumnGuess): string {
  const odd = [...profile.cells.keys()].filter((cell) => !/^[\d.,\s-]+$/.test(cell))
  return list((odd.length > 0 ? odd : [...profile.cells.keys()]).slice(0, 3).map(quoted))
}

/** `a, b and c`. */
export function list(items: string[]): string {
  return items.length < 2
    ? items.join('')
    : `${items.slice(0, -1).join(', ')} and ${items[items.length - 1]}`
}
