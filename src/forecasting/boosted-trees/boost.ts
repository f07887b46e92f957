import { COLUMNS_PER_WORD } from './bins.ts'
import { type BinnedNode, type GrownTree, growTree } from './grow-tree.ts'
import { type LossFunction, lossFunction } from './losses.ts'
import { type Packing, packGradients, packingOf } from './packed-gradients.ts'
import type { Team } from './team.ts'
import { BLOCK, FIRST_DITHER, IN_BAG, OUT_OF_BAG, type Training } from './training.ts'
import { weightedQuantile } from './weighted-quantile.ts'

/** Grows one more tree on the gradients at the present scores, and adds it to them. */
export function boost(training: Training, team: Team): GrownTree {
  const loss = lossFunction(training.loss)
  const { packing, sum } = packedGradients(training, loss, team)
  const grown = growTree(training, packing, sum, team)
  for (let leaf = team.next(); leaf < grown.leaves.length; leaf = team.next()) {
    const { from, to } = grown.leaves[leaf]
    training.values[leaf] = leafValue(training, loss, from, to)
    addToLeaf(training, from, to, training.values[leaf])
  }
  team.wait()
  for (
    let block = team.next();
    block * BLOCK < training.tree.counts[OUT_OF_BAG];
    block = team.next()
  ) {
    addOutOfBag(training, grown.nodes, block)
  }
  team.wait()
  return grown
}

/** Fills `packed` for the rows of the tree; the sum is that of all of them. */
function packedGradients(
  training: Training,
  loss: LossFunction,
  team: Team,
): { packing: Packing; sum: number } {
  const { sample, score, gradient, hessian, packed, dither, order, blockSums } = training
  const { counts, inBag } = training.tree
  const rows = counts[IN_BAG]
  const blocks = Math.ceil(rows / BLOCK)
  for (let block = team.next(); block < blocks; block = team.next()) {
    const from = block * BLOCK
    const to = Math.min(rows, from + BLOCK)
    loss.differentiate(sample, inBag, from, to, score, gradient, hessian)
    blockSums[3 * block] = sumOfSizes(inBag, from, to, gradient)
    if (hessian !== undefined) blockSums[3 * block + 1] = sumOfSizes(inBag, from, to, hessian)
  }
  team.wait()
  const total = (field: number) => {
    let sum = 0
    for (let block = 0; block < blocks; block++) sum += blockSums[3 * block + field]
    return sum
  }
  const packing = packingOf(rows, total(0), hessian && total(1))
  for (let block = team.next(); block < blocks; block = team.next()) {
    const from = block * BLOCK
    const to = Math.min(rows, from + BLOCK)
    blockSums[3 * block + 2] = packGradients(
      inBag,
      from,
      to,
      gradient,
      hessian,
      packing,
      dither,
      counts[FIRST_DITHER],
      packed,
    )
    order.set(inBag.subarray(from, to), from)
  }
  team.wait()
  return { packing, sum: total(2) }
}

function sumOfSizes(rows: Int32Array, from: number, to: number, values: Float64Array): number {
  let sum = 0
  for (let i = from; i < to; i++) sum += Math.abs(values[rows[i]])
  return sum
}

/**
 * What to add to the scores of a leaf's rows: a Newton step from the exact derivatives, or the
 * quantile of the residuals; shrunk by the learning rate.
 */
function leafValue(training: Training, loss: LossFunction, from: number, to: number): number {
  const { learningRate, limits } = training
  if (loss.leafQuantile !== undefined) {
    return significant(learningRate * residualQuantile(training, from, to, loss.leafQuantile))
  }
  const { gradient, hessian, order } = training
  let gradients = 0
  let hessians = hessian === undefined ? to - from : 0
  for (let i = from; i < to; i++) {
    const row = order[i]
    gradients += gradient[row]
    if (hessian !== undefined) hessians += hessian[row]
  }
  if (!(hessians > 0)) return 0
  const newton = -gradients / (hessians + limits.l2)
  const step = loss.link === 'log' ? Math.min(MOST_LOG_STEP, newton) : newton
  return significant(learningRate * step)
}

/**
 * Where a leaf's rows sold many times what was predicted, a Newton step in the logarithm goes far
 * too far: it is linear in the ratio, of which the best step would be the logarithm.
 */
const MOST_LOG_STEP = 2

function residualQuantile(
  { sample: { target, weight }, score, order }: Training,
  from: number,
  to: number,
  level: number,
): number {
  const residuals = new Float64Array(to - from)
  const weights = weight && new Float64Array(to - from)
  for (let i = from; i < to; i++) {
    const row = order[i]
    residuals[i - from] = target[row] - score[row]
    if (weight !== undefined && weights !== undefined) weights[i - from] = weight[row]
  }
  return weightedQuantile(residuals, weights, level)
}

/** More digits than these of a leaf's value tell nothing, and fill the file. */
export function significant(value: number): number {
  return Number(value.toPrecision(7))
}

function addToLeaf({ score, order }: Training, from: number, to: number, value: number): void {
  for (let i = from; i < to; i++) score[order[i]] += value
}

function addOutOfBag(training: Training, nodes: BinnedNode[], block: number): void {
  const { score, values, binned } = training
  const { counts, outOfBag } = training.tree
  const root = nodes.length > 0 ? 0 : -1
  const last = Math.min(counts[OUT_OF_BAG], (block + 1) * BLOCK)
  for (let i = block * BLOCK; i < last; i++) {
    const row = outOfBag[i]
    let at = root
    while (at >= 0) {
      const { column, bin, missingLeft, left, right } = nodes[at]
      const word = binned.words[Math.floor(column / COLUMNS_PER_WORD)][row]
      const own = (word >>> (8 * (column % COLUMNS_PER_WORD))) & 255
      at = (own === 0 ? missingLeft : own <= bin) ? left : right
    }
    score[row] += values[-1 - at]
  }
}
