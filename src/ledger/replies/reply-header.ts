import { type ReplyKind, TableRefused } from './reply.ts'

/** What a column can mean. */
export type ReplyColumn = keyof typeof WORDS

export type ReplyHeader = {
  kind: ReplyKind
  /** Where each column stands. */
  at: ReadonlyMap<ReplyColumn, number>
}

/**
 * The kind of a table and its columns, by their names in English or Portuguese; other columns may
 * stand there. Throws `TableRefused` where two columns mean the same, where it is not of one kind, or
 * where rows cannot say what they are about.
 */
export function replyHeader(names: readonly string[], line: number): ReplyHeader {
  const at = new Map<ReplyColumn, number>()
  for (const [index, name] of names.entries()) {
    const column = columnNamed(name)
    if (column === undefined) continue
    const known = at.get(column)
    if (known !== undefined) {
      throw new TableRefused('column-twice', { line, column: name, came: names[known] })
    }
    at.set(column, index)
  }
  const kinds = [...kindOf.keys()].filter((column) => at.has(column))
  const [kind] = kinds.map((column) => kindOf.get(column))
  const came = names.join(' | ')
  if (kind === undefined || kinds.length > 1) {
    const about = kinds.map((column) => names[at.get(column) ?? 0]).join(', ')
    throw new TableRefused('kind', { line, came, about })
  }
  const namesSeries = at.has('product') && at.has('day')
  if (!namesSeries && !(kind === 'decision' && at.has('event'))) {
    throw new TableRefused('no-target', { line, came })
  }
  return { kind, at }
}

/** What a column of this name means; undefined for all that is not about a reply. */
export function columnNamed(name: string): ReplyColumn | undefined {
  return BY_WORD.get(plainWord(name))
}

/** `Decisão ` → `decisao`, `Qtd. recebida` → `qtd recebida`: as people write one word in many ways. */
export function plainWord(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

const kindOf: ReadonlyMap<ReplyColumn, ReplyKind> = new Map([
  ['decision', 'decision'],
  ['received', 'receipt'],
  ['sold', 'sold'],
])

const WORDS = {
  event: ['event id', 'event', 'id evento', 'id do evento', 'evento'],
  product: [
    ...['product id', 'product', 'id produto', 'id do produto', 'produto', 'sku'],
    ...['codigo produto', 'codigo do produto', 'cod produto', 'product code'],
  ],
  store: [
    ...['store id', 'store', 'id loja', 'id da loja', 'loja', 'filial'],
    ...['codigo loja', 'codigo da loja', 'cod loja'],
  ],
  day: ['day', 'date', 'order day', 'dia', 'data', 'dia do pedido', 'data do pedido'],
  decision: ['decision', 'decisao'],
  received: [
    ...['received', 'units received', 'quantity received', 'received quantity'],
    ...['recebido', 'recebida', 'recebidas', 'quantidade recebida', 'qtd recebida'],
  ],
  sold: [
    ...['sold', 'units sold', 'quantity sold', 'sold quantity'],
    ...['vendido', 'vendida', 'vendidas', 'quantidade vendida', 'qtd vendida'],
  ],
  quantity: ['quantity', 'qty', 'quantidade', 'qtd', 'qtde'],
  reason: ['reason', 'motivo'],
  note: ['note', 'notes', 'comment', 'observacao', 'observacoes', 'obs', 'comentario'],
  by: ['by', 'por'],
} as const

const BY_WORD: ReadonlyMap<string, ReplyColumn> = new Map(
  Object.entries(WORDS).flatMap(([column, words]) =>
    words.map((word) => [word, column as ReplyColumn] as const),
  ),
)
