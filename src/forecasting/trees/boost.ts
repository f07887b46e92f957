import { type GrownTree, growTree } from './grow-tree.ts'
import {
  fixedPointSum,
  fixedPointUnit,
  type Packing,
  packGradients,
  packingOf,
  type Totals,
} from './packed-gradients.ts'
import { partition } from './partition.ts'
import { FIRST_DITHER, IN_BAG, OUT_OF_BAG, type Output, type Training } from './training.ts'
import { weightedQuantile } from './weighted-quantile.ts'

/**
 * Grows one more tree where the loss of `grownOn` falls most, and adds it to the scores of all
 * outputs: its leaves hold a step of each.
 */
export function boost(training: Training, grownOn: Output): GrownTree {
  const { outputs } = training
  const { packing, totals, sum } = packedGradients(training, grownOn)
  const grown = growTree(training, packing, sum)
  for (const output of outputs) {
    if (output.loss.leafQuantile !== undefined) continue
    newtonSteps(training, output, output === grownOn ? totals : undefined, grown)
  }
  leafQuantiles(training, grown)
  noteLeaves(training, grown)
  for (let pair = 0; pair < outputs.length; pair += 2) {
    if (pair + 1 < outputs.length) addToTwo(outputs[pair], outputs[pair + 1], training.leafOf)
    else addTo(outputs[pair], training.leafOf)
  }
  return grown
}

/** Packs the gradients of the tree's rows, and lays these into `order`. */
function packedGradients(
  training: Training,
  output: Output,
): { packing: Packing; totals: Totals; sum: number } {
  const { gradient, hessian, packed, dither, order } = training
  const { counts, inBag } = training.tree
  const rows = counts[IN_BAG]
  const totals = differentiate(training, output)
  const packing = packingOf(rows, totals)
  const firstDither = counts[FIRST_DITHER]
  const sum = packGradients(inBag, 0, rows, gradient, hessian, packing, dither, firstDither, packed)
  order.set(inBag.subarray(0, rows))
  return { packing, totals, sum }
}

/** Writes the derivatives of the tree's rows, and adds up their sizes. */
function differentiate(
  { tree: { counts, inBag }, gradient, hessian }: Training,
  { loss, sample, score }: Output,
): Totals {
  const rows = counts[IN_BAG]
  loss.differentiate(sample, inBag, 0, rows, score, gradient, hessian)
  return {
    gradients: sumOfSizes(inBag, rows, gradient),
    hessians: sumOfSizes(inBag, rows, hessian),
  }
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

/**
 * What the leaves add: −G / (H + l2) of their rows, shrunk by the learning rate.
 *
 * @param known totals of the derivatives where these are still there
 */
function newtonSteps(
  training: Training,
  output: Output,
  known: Totals | undefined,
  { leaves }: GrownTree,
): void {
  const { gradient, hessian, order, limits, learningRate } = training
  const totals = known ?? differentiate(training, output)
  const gradientUnit = fixedPointUnit(totals.gradients)
  const hessianUnit = fixedPointUnit(totals.hessians)
  for (const [leaf, { from, to }] of leaves.entries()) {
    const gradients = fixedPointSum(order, from, to, gradient, gradientUnit) * gradientUnit
    const hessians = fixedPointSum(order, from, to, hessian, hessianUnit) * hessianUnit
    const step = -gradients / (hessians + limits.l2)
    output.values[leaf] = hessians > 0 ? rounded(learningRate * Math.min(MOST_LOG_STEP, step)) : 0
  }
}

/**
 * Where a leaf's rows sold many times what was predicted, a Newton step in the logarithm goes far
 * too far: it is linear in the ratio, of which the best step would be the logarithm.
 */
const MOST_LOG_STEP = 2

/**
 * What the leaves add to quantiles: those of the residuals of their rows, shrunk by the learning rate.
 * Leaf by leaf, since all quantiles are told from the same rows.
 */
function leafQuantiles({ order, learningRate, outputs }: Training, { leaves }: GrownTree): void {
  const scratch = [new Float64Array(MOST_RESIDUALS), new Float64Array(MOST_RESIDUALS)]
  for (const [leaf, { from, to }] of leaves.entries()) {
    const rows = order.subarray(from, to)
    for (const output of outputs) {
      if (output.loss.leafQuantile === undefined) continue
      output.values[leaf] = rounded(learningRate * residualQuantile(output, rows, scratch))
    }
  }
}

/** Of rows that are spread evenly over all, where there are more than tell a step so small. */
function residualQuantile(
  { loss, sample: { target, weight }, score }: Output,
  rows: Int32Array,
  scratch: Float64Array[],
): number {
  const every = Math.ceil(rows.length / MOST_RESIDUALS)
  const count = Math.ceil(rows.length / Math.max(1, every))
  const [residuals, weights] = scratch.map((values) => values.subarray(0, count))
  for (let i = 0; i < count; i++) {
    const row = rows[i * every]
    residuals[i] = target[row] - score[row]
    weights[i] = weight[row]
  }
  return weightedQuantile(residuals, weights, loss.leafQuantile!)
}

const MOST_RESIDUALS = 500

/** More digits than these of a leaf's value tell nothing, and fill the file. */
export function rounded(value: number): number {
  return Number(value.toPrecision(7))
}

/**
 * Notes the leaf of each row: of those that the tree was grown on, and of the others, which it parts as
 * its own.
 */
function noteLeaves(training: Training, { leaves, nodes }: GrownTree): void {
  const { binned, tree, order, spare, leafOf } = training
  const note = (leaf: number, from: number, to: number) => {
    for (let i = from; i < to; i++) leafOf[order[i]] = leaf
  }
  for (const [leaf, { from, to }] of leaves.entries()) note(leaf, from, to)
  const rows = tree.counts[OUT_OF_BAG]
  order.set(tree.outOfBag.subarray(0, rows))
  const ranges = nodes.map(() => ({ from: 0, to: 0 }))
  const hand = (child: number, from: number, to: number) => {
    if (child >= 0) ranges[child] = { from, to }
    else note(-1 - child, from, to)
  }
  hand(nodes.length > 0 ? 0 : -1, 0, rows)
  for (const [index, node] of nodes.entries()) {
    const { from, to } = ranges[index]
    const middle = partition(order, spare, from, to, binned, node)
    hand(node.left, from, middle)
    hand(node.right, middle, to)
  }
}

/** Row by row, as they lie in memory. */
function addTo({ score, values }: Output, leafOf: Uint16Array): void {
  for (let row = 0; row < score.length; row++) score[row] += values[leafOf[row]]
}

/** As `addTo`, of two outputs at once: the leaf of a row is read once for both. */
function addToTwo(one: Output, other: Output, leafOf: Uint16Array): void {
  const [score, values] = [one.score, one.values]
  const [otherScore, otherValues] = [other.score, other.values]
  for (let row = 0; row < score.length; row++) {
    const leaf = leafOf[row]
    score[row] += values[leaf]
    otherScore[row] += otherValues[leaf]
  }
}
