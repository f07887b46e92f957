import type { Random } from '../../random.ts'
import { type BinnedColumns, COLUMNS_PER_WORD } from './bins.ts'
import { type BinnedNode, type GrownTree, growTree, growthMemory } from './grow-tree.ts'
import { type Loss, type LossFunction, lossFunction, type Sample } from './losses.ts'
import { ditherTable, packGradients } from './packed-gradients.ts'
import type { Tree, Trees } from './trees.ts'
import { weightedQuantile } from './weighted-quantile.ts'

export type BoostingOptions = {
  loss: Loss
  /** At most; early stopping may keep fewer. */
  trees: number
  /** At most, in each tree. */
  leaves: number
  /** Of the longest path; no limit where it is missing. */
  depth?: number
  /** What share of each leaf's step is taken. */
  learningRate: number
  minimumLeafRows: number
  /** Least sum of second derivatives in a leaf. */
  minimumHessian?: number
  /** Added to each leaf's sum of second derivatives. */
  l2: number
  /** Shares of the rows and of the columns that each tree sees, drawn anew for each. */
  rowShare: number
  columnShare: number
  /** Stop when the loss on the validation rows has not fallen for so many trees. */
  earlyStopping?: number
  random: Random
}

/** All by row of the binned columns. */
export type TrainingRows = {
  weight?: Float64Array
  /** Part of a row's score from the start, such as the logarithm of an exposure. */
  offset?: Float64Array
  /** The rows to learn from; all but those for validation where it is missing. */
  rowsUsed?: Int32Array
  validation?: { rows: Int32Array }
}

/**
 * Gradient boosting of regression trees (Friedman 2001) by second derivatives (Chen & Guestrin
 * 2016) on histograms (Ke et al. 2017, "LightGBM"). The same data, options and seed give the same
 * trees to the last bit.
 */
export function trainTrees(
  binned: BinnedColumns,
  target: Float64Array,
  options: BoostingOptions,
  { weight, offset, rowsUsed, validation }: TrainingRows = {},
): Trees {
  const { random, learningRate, earlyStopping } = options
  const loss = lossFunction(options.loss)
  const sample: Sample = { target, weight, offset }
  const held = (validation?.rows ?? new Int32Array(0)).slice().sort()
  const rows = rowsUsed?.slice().sort() ?? allBut(held, binned.rows)
  checkSample(sample, [rows, held], loss)

  const scored = Int32Array.from([...rows, ...held]).sort()
  const initial = significant(loss.initial(sample, rows))
  const score = new Float64Array(binned.rows).fill(initial)
  if (offset !== undefined) for (const row of scored) score[row] += offset[row]

  const limits = { depth: Number.POSITIVE_INFINITY, minimumHessian: 1e-3, ...options }
  const growth = growthMemory(binned, rows.length, limits)
  const gradient = new Float64Array(binned.rows)
  const hessian = new Float64Array(binned.rows)
  const packed = new Float64Array(binned.rows)
  const dither = ditherTable(random)
  const constantHessian = loss.constantHessian && weight === undefined

  const gains = new Float64Array(binned.names.length)
  const trees: Tree[] = []
  let best = { loss: held.length > 0 ? loss.mean(sample, held, score) : 0, trees: 0 }
  while (trees.length < options.trees && rows.length > 0) {
    const inBag = shareOf(rows, options.rowShare, random)
    const columns = someColumns(binned.names.length, options.columnShare, random)
    loss.differentiate(sample, inBag, score, gradient, hessian)
    const firstDither = Math.floor(random() * dither.length)
    const packing = packGradients(
      inBag,
      gradient,
      hessian,
      constantHessian,
      dither,
      firstDither,
      packed,
    )
    const grown = growTree(growth, inBag, packed, packing, columns)
    if (grown.nodes.length === 0 && options.rowShare === 1 && options.columnShare === 1) break
    const values = grown.leaves.map(({ from, to }) => {
      const ofLeaf = grown.order.subarray(from, to)
      return significant(
        learningRate * step(loss, sample, ofLeaf, score, gradient, hessian, options.l2),
      )
    })
    addToScores(score, scored, grown.nodes, values, binned)
    for (const node of grown.nodes) gains[node.column] += node.gain
    trees.push(stored(grown, values, binned))
    if (held.length === 0) continue
    const now = loss.mean(sample, held, score)
    if (now < best.loss) best = { loss: now, trees: trees.length }
    else if (earlyStopping !== undefined && trees.length - best.trees >= earlyStopping) break
  }
  if (earlyStopping !== undefined && held.length > 0) trees.length = best.trees
  const gain = gains.reduce((sum, value) => sum + value, 0)
  return {
    loss: options.loss,
    features: binned.names,
    importance: Array.from(gains, (value) => (gain > 0 ? significant(value / gain) : 0)),
    initial,
    trees,
  }
}

/** More digits than these of a leaf's value tell nothing, and fill the file. */
function significant(value: number): number {
  return Number(value.toPrecision(7))
}

function allBut(held: Int32Array, rows: number): Int32Array {
  const out = new Set(held)
  return Int32Array.from({ length: rows }, (_, row) => row).filter((row) => !out.has(row))
}

function checkSample(
  { target, weight, offset }: Sample,
  parts: Int32Array[],
  { link }: LossFunction,
): void {
  for (const row of parts.flatMap((rows) => Array.from(rows))) {
    if (!Number.isFinite(target[row]) || (link === 'log' && target[row] < 0)) {
      throw new RangeError(`row ${row} has the target ${target[row]}`)
    }
    if (weight !== undefined && !(weight[row] >= 0 && weight[row] < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`row ${row} has the weight ${weight[row]}`)
    }
    if (offset !== undefined && !Number.isFinite(offset[row])) {
      throw new RangeError(`row ${row} has the offset ${offset[row]}`)
    }
  }
}

function shareOf(rows: Int32Array, share: number, random: Random): Int32Array {
  return share === 1 ? rows : rows.filter(() => random() < share)
}

/** So many columns as the share says, at least one, ascending. */
function someColumns(columns: number, share: number, random: Random): Int32Array {
  const all = Int32Array.from({ length: columns }, (_, column) => column)
  if (share === 1) return all
  const wanted = Math.max(1, Math.round(share * columns))
  for (let i = 0; i < wanted; i++) {
    const other = i + Math.floor(random() * (columns - i))
    const column = all[i]
    all[i] = all[other]
    all[other] = column
  }
  return all.subarray(0, wanted).sort()
}

/**
 * What to add to the scores of a leaf's rows: a Newton step from the exact derivatives, or the
 * quantile of the residuals.
 */
function step(
  { link, leafQuantile }: LossFunction,
  { target, weight }: Sample,
  rows: Int32Array,
  score: Float64Array,
  gradient: Float64Array,
  hessian: Float64Array,
  l2: number,
): number {
  if (leafQuantile !== undefined) {
    const residuals = Float64Array.from(rows, (row) => target[row] - score[row])
    const weights = weight && Float64Array.from(rows, (row) => weight[row])
    return weightedQuantile(residuals, weights, leafQuantile)
  }
  let gradients = 0
  let hessians = 0
  for (let i = 0; i < rows.length; i++) {
    gradients += gradient[rows[i]]
    hessians += hessian[rows[i]]
  }
  if (!(hessians > 0)) return 0
  const newton = -gradients / (hessians + l2)
  return link === 'log' ? Math.min(MOST_LOG_STEP, newton) : newton
}

/**
 * Where a leaf's rows sold many times what was predicted, a Newton step in the logarithm goes far
 * too far: it is linear in the ratio, of which the best step would be the logarithm.
 */
const MOST_LOG_STEP = 2

function addToScores(
  score: Float64Array,
  rows: Int32Array,
  nodes: BinnedNode[],
  values: number[],
  { words }: BinnedColumns,
): void {
  const root = nodes.length > 0 ? 0 : -1
  for (const row of rows) {
    let at = root
    while (at >= 0) {
      const { column, bin, missingLeft, left, right } = nodes[at]
      const word = words[Math.floor(column / COLUMNS_PER_WORD)][row]
      const own = (word >>> (8 * (column % COLUMNS_PER_WORD))) & 255
      at = (own === 0 ? missingLeft : own <= bin) ? left : right
    }
    score[row] += values[-1 - at]
  }
}

function stored({ nodes }: GrownTree, value: number[], { bounds }: BinnedColumns): Tree {
  return {
    feature: nodes.map(({ column }) => column),
    // Above the last bound there is none: all values that are not missing go left.
    threshold: nodes.map(({ column, bin }) => bounds[column][bin - 1] ?? Number.MAX_VALUE),
    missingLeft: nodes.map(({ missingLeft }) => (missingLeft ? 1 : 0)),
    left: nodes.map(({ left }) => left),
    right: nodes.map(({ right }) => right),
    value,
  }
}
