import { BIN, findSplit, GAIN, LEFT_SUM, MISSING_LEFT, SPLIT } from './best-split.ts'
import { BINS, COLUMNS_PER_WORD } from './bins.ts'
import { addHistogram, addRows, addRowsToTwo, subtract } from './histogram.ts'
import { hessianOf, type Packing } from './packed-gradients.ts'
import { type Division, partition } from './partition.ts'
import type { Team } from './team.ts'
import { COLUMNS, IN_BAG, type Training } from './training.ts'

/** A tree by bins, as every thread knows it. */
export type GrownTree = {
  /** The inner nodes in the order in which they came about; the first is the root. */
  nodes: BinnedNode[]
  /** By leaf, where this thread's rows of it are in its `order`. */
  leaves: { from: number; to: number }[]
}

export type BinnedNode = Division & {
  gain: number
  /** Another inner node, or −1 − the number of a leaf. */
  left: number
  right: number
}

type Leaf = {
  /** Where this thread's rows are. */
  from: number
  to: number
  /** Of all threads; known once it is counted. */
  rows: number
  depth: number
  /** Packed sum of the rows of all threads. */
  sum: number
  /** Which of the histograms, and of the lists of splits, is its own. */
  histogram: number
  parent: BinnedNode | undefined
  side: 'left' | 'right'
  bestColumn: number
  gain: number
}

/**
 * Grows one tree leaf by leaf, always where the loss falls most (Shi 2007, "Best-first Decision
 * Tree Learning"). Of two children only the smaller one's histogram is counted; the other is what
 * is left of the parent's. Each thread counts its own rows, and then searches some of the columns
 * for all; from what they find all go on alike.
 *
 * @param rows how many this thread has in its `order`
 * @param sum packed sum of the rows of all threads
 */
export function growTree(
  training: Training,
  packing: Packing,
  rows: number,
  sum: number,
  team: Team,
): GrownTree {
  const { binned, limits, splits, tree, shares } = training
  const { order, spare, wentLeft } = shares[team.member]
  const columns = tree.columns.subarray(0, tree.counts[COLUMNS])
  const words = wordsOf(columns)
  const nodes: BinnedNode[] = []
  const root: Leaf = {
    from: 0,
    to: rows,
    rows: tree.counts[IN_BAG],
    depth: 0,
    sum,
    histogram: 0,
    parent: undefined,
    side: 'left',
    bestColumn: 0,
    gain: 0,
  }
  const leaves = [root]
  const { base } = packing
  const maySplit = ({ depth, sum }: Leaf) => {
    // Where every row has the same hessian, it is their number.
    const enough = training.hessian === undefined ? 2 * limits.minimumLeafRows : 0
    return depth < limits.depth && hessianOf(sum, base) >= Math.max(2, enough)
  }
  const search = (leaf: Leaf, other?: Leaf) => {
    for (let next = team.next(); next < words.length; next = team.next()) {
      const word = words[next]
      mergeHistograms(training, word.index, leaf, other, team)
      for (const it of [leaf, other]) {
        if (it !== undefined && maySplit(it)) findSplits(training, packing, word, it)
      }
    }
    team.wait()
    for (const it of [leaf, other]) {
      if (it !== undefined && maySplit(it)) chooseColumn(training, columns, it)
    }
  }
  if (limits.leaves > 1 && maySplit(root)) {
    countRows(training, words, root, team)
    team.wait()
    search(root)
  }
  while (leaves.length < limits.leaves) {
    const leaf = leaves.reduce((best, other) => (other.gain > best.gain ? other : best))
    if (leaf.gain === 0) break
    const at = splitAt(training, leaf, leaf.bestColumn)
    const node: BinnedNode = {
      column: leaf.bestColumn,
      bin: splits[at + BIN],
      missingLeft: splits[at + MISSING_LEFT] === 1,
      gain: leaf.gain,
      left: 0,
      right: 0,
    }
    if (leaf.parent !== undefined) leaf.parent[leaf.side] = nodes.length
    nodes.push(node)
    const middle = partition(order, spare, leaf.from, leaf.to, binned, node)
    const leftSum = splits[at + LEFT_SUM]
    const rightSum = leaf.sum - leftSum
    const { rows } = leaf
    const child = { depth: leaf.depth + 1, parent: node, gain: 0 }
    const right: Leaf = { ...leaf, ...child, side: 'right', from: middle, sum: rightSum }
    const left: Leaf = Object.assign(leaf, child, { side: 'left', to: middle, sum: leftSum })
    leaves.push(right)
    if (leaves.length === limits.leaves) break
    const isLeftSmaller = hessianOf(leftSum, base) <= hessianOf(rightSum, base)
    const [smaller, larger] = isLeftSmaller ? [left, right] : [right, left]
    smaller.histogram = leaves.length - 1
    if (!maySplit(larger)) continue
    wentLeft[0] = middle - left.from
    countRows(training, words, smaller, team)
    team.wait()
    left.rows = shares.reduce(
      (sum, { wentLeft }, member) => sum + (member < team.size ? wentLeft[0] : 0),
      0,
    )
    right.rows = rows - left.rows
    search(smaller, larger)
  }
  leaves.forEach(({ parent, side }, index) => {
    if (parent !== undefined) parent[side] = -1 - index
  })
  return { nodes, leaves }
}

type Word = { index: number; columns: number[] }

function wordsOf(columns: Int32Array): Word[] {
  const words = Map.groupBy(columns, (column) => Math.floor(column / COLUMNS_PER_WORD))
  return Array.from(words, ([index, columns]) => ({ index, columns }))
}

/** Where a thread counts its rows of a leaf: the first one where the sum of all is to be. */
function countedBy(training: Training, leaf: Leaf, member: number): Float64Array[] {
  return member === 0 ? training.histograms[leaf.histogram] : training.shares[member].counted
}

function countRows(training: Training, words: Word[], leaf: Leaf, { member }: Team): void {
  const { binned, packed, shares } = training
  const { order } = shares[member]
  const { from, to } = leaf
  const counted = countedBy(training, leaf, member)
  for (const { index } of words) counted[index].fill(0)
  for (let pair = 0; pair < words.length; pair += 2) {
    const a = words[pair].index
    const b = words[pair + 1]?.index
    if (b === undefined) addRows(counted[a], binned.words[a], order, from, to, packed)
    else {
      const { words } = binned
      addRowsToTwo(counted[a], counted[b], words[a], words[b], order, from, to, packed)
    }
  }
}

/** Adds what all have counted of a leaf, and takes it from the histogram of its parent, now `other`'s. */
function mergeHistograms(
  training: Training,
  word: number,
  leaf: Leaf,
  other: Leaf | undefined,
  { size }: Team,
): void {
  const histogram = training.histograms[leaf.histogram][word]
  for (let member = 1; member < size; member++) {
    addHistogram(histogram, countedBy(training, leaf, member)[word])
  }
  if (other !== undefined) subtract(training.histograms[other.histogram][word], histogram)
}

function findSplits(
  training: Training,
  packing: Packing,
  { index, columns }: Word,
  leaf: Leaf,
): void {
  const { binned, limits, histograms, splits } = training
  for (const column of columns) {
    findSplit(
      histograms[leaf.histogram][index],
      (column % COLUMNS_PER_WORD) * BINS,
      binned.bounds[column].length + 2,
      leaf.sum,
      leaf.rows,
      packing,
      limits,
      splits,
      splitAt(training, leaf, column),
    )
  }
}

/** The first of the columns with the largest gain. */
function chooseColumn(training: Training, columns: Int32Array, leaf: Leaf): void {
  leaf.gain = 0
  for (const column of columns) {
    const gain = training.splits[splitAt(training, leaf, column) + GAIN]
    if (gain <= leaf.gain) continue
    leaf.gain = gain
    leaf.bestColumn = column
  }
}

function splitAt({ binned }: Training, leaf: Leaf, column: number): number {
  return (leaf.histogram * binned.names.length + column) * SPLIT
}
