import { type BinnedNode, type GrownTree, growTree } from './grow-tree.ts'
import { type LossFunction, lossFunction } from './losses.ts'
import {
  fixedPointSum,
  fixedPointUnit,
  type Packing,
  packGradients,
  packingOf,
  type Totals,
} from './packed-gradients.ts'
import { partition } from './partition.ts'
import { FIRST_DITHER, IN_BAG, OUT_OF_BAG, type Training } from './training.ts'
import { weightedQuantile } from './weighted-quantile.ts'

/** Grows one more tree on the gradients at the present scores, and adds it to them. */
export function boost(training: Training): GrownTree {
  const loss = lossFunction(training.loss)
  const { packing, totals, sum } = packedGradients(training, loss)
  const grown = growTree(training, packing, sum)
  if (loss.leafQuantile === undefined) newtonSteps(training, totals, grown)
  else leafQuantiles(training, loss.leafQuantile, grown)
  const { score, values, order } = training
  for (const [leaf, { from, to }] of grown.leaves.entries()) {
    addTo(score, order, from, to, values[leaf])
  }
  addOutOfBag(training, grown.nodes)
  return grown
}

/** Packs the gradients of the tree's rows, and lays these into `order`. */
function packedGradients(
  training: Training,
  loss: LossFunction,
): { packing: Packing; totals: Totals; sum: number } {
  const { sample, score, gradient, hessian, packed, dither, order } = training
  const { counts, inBag } = training.tree
  const rows = counts[IN_BAG]
  loss.differentiate(sample, inBag, 0, rows, score, gradient, hessian)
  const totals = {
    gradients: sumOfSizes(inBag, rows, gradient),
    hessians: sumOfSizes(inBag, rows, hessian),
  }
  const packing = packingOf(rows, totals)
  const firstDither = counts[FIRST_DITHER]
  const sum = packGradients(inBag, 0, rows, gradient, hessian, packing, dither, firstDither, packed)
  order.set(inBag.subarray(0, rows))
  return { packing, totals, sum }
}

/** Added up by block: less is lost to rounding than in one long sum. */
function sumOfSizes(rows: Int32Array, count: number, values: Float64Array): number {
  let sum = 0
  for (let from = 0; from < count; from += BLOCK) {
    const to = Math.min(count, from + BLOCK)
    let block = 0
    for (let i = from; i < to; i++) block += Math.abs(values[rows[i]])
    sum += block
  }
  return sum
}

const BLOCK = 2048

/** What the leaves add: −G / (H + l2) of their rows, shrunk by the learning rate. */
function newtonSteps(
  { gradient, hessian, order, limits, learningRate, values }: Training,
  totals: Totals,
  { leaves }: GrownTree,
): void {
  const gradientUnit = fixedPointUnit(totals.gradients)
  const hessianUnit = fixedPointUnit(totals.hessians)
  for (const [leaf, { from, to }] of leaves.entries()) {
    const gradients = fixedPointSum(order, from, to, gradient, gradientUnit) * gradientUnit
    const hessians = fixedPointSum(order, from, to, hessian, hessianUnit) * hessianUnit
    const step = -gradients / (hessians + limits.l2)
    values[leaf] = hessians > 0 ? rounded(learningRate * Math.min(MOST_LOG_STEP, step)) : 0
  }
}

/**
 * Where a leaf's rows sold many times what was predicted, a Newton step in the logarithm goes far
 * too far: it is linear in the ratio, of which the best step would be the logarithm.
 */
const MOST_LOG_STEP = 2

/** What the leaves add: the quantile of the residuals of their rows, shrunk by the learning rate. */
function leafQuantiles(training: Training, level: number, { leaves }: GrownTree): void {
  const { order, values, learningRate } = training
  for (const [leaf, { from, to }] of leaves.entries()) {
    const rows = order.subarray(from, to)
    values[leaf] = rounded(learningRate * residualQuantile(training, level, rows))
  }
}

function residualQuantile(
  { sample: { target, weight }, score }: Training,
  level: number,
  rows: Int32Array,
): number {
  const residuals = new Float64Array(rows.length)
  for (let i = 0; i < rows.length; i++) residuals[i] = target[rows[i]] - score[rows[i]]
  const weights = new Float64Array(rows.length)
  for (let i = 0; i < rows.length; i++) weights[i] = weight[rows[i]]
  return weightedQuantile(residuals, weights, level)
}

/** More digits than these of a leaf's value tell nothing, and fill the file. */
export function rounded(value: number): number {
  return Number(value.toPrecision(7))
}

function addTo(
  score: Float64Array,
  rows: Int32Array,
  from: number,
  to: number,
  value: number,
): void {
  for (let i = from; i < to; i++) score[rows[i]] += value
}

/** Parts the rows that the tree was not grown on as it parts its own, and adds to their scores. */
function addOutOfBag(training: Training, nodes: BinnedNode[]): void {
  const { score, values, binned, tree, order, spare } = training
  const rows = tree.counts[OUT_OF_BAG]
  order.set(tree.outOfBag.subarray(0, rows))
  const ranges = nodes.map(() => ({ from: 0, to: 0 }))
  const hand = (child: number, from: number, to: number) => {
    if (child >= 0) ranges[child] = { from, to }
    else addTo(score, order, from, to, values[-1 - child])
  }
  hand(nodes.length > 0 ? 0 : -1, 0, rows)
  for (const [index, node] of nodes.entries()) {
    const { from, to } = ranges[index]
    const middle = partition(order, spare, from, to, binned, node)
    hand(node.left, from, middle)
    hand(node.right, middle, to)
  }
}
