import type { Random } from '../base/random.ts'

/** One line of a sales file, as the customer's system prints it. */
export type SalesRow = {
  id: string
  nome: string
  categoria: string
  preco: string
  custo: string
  data_compra: string
  data_venda: string
  data_vencimento: string
}

/** What goes wrong with a row in the extraction. `applies` keeps it to rows that it changes. */
type Defect = {
  name: string
  /** How often, relative to the others. */
  weight: number
  applies: (row: SalesRow) => boolean
  apply: (row: SalesRow) => SalesRow
}

const always = () => true
const wasSold = (row: SalesRow) => row.data_venda !== ''

const DEFECTS: Defect[] = [
  {
    name: 'cost off by 100',
    weight: 5,
    applies: always,
    apply: (row) => ({ ...row, custo: timesHundred(row.custo) }),
  },
  {
    name: 'price of zero',
    weight: 5,
    applies: always,
    apply: (row) => ({ ...row, preco: '0,00' }),
  },
  {
    name: 'sentinel price',
    weight: 2,
    applies: always,
    apply: (row) => ({ ...row, preco: '99999,99' }),
  },
  {
    name: 'decimal point',
    weight: 4,
    applies: always,
    apply: (row) => ({ ...row, preco: row.preco.replace(',', '.') }),
  },
  { name: 'missing name', weight: 4, applies: always, apply: (row) => ({ ...row, nome: '' }) },
  {
    name: 'missing category',
    weight: 3,
    applies: always,
    apply: (row) => ({ ...row, categoria: '' }),
  },
  {
    name: 'unknown category',
    weight: 2,
    applies: always,
    apply: (row) => ({ ...row, categoria: '???' }),
  },
  {
    name: 'sale before purchase',
    weight: 4,
    applies: (row) => wasSold(row) && row.data_venda !== row.data_compra,
    apply: (row) => ({ ...row, data_compra: row.data_venda, data_venda: row.data_compra }),
  },
  {
    name: 'impossible sale date',
    weight: 3,
    applies: wasSold,
    apply: (row) => ({ ...row, data_venda: `31/02/${row.data_venda.slice(6)}` }),
  },
  {
    name: 'sentinel sale date',
    weight: 2,
    applies: wasSold,
    apply: (row) => ({ ...row, data_venda: '01/01/1900' }),
  },
  {
    name: 'sentinel purchase date',
    weight: 2,
    applies: always,
    apply: (row) => ({ ...row, data_compra: '01/01/1900' }),
  },
  {
    name: 'sentinel expiry date',
    weight: 2,
    applies: (row) => row.data_vencimento === '',
    apply: (row) => ({ ...row, data_vencimento: '31/12/9999' }),
  },
  {
    name: 'sentinel product',
    weight: 2,
    applies: always,
    apply: (row) => ({ ...row, id: '0' }),
  },
  {
    name: 'test sale',
    weight: 2,
    applies: always,
    apply: (row) => ({ ...row, id: 'TESTE', nome: 'TESTE', preco: '0,01', custo: '0,01' }),
  },
]

/** Share of rows in which something goes wrong. */
const DIRTY_SHARE = 0.0045

/** For three months of 2025 one register spelled a category in its own way. */
const CHANGED_SPELLING = {
  id: '1040',
  categoria: 'BISCOITO',
  months: ['03/2025', '04/2025', '05/2025'],
}

/** The row as the extraction delivers it, and the name of the defect that it now has, if any. */
export function extracted(
  row: SalesRow,
  random: Random,
): { row: SalesRow; defect: string | undefined } {
  const month = row.data_venda.slice(3)
  if (row.id === CHANGED_SPELLING.id && CHANGED_SPELLING.months.includes(month)) {
    return { row: { ...row, categoria: CHANGED_SPELLING.categoria }, defect: 'changed spelling' }
  }
  if (random() >= DIRTY_SHARE) return { row, defect: undefined }
  const defect = pick(
    DEFECTS.filter(({ applies }) => applies(row)),
    random,
  )
  return { row: defect.apply(row), defect: defect.name }
}

/** `4,59` → `459,00`. */
function timesHundred(amount: string): string {
  return `${Number(amount.replace(',', ''))},00`
}

function pick(defects: Defect[], random: Random): Defect {
  const chances = defects.flatMap((defect) => Array<Defect>(defect.weight).fill(defect))
  return chances[Math.floor(random() * chances.length)]
}
