import { BIN, findSplit, GAIN, LEFT_SUM, MISSING_LEFT, SPLIT } from './best-split.ts'
import { BINS, COLUMNS_PER_WORD } from './bins.ts'
import { addRows, addRowsToTwo, subtract } from './histogram.ts'
import type { Packing } from './packed-gradients.ts'
import { type Division, partition } from './partition.ts'
import type { Team } from './team.ts'
import { COLUMNS, IN_BAG, type Training } from './training.ts'

/** A tree by bins; which rows are in which leaf is in the training's `order`. */
export type GrownTree = {
  /** The inner nodes in the order in which they came about; the first is the root. */
  nodes: BinnedNode[]
  /** By leaf, where its rows are in `order`. */
  leaves: { from: number; to: number }[]
}

export type BinnedNode = Division & {
  gain: number
  /** Another inner node, or −1 − the number of a leaf. */
  left: number
  right: number
}

type Leaf = {
  from: number
  to: number
  depth: number
  /** Packed sum of its rows. */
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
 * is left of the parent's. All threads decide alike; they share the counting by columns and the
 * reordering by rows.
 *
 * @param sum packed sum of all rows
 */
export function growTree(training: Training, packing: Packing, sum: number, team: Team): GrownTree {
  const { binned, limits, order, spare, lefts, splits, tree } = training
  const columns = tree.columns.subarray(0, tree.counts[COLUMNS])
  const pairs = pairsOfWords(columns)
  const nodes: BinnedNode[] = []
  const root: Leaf = {
    from: 0,
    to: tree.counts[IN_BAG],
    depth: 0,
    sum,
    histogram: 0,
    parent: undefined,
    side: 'left',
    bestColumn: 0,
    gain: 0,
  }
  const leaves = [root]
  const maySplit = ({ from, to, depth }: Leaf) =>
    depth < limits.depth && to - from >= Math.max(2, 2 * limits.minimumLeafRows)
  const search = (counted: Leaf, other?: Leaf) => {
    for (let pair = team.next(); pair < pairs.length; pair = team.next()) {
      countRows(training, pairs[pair], counted, other)
      for (const leaf of [counted, other]) {
        if (leaf === undefined || !maySplit(leaf)) continue
        for (const word of pairs[pair]) findSplits(training, packing, word, leaf)
      }
    }
    team.wait()
    for (const leaf of [counted, other]) {
      if (leaf !== undefined && maySplit(leaf)) chooseColumn(training, columns, leaf)
    }
  }
  if (limits.leaves > 1 && maySplit(root)) search(root)
  while (leaves.length < limits.leaves) {
    const leaf = leaves.reduce((best, other) => (other.gain > best.gain ? other : best))
    if (leaf.gain === 0) break
    // Read before the reordering, after which a faster thread may already search anew.
    const at = splitAt(training, leaf, leaf.bestColumn)
    const leftSum = splits[at + LEFT_SUM]
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
    const middle = partition(order, spare, lefts, leaf.from, leaf.to, binned, node, team)
    const child = { depth: leaf.depth + 1, parent: node, gain: 0 }
    const right: Leaf = {
      ...leaf,
      ...child,
      side: 'right',
      from: middle,
      sum: leaf.sum - leftSum,
    }
    const left: Leaf = Object.assign(leaf, child, { side: 'left', to: middle, sum: leftSum })
    leaves.push(right)
    if (leaves.length === limits.leaves) break
    const isLeftSmaller = left.to - left.from <= right.to - right.from
    const [smaller, larger] = isLeftSmaller ? [left, right] : [right, left]
    smaller.histogram = leaves.length - 1
    if (maySplit(larger)) search(smaller, larger)
  }
  leaves.forEach(({ parent, side }, index) => {
    if (parent !== undefined) parent[side] = -1 - index
  })
  return { nodes, leaves }
}

type Word = { index: number; columns: number[] }

/** The words of these columns, two by two: what one thread counts at a time. */
function pairsOfWords(columns: Int32Array): Word[][] {
  const words = Map.groupBy(columns, (column) => Math.floor(column / COLUMNS_PER_WORD))
  const list = Array.from(words, ([index, columns]) => ({ index, columns }))
  return Array.from({ length: Math.ceil(list.length / 2) }, (_, pair) =>
    list.slice(2 * pair, 2 * pair + 2),
  )
}

/** Counts the rows of a leaf, and takes them away from the histogram of its parent, now `other`'s. */
function countRows(training: Training, words: Word[], leaf: Leaf, other: Leaf | undefined): void {
  const { binned, order, packed, histograms } = training
  const { from, to } = leaf
  const [a, b] = words.map(({ index }) => histograms[leaf.histogram][index].fill(0))
  const [wordsA, wordsB] = words.map(({ index }) => binned.words[index])
  if (b === undefined) addRows(a, wordsA, order, from, to, packed)
  else addRowsToTwo(a, b, wordsA, wordsB, order, from, to, packed)
  if (other === undefined) return
  for (const { index } of words) {
    subtract(histograms[other.histogram][index], histograms[leaf.histogram][index])
  }
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
      leaf.to - leaf.from,
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
