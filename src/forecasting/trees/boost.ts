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
import type { Team } from './team.ts'
import { BLOCK, FIRST_DITHER, IN_BAG, OUT_OF_BAG, type Training } from './training.ts'
import { weightedQuantile } from './weighted-quantile.ts'

/** Grows one more tree on the gradients at the present scores, and adds it to them. */
export function boost(training: Training, team: Team): GrownTree {
  const loss = lossFunction(training.loss)
  const { packing, totals, rows, sum } = packedGradients(training, loss, team)
  const grown = growTree(training, packing, rows, sum, team)
  if (loss.leafQuantile === undefined) newtonSteps(training, totals, grown, team)
  else leafQuantiles(training, loss.leafQuantile, grown, team)
  const { score, values, shares } = training
  const { order } = shares[team.member]
  for (const [leaf, { from, to }] of grown.leaves.entries()) {
    addTo(score, order, from, to, values[leaf])
  }
  addOutOfBag(training, grown.nodes, team)
  team.wait()
  return grown
}

/** The blocks of so many rows that are this thread's, as [from, to). */
function ownBlocks(rows: number, { member, size }: Team): [from: number, to: number][] {
  const blocks = Math.ceil(rows / BLOCK)
  const own = Array.from({ length: Math.ceil(blocks / size) }, (_, i) => member + i * size)
  return own
    .filter((block) => block < blocks)
    .map((block) => [block * BLOCK, Math.min(rows, (block + 1) * BLOCK)])
}

/** Packs the gradients of the tree's rows, and lays each thread's own into its `order`. */
function packedGradients(
  training: Training,
  loss: LossFunction,
  team: Team,
): { packing: Packing; totals: Totals; rows: number; sum: number } {
  const { sample, score, gradient, hessian, packed, dither, blockSums, shares } = training
  const { order } = shares[team.member]
  const { counts, inBag } = training.tree
  const blocks = ownBlocks(counts[IN_BAG], team)
  for (const [from, to] of blocks) {
    const at = 3 * (from / BLOCK)
    loss.differentiate(sample, inBag, from, to, score, gradient, hessian)
    blockSums[at] = sumOfSizes(inBag, from, to, gradient)
    blockSums[at + 1] = sumOfSizes(inBag, from, to, hessian)
  }
  team.wait()
  const total = (field: number) => {
    let sum = 0
    for (let at = field; at < 3 * Math.ceil(counts[IN_BAG] / BLOCK); at += 3) sum += blockSums[at]
    return sum
  }
  const totals = { gradients: total(0), hessians: total(1) }
  const packing = packingOf(counts[IN_BAG], totals)
  let rows = 0
  for (const [from, to] of blocks) {
    blockSums[3 * (from / BLOCK) + 2] = packGradients(
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
    order.set(inBag.subarray(from, to), rows)
    rows += to - from
  }
  team.wait()
  return { packing, totals, rows, sum: total(2) }
}

function sumOfSizes(rows: Int32Array, from: number, to: number, values: Float64Array): number {
  let sum = 0
  for (let i = from; i < to; i++) sum += Math.abs(values[rows[i]])
  return sum
}

/** What the leaves add: −G / (H + l2) of their rows, shrunk by the learning rate. */
function newtonSteps(
  { gradient, hessian, shares, limits, learningRate, values }: Training,
  totals: Totals,
  { leaves }: GrownTree,
  team: Team,
): void {
  const gradientUnit = fixedPointUnit(totals.gradients)
  const hessianUnit = fixedPointUnit(totals.hessians)
  const { order, leafSums } = shares[team.member]
  for (const [leaf, { from, to }] of leaves.entries()) {
    leafSums[2 * leaf] = fixedPointSum(order, from, to, gradient, gradientUnit)
    leafSums[2 * leaf + 1] = fixedPointSum(order, from, to, hessian, hessianUnit)
  }
  team.wait()
  if (team.member === 0) {
    const total = (at: number) =>
      shares.slice(0, team.size).reduce((sum, { leafSums }) => sum + leafSums[at], 0)
    for (let leaf = 0; leaf < leaves.length; leaf++) {
      const hessians = total(2 * leaf + 1) * hessianUnit
      const step = (-total(2 * leaf) * gradientUnit) / (hessians + limits.l2)
      values[leaf] = hessians > 0 ? rounded(learningRate * Math.min(MOST_LOG_STEP, step)) : 0
    }
  }
  team.wait()
}

/**
 * Where a leaf's rows sold many times what was predicted, a Newton step in the logarithm goes far
 * too far: it is linear in the ratio, of which the best step would be the logarithm.
 */
const MOST_LOG_STEP = 2

/** What the leaves add: the quantile of the residuals of their rows, shrunk by the learning rate. */
function leafQuantiles(training: Training, level: number, { leaves }: GrownTree, team: Team): void {
  const { shares, values, learningRate } = training
  const { ranges } = shares[team.member]
  for (const [leaf, { from, to }] of leaves.entries()) ranges.set([from, to], 2 * leaf)
  team.wait()
  for (let leaf = team.next(); leaf < leaves.length; leaf = team.next()) {
    values[leaf] = rounded(learningRate * residualQuantile(training, level, leaf, team))
  }
  team.wait()
}

function residualQuantile(
  { sample: { target, weight }, score, shares }: Training,
  level: number,
  leaf: number,
  { size }: Team,
): number {
  const parts = shares
    .slice(0, size)
    .map(({ order, ranges }) => order.subarray(ranges[2 * leaf], ranges[2 * leaf + 1]))
  const rows = ascending(parts)
  const residuals = new Float64Array(rows.length)
  for (let i = 0; i < rows.length; i++) residuals[i] = target[rows[i]] - score[rows[i]]
  const weights = new Float64Array(rows.length)
  for (let i = 0; i < rows.length; i++) weights[i] = weight[rows[i]]
  return weightedQuantile(residuals, weights, level)
}

/** All of the ascending lists as one: sums of weights must not depend on who had which row. */
function ascending(lists: Int32Array[]): Int32Array {
  return lists.reduce((merged, list) => {
    const all = new Int32Array(merged.length + list.length)
    for (let i = 0, j = 0, k = 0; k < all.length; k++) {
      const fromList = i === merged.length || (j < list.length && list[j] < merged[i])
      all[k] = fromList ? list[j++] : merged[i++]
    }
    return all
  })
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
function addOutOfBag(training: Training, nodes: BinnedNode[], team: Team): void {
  const { score, values, binned, tree, shares } = training
  const { order, spare } = shares[team.member]
  let rows = 0
  for (const [from, to] of ownBlocks(tree.counts[OUT_OF_BAG], team)) {
    order.set(tree.outOfBag.subarray(from, to), rows)
    rows += to - from
  }
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
