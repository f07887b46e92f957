import { float64s, int32s } from '../../base/memory.ts'
import { SPLIT, type SplitLimits } from './best-split.ts'
import type { BinnedColumns } from './bins.ts'
import { HISTOGRAM } from './histogram.ts'
import type { Sample } from './losses.ts'
import type { Loss } from './trees.ts'

export type GrowthLimits = SplitLimits & { leaves: number }

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
  hessian: Float64Array
  packed: Float64Array
  /** Random numbers for rounding. */
  dither: Float64Array
  tree: TreeInputs
  /** By block of rows: the sums of |gradient|, of the hessian and of what both are packed into. */
  blockSums: Float64Array
  /** By leaf and word. */
  histograms: Float64Array[][]
  /** By leaf and column. */
  splits: Float64Array
  /** By leaf: what the tree adds to the score of its rows. */
  values: Float64Array
  shares: Share[]
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

/** One thread's share of the rows of a tree. */
export type Share = {
  /** The rows by leaf, ascending in each. */
  order: Int32Array
  spare: Int32Array
  /** By leaf, where its rows begin and end in `order`, once the tree is grown. */
  ranges: Int32Array
  /** By word: the histograms of the leaf that is being counted. */
  counted: Float64Array[]
  /** How many of the rows of the leaf that was divided last went left. */
  wentLeft: Int32Array
  /** By leaf: the sums of gradient and hessian in fixed point. */
  leafSums: Float64Array
}

/**
 * Threads share rows by blocks of so many in turn, so that each has some of every part of the data.
 * Sums that are not exact are taken by block, so that they do not depend on who took which.
 */
export const BLOCK = 2048
/** A power of two. */
const DITHER = 65_536

export function newTraining(options: {
  binned: BinnedColumns
  loss: Loss
  limits: GrowthLimits
  learningRate: number
  sample: Sample
  threads: number
}): Training {
  const { binned, loss, limits, sample, threads } = options
  const { rows, names, words } = binned
  const { leaves } = limits
  return {
    binned,
    loss,
    limits,
    learningRate: options.learningRate,
    sample,
    score: float64s(rows),
    gradient: float64s(rows),
    hessian: float64s(rows),
    packed: float64s(rows),
    dither: float64s(DITHER),
    tree: {
      counts: int32s(4),
      inBag: int32s(rows),
      outOfBag: int32s(rows),
      columns: int32s(names.length),
    },
    blockSums: float64s(3 * Math.ceil(rows / BLOCK)),
    histograms: Array.from({ length: leaves }, () => words.map(() => float64s(HISTOGRAM))),
    splits: float64s(leaves * names.length * SPLIT),
    values: float64s(leaves),
    shares: Array.from({ length: threads }, () => ({
      order: int32s(rows),
      spare: int32s(rows),
      ranges: int32s(2 * leaves),
      counted: words.map(() => float64s(HISTOGRAM)),
      wentLeft: int32s(1),
      leafSums: float64s(2 * leaves),
    })),
  }
}
