import { quoted } from '../../base/errors.ts'
import { counted } from '../../base/wording.ts'
import type { Role } from '../contract/roles.ts'
import { isDate, list } from './column-kinds.ts'
import type { ColumnGuess } from './guess-columns.ts'

/** Rows that count by the contract, but hardly are sales: cancelled orders, returns. */
export type DoubtfulRows = {
  column: string
  /** What the column says of them; none where it is filled for no other rows. */
  cells: string[]
  rows: number
  /** What leaves them out, in the field of the column. */
  constraints: { enum: string[] } | { maxLength: 0 }
  /** What `cd4ml` has to allow then, where they are more than is usual. */
  maxQuarantinedShare: number | undefined
}

/**
 * The columns without a role by which rows are cancelled, returned or no sales at all, as far as words
 * in English, Portuguese, Spanish, French or German, or Brazil's CFOP, tell. Returns whose quantity is
 * negative are what they should be. `rows` are some of those that the columns are guessed from.
 */
export function doubtfulRows(
  columns: (ColumnGuess & { role: Role | undefined })[],
  rows: string[][],
): DoubtfulRows[] {
  const quantity = columns.findIndex(({ role }) => role === 'quantity')
  return columns.flatMap((column, at) => {
    const { name, role, profile } = column
    if (role !== undefined || profile.present === 0) return []
    const all = profile.present + profile.empty
    const found = (cells: string[], count: number, constraints: DoubtfulRows['constraints']) => {
      const share = count / all
      const maxQuarantinedShare = share > USUAL_SHARE ? roundedUp(share) : undefined
      return [{ column: name, cells, rows: count, constraints, maxQuarantinedShare }]
    }
    if (isFilledWhereCancelled(column)) return found([], profile.present, { maxLength: 0 })
    if (profile.cells.size > MOST_STATES) return []
    const hasSales = [...profile.cells.keys()].some((cell) => SALE.test(plain(cell)))
    const cells = [...profile.cells.keys()].filter((cell) => {
      const isNone = isNoSale(column, cell) || (hasSales && PURCHASE.test(plain(cell)))
      return isNone && !isNegative(rows, at, cell, quantity)
    })
    const others = [...profile.cells.keys()].filter((cell) => !cells.includes(cell))
    if (cells.length === 0 || others.every((cell) => isNoSale(column, cell))) return []
    const count = cells.reduce((sum, cell) => sum + (profile.cells.get(cell) ?? 0), 0)
    return found(cells, count, { enum: others })
  })
}

/** What the rows are and how they are left out, for a person: a sentence, and what to write where. */
export function doubtfulRowsText(doubtful: DoubtfulRows): [string, ...string[]] {
  const { column, cells, rows, constraints, maxQuarantinedShare } = doubtful
  const is = cells.length === 0 ? 'is filled' : `holds ${list(cells.map(quoted))}`
  return [
    `${quoted(column)} ${is} in ${counted(rows, 'row')}; they count. To leave them out, write into data/datapackage.json:`,
    `"constraints": ${JSON.stringify(constraints)} into the field ${quoted(column)}`,
    ...(maxQuarantinedShare === undefined
      ? []
      : [`"maxQuarantinedShare": ${maxQuarantinedShare} into cd4ml`]),
  ]
}

/** `Cancelled at`, or a mark in a column that is empty otherwise. */
function isFilledWhereCancelled({ topics, reading, profile }: ColumnGuess): boolean {
  if (!topics.has('cancelled') || profile.empty === 0) return false
  return isDate(reading.type) || [...profile.cells.keys()].every((cell) => YES.test(cell))
}

const MOST_STATES = 40

/** Below, no file is refused for them: 5% are allowed, of each file. */
const USUAL_SHARE = 0.03

/** With room for files that have more of them than the others. */
function roundedUp(share: number): number {
  return Math.min(1, Math.ceil(150 * share) / 100)
}

function isNoSale({ name, topics }: ColumnGuess, cell: string): boolean {
  if (/cfop/i.test(name)) return /^[123]\D?\d{3}/.test(cell)
  if (topics.has('cancelled')) return YES.test(cell)
  return NO_SALE.test(plain(cell))
}

/** Whether all rows with the cell take units back already. */
function isNegative(rows: string[][], at: number, cell: string, quantity: number): boolean {
  if (quantity < 0) return false
  const cells = rows.flatMap((row) => (row[at].trim() === cell ? [row[quantity].trim()] : []))
  return (
    cells.length > 0 && cells.every((text) => /^[-\u2212(]|-$/.test(text) || /^0+\D?0*$/.test(text))
  )
}

function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
}

const YES = /^(1|x|s|y|j|o|v|sim|yes|si|sí|oui|ja|true|t|verdadeiro|verdadero|vrai|wahr)$/i

const SALE = /^(saida|venda|sale|salida|venta|sortie|vente|ausgang|verkauf|abgang)/
const PURCHASE =
  /^(entrada|compra|purchase|receipt|achat|entree|eingang|einkauf|zugang|transferencia|transfer)/

const NO_SALE = new RegExp(
  `(^|[^\\p{L}])(${[
    ...[
      'cancel',
      'anulad',
      'annul',
      'storn',
      'void',
      'refund',
      'revers',
      'chargeback',
      'charged back',
    ],
    ...[
      'devol',
      'reembols',
      'estorn',
      'returned',
      'return$',
      'returns$',
      'retour',
      'ruckgabe',
      'rembours',
    ],
    ...[
      'erstatt',
      'gutschrift',
      'credit (note|memo)',
      'nota de credito',
      'avoir',
      'denegad',
      'inutilizad',
    ],
    ...[
      'rejeitad',
      'rejected',
      'rechazad',
      'recusad',
      'failed',
      'expired',
      'abandon',
      'draft',
      'rascunho',
    ],
    ...['orcamento', 'presupuesto', 'devis', 'angebot', 'quote', 'quotation', 'teste?$'],
  ].join('|')})`,
  'u',
)
