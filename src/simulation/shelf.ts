import type { Day } from '../base/day.ts'

/** Units that arrived together. */
export type ShelfBatch = {
  purchaseDay: Day
  /** BRL for one unit. */
  cost: number
  /** Last day on which a unit may be sold; undefined where they do not expire. */
  expiryDay: Day | undefined
  units: number
}

/** The units of one product on the shelf, first in, first out. */
export class Shelf {
  private batches: ShelfBatch[] = []

  get units(): number {
    return this.batches.reduce((sum, batch) => sum + batch.units, 0)
  }

  put(batch: ShelfBatch): void {
    this.batches.push(batch)
  }

  /** Takes what may not be sold on `day` any more off the shelf. */
  removeExpired(day: Day): ShelfBatch[] {
    const isExpired = ({ expiryDay }: ShelfBatch) => expiryDay !== undefined && expiryDay < day
    const expired = this.batches.filter(isExpired)
    this.batches = this.batches.filter((batch) => !isExpired(batch))
    return expired
  }

  /** Sells up to `wanted` units, the longest on the shelf first. */
  sell(wanted: number): ShelfBatch[] {
    const sold: ShelfBatch[] = []
    let left = wanted
    while (left > 0 && this.batches.length > 0) {
      const oldest = this.batches[0]
      const units = Math.min(left, oldest.units)
      sold.push({ ...oldest, units })
      left -= units
      oldest.units -= units
      if (oldest.units === 0) this.batches.shift()
    }
    return sold
  }

  /** What is on the shelf at the end. */
  rest(): ShelfBatch[] {
    return this.batches
  }
}
