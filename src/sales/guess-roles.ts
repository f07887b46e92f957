import { UserError } from '../errors.ts'
import type { ColumnGuess } from './guess-columns.ts'
import { type Role, typesOfRole } from './roles.ts'

/**
 * Which column has which role, told from their names (English, Portuguese, Spanish, German, and what
 * forecasting libraries use) and from what their cells are. `known` are roles that need no guess.
 * A role that no column looks like is left out. Throws a `UserError` for a known role whose column is
 * not there, or holds something else.
 */
export function guessRoles(
  columns: ColumnGuess[],
  rows: string[][],
  known: ReadonlyMap<Role, string>,
): Map<Role, string> {
  for (const [role, name] of known) checkKnown(columns, role, name)
  const roles = new Map(known)
  const isFree = ({ name }: ColumnGuess) => ![...roles.values()].includes(name)
  const fits = (column: ColumnGuess, role: Role) =>
    !isId(role) ? typesOfRole[role].includes(column.reading.type) : repeats(columns, column, rows)
  for (const { role, name } of NAMES) {
    if (roles.has(role)) continue
    const found = columns.find(
      (column) => isFree(column) && name.test(plainName(column.name)) && fits(column, role),
    )
    if (found) roles.set(role, found.name)
  }
  return roles
}

// Tried from top to bottom: what is surest first, so that it is taken when the vague ones come.
const NAMES: { role: Role; name: RegExp }[] = [
  { role: 'expiryDate', name: /venc|valid|expir|best before|mhd|caduc/ },
  {
    role: 'saleDate',
    name: /(venda|sale|sold|invoice|order|pedido|transac|emissao|venta|verkauf)/,
  },
  { role: 'purchaseDate', name: /compra|purchase|bought|entrada|receb|received|arrival|einkauf/ },
  { role: 'saleDate', name: /\b(data|date|dt|dia|day|fecha|datum|ds|week|month|semana|mes|time)/ },
  { role: 'saleDate', name: /./ },
  { role: 'store', name: /\b(loja|store|filial|shop|branch|tienda|outlet)/ },
  { role: 'product', name: /\b(sku|ean|gtin|plu|stock ?code)\b/ },
  {
    role: 'product',
    name: /\b(product|produto|prod|item|article|artigo|artikel|mercadoria|producto) ?(id|code|cod|codigo|no|nr|number|numero)\b/,
  },
  {
    role: 'product',
    name: /\b(id|code|cod|codigo) ?(do |de )?(product|produto|prod|item|article|artigo|producto)\b/,
  },
  { role: 'product', name: /^(id|code|cod|codigo|unique id|ref|referencia)$/ },
  {
    role: 'product',
    name: /\b(product|produto|item|article|artigo|artikel|mercadoria|producto)\b/,
  },
  { role: 'name', name: /\b(nome|name|descricao|description|nombre|bezeichnung|titulo|title)\b/ },
  { role: 'name', name: /\b(produto|product|item|article|artigo|producto)\b/ },
  {
    role: 'category',
    name: /\b(categor|grupo|group|familia|family|departamento|department|secao|section|kategorie)/,
  },
  { role: 'stock', name: /\b(estoque|stock|inventory|on ?hand|saldo|bestand|existencia)/ },
  { role: 'cost', name: /\b(custo|cost|costo|kosten)\b/ },
  { role: 'price', name: /\b(preco|price|valor unitario|precio|preis)\b/ },
  { role: 'quantity', name: /\b(qtd|qtde|quantidade|quantity|qty|cantidad|menge)\b/ },
  { role: 'quantity', name: /\b(units|unidades|sold|vendido|vendidos|demand|demanda|y)\b/ },
  { role: 'quantity', name: /\b(venda|vendas|sales|ventas|volume)\b/ },
]

/** `Código_Produto` → `codigo produto`, `InvoiceDate` → `invoice date`. */
function plainName(header: string): string {
  return header
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .toLowerCase()
}

function checkKnown(columns: ColumnGuess[], role: Role, name: string): void {
  const column = columns.find((candidate) => candidate.name === name)
  const key = `--column ${role}`
  if (!column) {
    const names = columns.map((candidate) => JSON.stringify(candidate.name)).join(', ')
    throw new UserError(`there is no column ${JSON.stringify(name)}`, {
      key,
      remedy: `The columns are ${names}.`,
    })
  }
  const { type } = column.reading
  if (isText(role) || typesOfRole[role].includes(type)) return
  throw new UserError(
    `must be a ${typesOfRole[role].join(' or ')}, but ${JSON.stringify(name)} holds cells such as ${JSON.stringify(column.example ?? '')}`,
    { key, remedy: 'Name another column, or have the cells written in one format.' },
  )
}

function isText(role: Role): boolean {
  return typesOfRole[role].includes('string')
}

function isId(role: Role): boolean {
  return role === 'product' || role === 'store'
}

/** How many rows must be looked at before a column of ever new cells counts as numbers of rows. */
const ENOUGH_ROWS = 20

/** What names a row, a receipt or a day names no product and no store. */
function repeats(columns: ColumnGuess[], column: ColumnGuess, rows: string[][]): boolean {
  if (column.reading.type === 'date' || column.reading.type === 'datetime') return false
  const index = columns.indexOf(column)
  return rows.length < ENOUGH_ROWS || new Set(rows.map((row) => row[index])).size < rows.length
}
