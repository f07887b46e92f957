import { quoted, UserError } from '../../base/errors.ts'
import { type Topic, topicsOf, wordsOf } from './column-words.ts'
import type { SalesFile } from './sales-file.ts'

/**
 * Throws a `UserError` where a file holds what is planned and not what was sold: of its columns one
 * begins and another ends something, both of them days, one is of promotions, prices or closings, and
 * none of quantities.
 */
export function refusePlan(
  header: string[],
  { name }: SalesFile,
  isDay: (header: string) => boolean = () => true,
): void {
  const days = header.filter(isDay)
  const first = days.find((it) => hasWord(it, BEGINNINGS) && !hasWord(it, ENDS))
  const last = days.find((it) => it !== first && hasWord(it, ENDS))
  const isPlanned = header.some((it) => hasWord(it, PLANNED))
  const isSold = header.some((it) => SOLD.some((topic) => topicsOf(it).has(topic)))
  if (!first || !last || !isPlanned || isSold) return
  throw new UserError(
    `looks like a plan, not like sales: ${quoted(first)} and ${quoted(last)} are the first and the last day of something, and no column says how much was sold`,
    {
      file: name,
      remedy:
        'Name the files of the sales alone. A plan is added to the contract afterwards: docs/your-own-data.md, "What is planned ahead". Where these are sales, say so: --column saleDate=HEADER.',
    },
  )
}

function hasWord(header: string, words: ReadonlySet<string>): boolean {
  return wordsOf(header).some((word) => words.has(word))
}

const SOLD: Topic[] = ['quantity', 'sold', 'stock', 'demand']
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
