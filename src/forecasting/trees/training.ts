import { SPLIT, type SplitLimits } from './best-split.ts'
import type { BinnedColumns } from './bins.ts'
import { HISTOGRAM } from './histogram.ts'
import type { LossFunction, Sample } from './losses.ts'

export type GrowthLimits = SplitLimits & { leaves: number }

/** All that a training knows and works on. */
export type Training = {
  binned: BinnedColumns
  limits: GrowthLimits
  learningRate: number
  /** What is learnt, the mean or a quantile, each by its own loss: at least one. */
  outputs: Output[]
  /** By row: the derivatives of one loss at the current tree. */
  gradient: Float64Array
  hessian: Float64Array
  packed: Float64Array
  /** Random numbers for rounding. */
  dither: Float64Array
  tree: TreeInputs
  /** The rows of the tree by leaf, ascending in each. */
  order: Int32Array
  spare: Int32Array
  /** By row. */
  leafOf: Uint16Array
  /** By leaf and word. */
  histograms: Float64Array[][]
  /** By leaf and column. */
  splits: Float64Array
}

/** One of the things that all trees are to tell. */
export type Output = {
  loss: LossFunction
  sample: Sample
  /** By row: what the trees so far add up to. */
  score: Float64Array
  /** By leaf: what the tree adds to the score of its rows. */
  values: Float64Array
}

/** What is drawn for each tree anew. */
export type TreeInputs = {
  /** How many of each of these three count, and where in the random numbers rounding begins. */
  counts: Int32Array
  /** The rows that the tree is grown on, and the others, ascending. */
  inBag: Int32Array
  outOfBag: Int32Array
  /** The columns that may be split by, ascending. */
  columns: Int32Array
}

export const [IN_BAG, OUT_OF_BAG, COLUMNS, FIRST_DITHER] = [0, 1, 2, 3]

/** A power of two. */
const DITHER = 65_536

export function newTraining(options: {
  binned: BinnedColumns
  limits: GrowthLimits
  learningRate: number
  learnt: Pick<Output, 'loss' | 'sample'>[]
}): Training {
  const { binned, limits, learningRate, learnt } = options
  const { rows, names, words } = binned
  const { leaves } = limits
  return {
    binned,
    limits,
    learningRate,
    outputs: learnt.map((it) => ({
      ...it,
      score: new Float64Array(rows),
      values: new Float64Array(leaves),
    })),
    gradient: new Float64Array(rows),
    hessian: new Float64Array(rows),
    packed: new Float64Array(rows),
    dither: new Float64Array(DITHER),
    tree: {
      counts: new Int32Array(4),
      inBag: new Int32Array(rows),
      outOfBag: new Int32Array(rows),
      columns: new Int32Array(names.length),
    },
    order: new Int32Array(rows),
    spare: new Int32Array(rows),
    leafOf: new Uint16Array(rows),
    histograms: Array.from({ length: leaves }, () => words.map(() => new Float64Array(HISTOGRAM))),
    splits: new Float64Array(leaves * names.length * SPLIT),
  }
}
