import { civilFromDay, type Day, isoFromDay } from '../base/day.ts'
import { type Random, seededRandom } from '../base/random.ts'
import { extracted, type SalesRow } from './dirt.ts'
import type { Simulation, Unit } from './simulate.ts'

/** One file of the customer's extraction. */
export type ExtractedFile = {
  /** `2024-02.csv` for the units sold in that month, `unsold.csv` for those never sold. */
  name: string
  text: string
  rows: number
  /** Rows by what is wrong with them. */
  defects: Map<string, number>
}

/** The file of what was never sold. */
export const UNSOLD = 'unsold.csv'

const COLUMNS: (keyof SalesRow)[] = [
  'id',
  'nome',
  'categoria',
  'preco',
  'custo',
  'data_compra',
  'data_venda',
  'data_vencimento',
]

/**
 * The sales files of a simulated chain, one row a unit: `;`, decimal comma, dd/mm/yyyy. A row stands
 * in the file of the month in which the unit was really sold, by day of sale, even where the date
 * that is written there is wrong; units that were never sold stand in `unsold.csv`, by purchase day.
 */
export function salesFiles(simulation: Simulation, seed: number): ExtractedFile[] {
  const random = seededRandom(seed)
  const months = Map.groupBy(inOrder(simulation.units), salesFileName)
  return [...months].map(([name, units]) => salesFile(name, units, simulation, random))
}

function inOrder(units: Unit[]): Unit[] {
  const saleDay = (unit: Unit) => unit.saleDay ?? Number.POSITIVE_INFINITY
  return units.toSorted(
    (a, b) =>
      compare(saleDay(a), saleDay(b)) ||
      (a.saleDay === undefined ? a.purchaseDay - b.purchaseDay : 0) ||
      a.product - b.product,
  )
}

/** Not the difference: two infinities are equal. */
function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1
}

/** The file in which a unit stands. */
export function salesFileName({ saleDay }: Unit): string {
  return saleDay === undefined ? UNSOLD : `${isoFromDay(saleDay).slice(0, 7)}.csv`
}

function salesFile(
  name: string,
  units: Unit[],
  simulation: Simulation,
  random: Random,
): ExtractedFile {
  const defects = new Map<string, number>()
  const lines = units.map((unit) => {
    const { line, defect } = salesLine(unit, simulation.products, random)
    if (defect) defects.set(defect, (defects.get(defect) ?? 0) + 1)
    return line
  })
  return { name, text: salesText(lines), rows: units.length, defects }
}

/** The row of a unit, and what is wrong with it, if anything. */
export function salesLine(
  unit: Unit,
  products: Simulation['products'],
  random: Random,
): { line: string; defect: string | undefined } {
  const { row, defect } = extracted(rowOf(unit, products), random)
  return { line: COLUMNS.map((column) => row[column]).join(';'), defect }
}

/** A whole file. */
export function salesText(lines: readonly string[]): string {
  return `${[COLUMNS.join(';'), ...lines].join('\n')}\n`
}

function rowOf(unit: Unit, products: Simulation['products']): SalesRow {
  const { id, name, category } = products[unit.product]
  return {
    id: String(id),
    nome: name,
    categoria: category,
    preco: amount(unit.price),
    custo: amount(unit.cost),
    data_compra: date(unit.purchaseDay),
    data_venda: date(unit.saleDay),
    data_vencimento: date(unit.expiryDay),
  }
}

function amount(brl: number): string {
  return brl.toFixed(2).replace('.', ',')
}

function date(day: Day | undefined): string {
  if (day === undefined) return ''
  const { year, month, dayOfMonth } = civilFromDay(day)
  return `${String(dayOfMonth).padStart(2, '0')}/${String(month).padStart(2, '0')}/${year}`
}
