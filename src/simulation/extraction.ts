import type { Day } from '../base/day.ts'
import { streamFor } from './draws.ts'
import type { LivingChain } from './living-chain.ts'
import { salesFileName, salesFiles, salesLine, salesText, UNSOLD } from './sales-files.ts'
import type { Simulation, Unit } from './simulate.ts'

/** A file of the customer's system, and all that stands in it now. */
export type ExtractedText = { name: string; text: string }

/**
 * The sales files as the customer's system writes them again and again while the chain lives on: to
 * the month of the sale it adds the units that were sold since, and the file of what is not sold it
 * writes anew. A row that stands there stays as it is; a unit that is sold moves.
 */
export class Extraction {
  private readonly chain: LivingChain
  private readonly seed: number
  private readonly months = new Map<string, string[]>()
  private unsold: { unit: Unit; line: string }[]
  /** The last day of which all is written. */
  private through: Day

  /** Goes on after the files of the chain's history. */
  constructor(history: Simulation, chain: LivingChain, seed: number) {
    this.chain = chain
    this.seed = seed
    this.through = chain.today
    chain.takeGone()
    for (const { name, text } of salesFiles(history, seed)) {
      this.months.set(name, text.split('\n').slice(1, -1))
    }
    const lines = this.months.get(UNSOLD) ?? []
    this.unsold = inFileOrder(history.units.filter(isUnsold)).map((unit, index) => ({
      unit,
      line: lines[index],
    }))
  }

  /** The files that say what happened since the last time, up to the evening of the chain's last day. */
  extract(): ExtractedText[] {
    const chain = this.chain
    const through = this.through
    const gone = chain.takeGone()
    const sold = inSaleOrder(gone.filter((unit) => unit.saleDay !== undefined))
    const random = streamFor(this.seed, chain.today, 'extraction')
    const changed = new Set([UNSOLD])
    for (const unit of sold) {
      const name = salesFileName(unit)
      const month = this.months.get(name) ?? []
      month.push(salesLine(unit, chain.products, random).line)
      this.months.set(name, month)
      changed.add(name)
    }
    const left = countByBatch(sold)
    const stillUnsold = this.unsold.filter(({ unit }) => !takeOne(left, batchOf(unit)))
    const isNew = ({ purchaseDay }: Unit) => purchaseDay > through
    const bought = [...gone.filter(isUnsold), ...chain.onShelf()].filter(isNew)
    const added = bought.map((unit) => ({
      unit,
      line: salesLine(unit, chain.products, random).line,
    }))
    this.unsold = [...stillUnsold, ...added].sort((a, b) => inFile(a.unit, b.unit))
    this.months.set(
      UNSOLD,
      this.unsold.map(({ line }) => line),
    )
    this.through = chain.today
    return [...changed].map((name) => ({ name, text: salesText(this.months.get(name)!) }))
  }
}

function isUnsold({ saleDay }: Unit): boolean {
  return saleDay === undefined
}

function inFile(a: Unit, b: Unit): number {
  return a.purchaseDay - b.purchaseDay || a.product - b.product
}

function inFileOrder(units: Unit[]): Unit[] {
  return units.toSorted(inFile)
}

function inSaleOrder(units: Unit[]): Unit[] {
  return units.toSorted((a, b) => a.saleDay! - b.saleDay! || a.product - b.product)
}

/** Units of one delivery are all the same. */
function batchOf({ product, purchaseDay, cost, expiryDay }: Unit): string {
  return `${product} ${purchaseDay} ${cost} ${expiryDay}`
}

function countByBatch(units: Unit[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const unit of units) counts.set(batchOf(unit), (counts.get(batchOf(unit)) ?? 0) + 1)
  return counts
}

/** Whether one was left of the key, and is taken. */
function takeOne(counts: Map<string, number>, key: string): boolean {
  const count = counts.get(key) ?? 0
  if (count > 0) counts.set(key, count - 1)
  return count > 0
}
