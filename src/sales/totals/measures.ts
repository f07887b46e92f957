import { release } from '../../base/memory.ts'
import type { NumberArray } from '../../base/number-array.ts'

/**
 * What is known of a series on a day: one array a measure, one element an entry. The list of them
 * is `kinds`, here and nowhere else; how they are begun, copied and added follows from their kind.
 */
export type Measures = { [measure in Measure]: ReturnType<(typeof kinds)[measure]['none']> }

export type Measure = keyof typeof kinds

/** Of entries of which nothing is known yet. */
export function noMeasures(entries: number): Measures {
  return made((measure) => kinds[measure].none(entries))
}

/** Others with as many entries, each array filled from the one of its measure. */
export function copiedMeasures(
  measures: Measures,
  entries: number,
  copy: (to: NumberArray, from: NumberArray) => void,
): Measures {
  return made((measure) => {
    const array = kinds[measure].none(entries)
    copy(array, measures[measure])
    return array
  })
}

/**
 * The same, with one array for measures that are equal throughout, as units and units with a price;
 * the memory of the others is given back.
 */
export function equalMeasuresOnce(measures: Measures): Measures {
  const kept: NumberArray[] = []
  return made((measure) => {
    const own = measures[measure]
    const equal = kept.find((other) => isEqual(own, other))
    if (equal === undefined) kept.push(own)
    else release(own)
    return equal ?? own
  })
}

/** The measures of which anything is known; the others are as `noMeasures` has them. */
export function filledMeasures(measures: Measures): [Measure, NumberArray][] {
  return measureNames.flatMap((measure): [Measure, NumberArray][] => {
    const [none] = kinds[measure].none(1)
    const array: NumberArray = measures[measure]
    for (const value of array) if (!Object.is(value, none)) return [[measure, array]]
    return []
  })
}

/** Adds entry i of `from` to entry `at[i]` of `to`. */
export function addMeasures(to: Measures, at: Int32Array, from: Measures): void {
  for (const measure of measureNames) kinds[measure].add(to[measure], at, from[measure])
}

/** Whether this is a value that a measure can have, where it is one of so many texts. */
export function isMeasured(measure: Measure, value: number, texts: number): boolean {
  return kinds[measure].has(value, texts)
}

/** Units, money, or days × units. */
const sum = {
  none: (entries: number): Float64Array => new Float64Array(entries),
  has: (value: number) => Number.isFinite(value),
  add(to: NumberArray, at: Int32Array, from: NumberArray) {
    // Of a measure that is 0 everywhere, memory that is not written to takes no room.
    for (let i = 0; i < at.length; i++) if (from[i] !== 0) to[at[i]] += from[i]
  },
}

/** 1 where it is so. */
const mark = {
  none: (entries: number): Uint8Array => new Uint8Array(entries),
  has: (value: number) => value <= 1,
  add(to: NumberArray, at: Int32Array, from: NumberArray) {
    for (let i = 0; i < at.length; i++) to[at[i]] |= from[i]
  },
}

/** As the data states it last; NaN where it does not. */
const statement = {
  none: (entries: number): Float64Array => new Float64Array(entries).fill(Number.NaN),
  has: (value: number) => Number.isNaN(value) || Number.isFinite(value),
  add(to: NumberArray, at: Int32Array, from: NumberArray) {
    for (let i = 0; i < at.length; i++) if (!Number.isNaN(from[i])) to[at[i]] = from[i]
  },
}

/** Index of the last text in a table of texts; -1 where there is none. */
const text = {
  none: (entries: number): Int32Array => new Int32Array(entries).fill(-1),
  has: (value: number, texts: number) => value >= -1 && value < texts,
  add(to: NumberArray, at: Int32Array, from: NumberArray) {
    for (let i = 0; i < at.length; i++) if (from[i] >= 0) to[at[i]] = from[i]
  },
}

const kinds = {
  /** Units sold: the sum of positive quantities. */
  sold: sum,
  /** Units that customers returned, as a positive number. */
  returned: sum,
  /** 1 where a row says that the series was on offer that day (a sale row of any quantity). */
  offered: mark,
  /** Sum of price × quantity over rows with a price and a positive quantity, and their quantity. */
  revenue: sum,
  pricedUnits: sum,
  /** The same for costs. */
  costTotal: sum,
  costedUnits: sum,
  /** Units bought into the stock on this day; all 0 where there are no purchase dates. */
  bought: sum,
  /** Sum of (expiry − purchase, in days) × quantity over bought rows with both dates, and their quantity. */
  shelfLifeTotal: sum,
  expiringUnits: sum,
  /** Units whose last day on the shelf was this one without a sale that counts. */
  expired: sum,
  /** Units on hand at the end of the day as the data states them; NaN where they do not. */
  statedStock: statement,
  /** Index of name and category of the day's last sale that has one; -1 where none has. */
  nameIndex: text,
  categoryIndex: text,
}

export const measureNames = Object.keys(kinds) as Measure[]

function made(make: (measure: Measure) => NumberArray): Measures {
  return Object.fromEntries(measureNames.map((measure) => [measure, make(measure)])) as Measures
}

function isEqual(a: NumberArray, b: NumberArray): boolean {
  if (a.constructor !== b.constructor) return false
  for (let entry = 0; entry < a.length; entry++) if (!Object.is(a[entry], b[entry])) return false
  return true
}
