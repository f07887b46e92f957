import { quoted, UserError } from '../../base/errors.ts'
import { wordsOf } from './column-words.ts'
import type { ColumnGuess } from './guess-columns.ts'
import type { SalesFile } from './sales-file.ts'

/**
 * Throws a `UserError` where a file holds what is planned and not what was sold: two columns of days
 * of which one begins and the other ends something, one of promotions or closings, and none of
 * quantities.
 */
export function refusePlan(columns: ColumnGuess[], { name }: SalesFile): void {
  const days = columns.filter(({ reading: { type } }) => type === 'date' || type === 'datetime')
  const first = days.find((it) => names(it, BEGINNINGS) && !names(it, ENDS))
  const last = days.find((column) => column !== first && names(column, ENDS))
  const isPlanned = columns.some((column) => names(column, PLANNED))
  const isSold = columns.some(({ topics }) =>
    (['quantity', 'sold', 'stock', 'demand'] as const).some((topic) => topics.has(topic)),
  )
  if (!first || !last || !isPlanned || isSold) return
  throw new UserError(
    `looks like a plan, not like sales: ${quoted(first.name)} and ${quoted(last.name)} are the first and the last day of something, and no column says how much was sold`,
    {
      file: name,
      remedy:
        'Name the files of the sales alone. A plan is added to the contract afterwards: docs/your-own-data.md, "What is planned ahead". Where these are sales, say so: --column saleDate=HEADER.',
    },
  )
}

function names({ name }: ColumnGuess, words: ReadonlySet<string>): boolean {
  return wordsOf(name).some((word) => words.has(word))
}

const BEGINNINGS = new Set(
  'from start starts begin begins inicio inicial desde debut von beginn de'.split(' '),
)
const ENDS = new Set(
  'to end ends until through ate fim final termino hasta fin bis ende'.split(' '),
)
const PLANNED = new Set(
  'discount desconto descuento remise rabatt promo promotion promotions promocao promocion aktion oferta offer campaign campanha campana folheto leaflet encarte tabloide display price preco precio prix preis closed closing fechada fechado fechamento'.split(
    ' ',
  ),
)
