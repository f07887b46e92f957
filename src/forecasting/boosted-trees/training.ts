import { SPLIT, type SplitLimits } from './best-split.ts'
import type { BinnedColumns } from './bins.ts'
import { HISTOGRAM } from './histogram.ts'
import { type Loss, lossFunction, type Sample } from './losses.ts'
import { float64s, int32s } from './shared-arrays.ts'

export type GrowthLimits = SplitLimits & { leaves: number; depth: number }

/** All that the threads of one training know and work on. */
export type Training = {
  binned: BinnedColumns
  loss: Loss
  limits: GrowthLimits
  learningRate: number
  sample: Sample
  /** By row: what the trees so far add up to, with its derivatives at the current tree. */
  score: Float64Array
  gradient: Float64Array
  /** Missing where it is 1 for all rows. */
  hessian: Float64Array | undefined
  packed: Float64Array
  /** Random numbers for rounding. */
  dither: Float64Array
  tree: TreeInputs
  /** The rows of the tree by leaf, ascending in each. */
  order: Int32Array
  spare: Int32Array
  /** By thread. */
  lefts: Int32Array
  /** By block of rows: the sums of |gradient|, hessian and what both are packed into. */
  blockSums: Float64Array
  /** By leaf and word. */
  histograms: Float64Array[][]
  /** By leaf and column. */
  splits: Float64Array
  /** By leaf: what the tree adds to the score of its rows. */
  values: Float64Array
}

/** What is drawn for each tree anew. */
export type TreeInputs = {
  /** How many of each of these three count, and where in the random numbers rounding begins. */
  counts: Int32Array
  /** The rows that the tree is grown on, and the others whose scores are needed, ascending. */
  inBag: Int32Array
  outOfBag: Int32Array
  /** The columns that may be split by, ascending. */
  columns: Int32Array
}

export const [IN_BAG, OUT_OF_BAG, COLUMNS, FIRST_DITHER] = [0, 1, 2, 3]

/** Sums are taken by blocks of so many rows, whoever takes them, so that all threads agree. */
export const BLOCK = 8192
/** A power of two. */
const DITHER = 65_536

export function newTraining(options: {
  binned: BinnedColumns
  loss: Loss
  limits: GrowthLimits
  learningRate: number
  sample: Sample
  /** How many may be in a tree's bag, and out of it. */
  mostRows: number
  threads: number
}): Training {
  const { binned, loss, limits, sample, mostRows, threads } = options
  const { rows, names, words } = binned
  const constantHessian = lossFunction(loss).constantHessian && sample.weight === undefined
  return {
    binned,
    loss,
    limits,
    learningRate: options.learningRate,
    sample,
    score: float64s(rows),
    gradient: float64s(rows),
    hessian: constantHessian ? undefined : float64s(rows),
    packed: float64s(rows),
    dither: float64s(DITHER),
    tree: {
      counts: int32s(4),
      inBag: int32s(mostRows),
      outOfBag: int32s(mostRows),
      columns: int32s(names.length),
    },
    order: int32s(mostRows),
    spare: int32s(mostRows),
    lefts: int32s(threads),
    blockSums: float64s(3 * Math.ceil(mostRows / BLOCK)),
    histograms: Array.from({ length: limits.leaves }, () => words.map(() => float64s(HISTOGRAM))),
    splits: float64s(limits.leaves * names.length * SPLIT),
    values: float64s(limits.leaves),
  }
}
