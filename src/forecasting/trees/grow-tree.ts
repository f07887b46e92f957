import { BIN, findSplit, GAIN, LEFT_SUM, MISSING_LEFT, SPLIT } from './best-split.ts'
import { BINS, type BinnedColumns, COLUMNS_PER_WORD } from './bins.ts'
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
  const { limits, tree, shares } = training
  const columns = tree.columns.subarray(0, tree.counts[COLUMNS])
  const words = wordsOf(columns)
  const nodes: BinnedNode[] = []
  const leaves = [rootLeaf(rows, tree.counts[IN_BAG], sum)]
  const maySplit = ({ sum }: Leaf) => hessianOf(sum) >= 2
  const search = (leaf: Leaf, other?: Leaf) => {
    const both = other === undefined ? [leaf] : [leaf, other]
    const open = both.filter(maySplit)
    for (let next = team.next(); next < words.length; next = team.next()) {
      mergeHistograms(training, words[next].index, leaf, other, team)
      for (const it of open) findSplits(training, packing, words[next], it)
    }
    team.wait()
    for (const it of open) chooseColumn(training, columns, it)
  }
  if (limits.leaves > 1 && maySplit(leaves[0])) {
    countRows(training, words, leaves[0], team)
    team.wait()
    search(leaves[0])
  }
  while (leaves.length < limits.leaves) {
    const leaf = leaves.reduce((best, other) => (other.gain > best.gain ? other : best))
    if (leaf.gain === 0) break
    const { left, right } = divide(training, leaf, nodes, team)
    leaves[leaves.indexOf(leaf)] = left
    leaves.push(right)
    if (leaves.length === limits.leaves) break
    const isLeftSmaller = hessianOf(left.sum) <= hessianOf(right.sum)
    const [smaller, larger] = isLeftSmaller ? [left, right] : [right, left]
    smaller.histogram = leaves.length - 1
    if (!maySplit(larger)) continue
    shares[team.member].wentLeft[0] = left.to - left.from
    countRows(training, words, smaller, team)
    team.wait()
    const members = shares.slice(0, team.size)
    left.rows = members.reduce((sum, { wentLeft }) => sum + wentLeft[0], 0)
    right.rows = leaf.rows - left.rows
    search(smaller, larger)
  }
  leaves.forEach(({ parent, side }, index) => {
    if (parent !== undefined) parent[side] = -1 - index
  })
  return { nodes, leaves }
}

function rootLeaf(own: number, rows: number, sum: number): Leaf {
  return {
    from: 0,
    to: own,
    rows,
    sum,
    histogram: 0,
    parent: undefined,
    side: 'left',
    bestColumn: 0,
    gain: 0,
  }
}

/** Makes a node of a leaf, and parts this thread's rows of it. */
function divide(
  { binned, splits, shares }: Training,
  leaf: Leaf,
  nodes: BinnedNode[],
  { member }: Team,
): { left: Leaf; right: Leaf } {
  const at = splitAt(binned, leaf, leaf.bestColumn)
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
  const { order, spare } = shares[member]
  const middle = partition(order, spare, leaf.from, leaf.to, binned, node)
  const sum = splits[at + LEFT_SUM]
  const child: Leaf = { ...leaf, parent: node, gain: 0 }
  return {
    left: { ...child, side: 'left', to: middle, sum },
    right: { ...child, side: 'right', from: middle, sum: leaf.sum - sum },
  }
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
      splitAt(training.binned, leaf, column),
    )
  }
}

/** The first of the columns with the largest gain. */
function chooseColumn(training: Training, columns: Int32Array, leaf: Leaf): void {
  leaf.gain = 0
  for (const column of columns) {
    const gain = training.splits[splitAt(training.binned, leaf, column) + GAIN]
    if (gain <= leaf.gain) continue
    leaf.gain = gain
    leaf.bestColumn = column
  }
}

function splitAt({ names }: BinnedColumns, leaf: Leaf, column: number): number {
  return (leaf.histogram * names.length + column) * SPLIT
}
