import type { Random } from '../../base/random.ts'
import { type BinnedColumns, COLUMNS_PER_WORD } from './bins.ts'
import { boost, rounded } from './boost.ts'
import type { GrownTree } from './grow-tree.ts'
import { type LossFunction, lossFunction, type Sample } from './losses.ts'
import {
  COLUMNS,
  FIRST_DITHER,
  IN_BAG,
  newTraining,
  OUT_OF_BAG,
  type Output,
  type Training,
} from './training.ts'
import type { Loss, Tree, Trees } from './trees.ts'

export type BoostingOptions = {
  loss: Loss
  /** At most; there are fewer where no split lowers the loss. */
  trees: number
  /** At most, in each tree. */
  leaves: number
  /** What share of each leaf's step is taken. */
  learningRate: number
  /** Told from the leaf's share of the second derivatives. */
  minimumLeafRows: number
  /** Added to each leaf's sum of second derivatives. */
  l2: number
  /** Shares of the rows and of the columns that each tree sees, drawn anew for each. */
  rowShare: number
  columnShare: number
  random: Random
  /** What else the trees are to tell, with the weights of the rows for it. */
  quantiles?: { levels: number[]; weight: Float64Array }
}

/**
 * Gradient boosting of regression trees (Friedman 2001) by second derivatives (Chen & Guestrin
 * 2016) on histograms (Ke et al. 2017, "LightGBM"). The same data, options and seed give the same
 * trees to the last bit. Throws a `RangeError` where a target or a weight is not finite, or negative
 * where it must not be.
 *
 * Where quantiles are wanted as well, each tree tells all of them: its leaves hold a step of each, at
 * the cost of one ensemble. The trees are grown on the loss of the mean and on that of the median in
 * turns, which makes both of them better; grown on the tails, of which few rows tell, they are worse.
 *
 * @param rows target and weight, by row of the binned columns
 */
export function trainTrees(binned: BinnedColumns, sample: Sample, options: BoostingOptions): Trees {
  const { random, learningRate, leaves, minimumLeafRows, l2, quantiles } = options
  const limits = { leaves, minimumLeafRows, l2 }
  const ofQuantiles = (quantiles?.levels ?? []).map((quantile) => ({
    loss: lossFunction({ quantile }),
    sample: { ...sample, weight: quantiles!.weight },
  }))
  const learnt = [{ loss: lossFunction(options.loss), sample }, ...ofQuantiles]
  for (const { sample, loss } of learnt) checkSample(sample, loss)
  const training = newTraining({ binned, limits, learningRate, learnt })
  const { outputs, dither } = training
  const initials = outputs.map(({ loss, sample, score }) => {
    const initial = rounded(loss.initial(sample))
    score.fill(initial)
    return initial
  })
  for (let i = 0; i < dither.length; i++) dither[i] = random()

  const grownOn = outputs.filter(({ loss }, k) => k === 0 || loss.leafQuantile === 0.5)
  const gains = new Float64Array(binned.names.length)
  const trees: Tree[] = []
  const seesAll = options.rowShare === 1 && options.columnShare === 1
  let stumps = 0
  while (trees.length < options.trees && binned.rows > 0) {
    drawInputs(training, options)
    const grown = boost(training, grownOn[trees.length % grownOn.length])
    stumps = grown.nodes.length === 0 ? stumps + 1 : 0
    if (stumps === grownOn.length && seesAll) break
    for (const node of grown.nodes) gains[node.column] += node.gain
    trees.push(stored(grown, training))
  }
  const gain = gains.reduce((sum, value) => sum + value, 0)
  return {
    loss: options.loss,
    features: binned.names,
    importance: Array.from(gains, (value) => (gain > 0 ? rounded(value / gain) : 0)),
    initial: initials[0],
    ...(quantiles && {
      quantiles: quantiles.levels.map((level, k) => ({ level, initial: initials[1 + k] })),
    }),
    trees,
  }
}

function checkSample({ target, weight }: Sample, { link }: LossFunction): void {
  for (let row = 0; row < target.length; row++) {
    if (!Number.isFinite(target[row]) || (link === 'log' && target[row] < 0)) {
      throw new RangeError(`row ${row} has the target ${target[row]}`)
    }
    if (!(weight[row] >= 0 && weight[row] < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`row ${row} has the weight ${weight[row]}`)
    }
  }
}

/** Draws what the next tree sees. */
function drawInputs(
  { binned, tree, dither }: Training,
  { rowShare, columnShare, random }: BoostingOptions,
): void {
  const { counts, inBag, outOfBag, columns } = tree
  if (rowShare < 1 || counts[IN_BAG] === 0) {
    let kept = 0
    for (let row = 0; row < binned.rows; row++) {
      // Both are written and one counts, as in `partition`.
      inBag[kept] = row
      outOfBag[row - kept] = row
      kept += rowShare === 1 ? 1 : (random() + rowShare) | 0
    }
    counts[IN_BAG] = kept
    counts[OUT_OF_BAG] = binned.rows - kept
  }
  const drawn = someColumns(columns.length, columnShare, random)
  columns.set(drawn)
  counts[COLUMNS] = drawn.length
  counts[FIRST_DITHER] = Math.floor(random() * dither.length)
}

/**
 * So many columns as the share says, at least one, ascending. Drawn by the word, whose columns are
 * counted together: to leave out single ones would save no time.
 */
function someColumns(columns: number, share: number, random: Random): Int32Array {
  const all = Int32Array.from({ length: columns }, (_, column) => column)
  if (share === 1) return all
  const wordOf = (column: number) => Math.floor(column / COLUMNS_PER_WORD)
  const words = Array.from({ length: wordOf(columns - 1) + 1 }, (_, word) => word)
  const wanted = Math.max(1, Math.round(share * words.length))
  for (let i = 0; i < wanted; i++) {
    const other = i + Math.floor(random() * (words.length - i))
    const word = words[i]
    words[i] = words[other]
    words[other] = word
  }
  const drawn = new Set(words.slice(0, wanted))
  return all.filter((column) => drawn.has(wordOf(column)))
}

function stored({ nodes, leaves }: GrownTree, { binned: { bounds }, outputs }: Training): Tree {
  const valuesOf = ({ values }: Output) => Array.from(leaves, (_, leaf) => values[leaf])
  return {
    feature: nodes.map(({ column }) => column),
    // Above the last bound there is none: all values that are not missing go left.
    threshold: nodes.map(({ column, bin }) => bounds[column][bin - 1] ?? Number.MAX_VALUE),
    missingLeft: nodes.map(({ missingLeft }) => (missingLeft ? 1 : 0)),
    left: nodes.map(({ left }) => left),
    right: nodes.map(({ right }) => right),
    value: valuesOf(outputs[0]),
    ...(outputs.length > 1 && { quantiles: outputs.slice(1).map(valuesOf) }),
  }
}
