import { median } from 'simple-statistics'
import type { Panel } from '../demand/panel.ts'

/**
 * n: what each series is expected to sell per period, in units of no meaning of their own, from what
 * is known of it beside its own sales: category, store, the words of its name, and price. A linear
 * model of the logarithm with random effects, as in hedonic pricing (Rosen 1974, "Hedonic Prices and
 * Implicit Markets"), which are shrunk as best linear unbiased predictors (Henderson 1975), by
 * whichever ratio of variances predicts products best that were left out; all alike where none
 * predicts them clearly better than the middle of their category does. What that leaves open of a
 * series that is not established is told by its product in other stores.
 *
 * @param established series whose `level`, units per period, is known
 */
export function expectedLevels(
  panel: Panel,
  established: number[],
  level: Float64Array,
): Float64Array {
  const { series } = panel
  const known = established.filter((index) => level[index] > 0)
  if (established.length === series.length || known.length < FEWEST_SERIES) {
    return new Float64Array(series.length).fill(1)
  }
  const traits = traitsOf(panel, known)
  const logs = level.map(Math.log)
  const folds = foldsOf(panel, known)
  const middles = categoryMiddles(panel, known, folds, logs)
  let best = new Float64Array(series.length)
  let rest = logs.map((log, index) => log - middles[index])
  let least = LEAST_GAIN * sumOfSquares(rest, known)
  for (const shrinkage of SHRINKAGES) {
    const predicted = Float64Array.from(series.keys(), fitted(traits, known, logs, shrinkage))
    for (let fold = 0; fold < FOLDS; fold++) {
      const others = known.filter((index) => folds[index] !== fold)
      const predict = fitted(traits, others, logs, shrinkage)
      for (const index of known) if (folds[index] === fold) predicted[index] = predict(index)
    }
    const errors = logs.map((log, index) => log - predicted[index])
    const squares = sumOfSquares(errors, known)
    if (squares >= least) continue
    least = squares
    best = predicted
    rest = errors
  }
  addProducts(best, panel, established, known, rest)
  return best.map(Math.exp)
}

/** Adds to series that are not established what their products sell elsewhere beyond what is told. */
function addProducts(
  logs: Float64Array,
  { series }: Panel,
  established: number[],
  known: number[],
  rest: Float64Array,
): void {
  const elsewhere = Map.groupBy(known, (index) => series[index].productId)
  const isEstablished = new Set(established)
  for (const [index, { productId }] of series.entries()) {
    const others = elsewhere.get(productId)
    if (!others || isEstablished.has(index)) continue
    const sum = others.reduce((total, other) => total + rest[other], 0)
    logs[index] += sum / (others.length + STORE_SHRINKAGE)
  }
}

const FEWEST_SERIES = 20
const FOLDS = 5
/** Variance of the rest over that of the effects: how many series an effect of none is worth. */
const SHRINKAGES = [1, 4, 16]
/** The same of what a product sells in one store and in another. */
const STORE_SHRINKAGE = 0.25
/** The squared error has to be less by so much, since several are tried. */
const LEAST_GAIN = 0.95
const SWEEPS = 8
/** Of a name, which may be any text. */
const MOST_CHARACTERS = 200
const MOST_WORDS = 12

/** n: numbers of the groups that each series is in, and the logarithm of its price about the mean. */
type Traits = { groups: number[][]; count: number; price: Float64Array }

function traitsOf({ series, price, periods }: Panel, known: number[]): Traits {
  const numbers = new Map<string, number>()
  const groups = series.map(({ category, storeId, name }) => {
    const texts = [
      JSON.stringify(['category', category]),
      JSON.stringify(['store', storeId]),
      ...wordsOf(name).map((word) => JSON.stringify(['word', word])),
    ]
    return texts.map((text) => {
      if (!numbers.has(text)) numbers.set(text, numbers.size)
      return numbers.get(text)!
    })
  })
  const logs = Float64Array.from(series, (_, index) => {
    const last = price[(index + 1) * periods - 1]
    return last > 0 ? Math.log(last) : Number.NaN
  })
  const priced = known.filter((index) => !Number.isNaN(logs[index]))
  const mean = priced.reduce((sum, index) => sum + logs[index], 0) / Math.max(1, priced.length)
  return {
    groups,
    count: numbers.size,
    price: logs.map((log) => (Number.isNaN(log) || priced.length === 0 ? 0 : log - mean)),
  }
}

function wordsOf(name = ''): string[] {
  const words = name
    .slice(0, MOST_CHARACTERS)
    .normalize('NFKC')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
  return [...new Set(words)].slice(0, MOST_WORDS)
}

/** n: in which part a series is left out, together with its product in other stores. */
function foldsOf({ series }: Panel, known: number[]): Int8Array {
  const products = new Map<string, number>()
  const folds = new Int8Array(series.length).fill(-1)
  for (const index of known) {
    const { productId } = series[index]
    if (!products.has(productId)) products.set(productId, products.size)
    folds[index] = products.get(productId)! % FOLDS
  }
  return folds
}

/** A function that predicts by the effects of groups and price, which are found in turn (Gauss–Seidel). */
function fitted(
  { groups, count, price }: Traits,
  known: number[],
  logs: Float64Array,
  shrinkage: number,
): (index: number) => number {
  const members: number[][] = Array.from({ length: count }, () => [])
  for (const index of known) for (const group of groups[index]) members[group].push(index)
  const rest = logs.slice()
  const effects = new Float64Array(count)
  const squares = known.reduce((sum, index) => sum + price[index] ** 2, 0)
  let mean = 0
  let slope = 0
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const moved = known.reduce((sum, index) => sum + rest[index], 0) / known.length
    mean += moved
    for (const index of known) rest[index] -= moved
    const steeper =
      known.reduce((sum, index) => sum + price[index] * rest[index], 0) - shrinkage * slope
    const turn = squares > 0 ? steeper / (squares + shrinkage) : 0
    slope += turn
    for (const index of known) rest[index] -= turn * price[index]
    for (let group = 0; group < count; group++) {
      const of = members[group]
      const sum = of.reduce((total, index) => total + rest[index], 0)
      const step = (sum - shrinkage * effects[group]) / (of.length + shrinkage)
      effects[group] += step
      for (const index of of) rest[index] -= step
    }
  }
  return (index) =>
    groups[index].reduce((sum, group) => sum + effects[group], mean + slope * price[index])
}

/** n: the median of the other parts of the category. */
function categoryMiddles(
  { series }: Panel,
  known: number[],
  folds: Int8Array,
  logs: Float64Array,
): Float64Array {
  const middles = new Float64Array(series.length)
  for (const members of Map.groupBy(known, (index) => series[index].category).values()) {
    for (let fold = 0; fold < FOLDS; fold++) {
      const others = members.filter((index) => folds[index] !== fold)
      const middle = median((others.length > 0 ? others : members).map((index) => logs[index]))
      for (const index of members) if (folds[index] === fold) middles[index] = middle
    }
  }
  return middles
}

function sumOfSquares(values: Float64Array, indices: number[]): number {
  return indices.reduce((sum, index) => sum + values[index] ** 2, 0)
}
