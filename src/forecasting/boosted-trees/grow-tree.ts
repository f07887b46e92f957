import {
  BIN,
  findSplit,
  GAIN,
  LEFT_SUM,
  MISSING_LEFT,
  SPLIT,
  type SplitLimits,
} from './best-split.ts'
import { BINS, type BinnedColumns, COLUMNS_PER_WORD } from './bins.ts'
import { addRows, HISTOGRAM, subtract } from './histogram.ts'
import type { Packing } from './packed-gradients.ts'
import { partition } from './partition.ts'

export type GrowthLimits = SplitLimits & { leaves: number; depth: number }

/** A tree by bins, and which of the rows that it was grown on are in which leaf. */
export type GrownTree = {
  /** The inner nodes in the order in which they came about; the first is the root. */
  nodes: BinnedNode[]
  /** By leaf, where its rows are in `order`. */
  leaves: { from: number; to: number }[]
  order: Int32Array
}

export type BinnedNode = {
  column: number
  /** Bins up to this one go left. */
  bin: number
  missingLeft: boolean
  gain: number
  /** Another inner node, or −1 − the number of a leaf. */
  left: number
  right: number
}

/** Memory that one tree after another is grown in. */
export type Growth = {
  binned: BinnedColumns
  limits: GrowthLimits
  order: Int32Array
  spare: Int32Array
  /** Packed gradients of the rows of one leaf, in the order of its rows. */
  gathered: Float64Array
  /** By leaf: the histograms of all words. */
  histograms: Float64Array[][]
  /** By leaf and column. */
  splits: Float64Array
}

export function growthMemory(binned: BinnedColumns, rows: number, limits: GrowthLimits): Growth {
  return {
    binned,
    limits,
    order: new Int32Array(rows),
    spare: new Int32Array(rows),
    gathered: new Float64Array(rows),
    histograms: Array.from({ length: limits.leaves }, () =>
      binned.words.map(() => new Float64Array(HISTOGRAM)),
    ),
    splits: new Float64Array(limits.leaves * binned.names.length * SPLIT),
  }
}

type Leaf = {
  from: number
  to: number
  depth: number
  /** Packed sum of its rows. */
  sum: number
  /** Which of the histograms is its own. */
  histogram: number
  parent: BinnedNode | undefined
  side: 'left' | 'right'
  bestColumn: number
  gain: number
}

/**
 * Grows one tree leaf by leaf, always where the loss falls most (Shi 2007, "Best-first Decision
 * Tree Learning"). Of two children only the smaller one's histogram is counted; the other is what
 * is left of the parent's.
 *
 * @param rows ascending
 * @param packed packed gradient of each row of the data
 * @param columns those that may be split by, ascending
 */
export function growTree(
  growth: Growth,
  rows: Int32Array,
  packed: Float64Array,
  packing: Packing,
  columns: Int32Array,
): GrownTree {
  const { binned, limits, order, spare, histograms, splits } = growth
  order.set(rows)
  const nodes: BinnedNode[] = []
  const root: Leaf = {
    from: 0,
    to: rows.length,
    depth: 0,
    sum: 0,
    histogram: 0,
    parent: undefined,
    side: 'left',
    bestColumn: 0,
    gain: 0,
  }
  const leaves = [root]
  const splitsOf = (leaf: Leaf) => leaf.histogram * binned.names.length * SPLIT
  const count = (leaf: Leaf) => countRows(growth, leaf, packed, columns)
  const search = (leaf: Leaf) => {
    const first = splitsOf(leaf)
    leaf.gain = 0
    for (const column of columns) {
      const word = Math.floor(column / COLUMNS_PER_WORD)
      const at = first + column * SPLIT
      findSplit(
        histograms[leaf.histogram][word],
        (column % COLUMNS_PER_WORD) * BINS,
        binned.bounds[column].length + 2,
        leaf.sum,
        leaf.to - leaf.from,
        packing,
        limits,
        splits,
        at,
      )
      if (splits[at + GAIN] > leaf.gain) {
        leaf.gain = splits[at + GAIN]
        leaf.bestColumn = column
      }
    }
  }
  const maySplit = ({ from, to, depth }: Leaf) =>
    depth < limits.depth && to - from >= 2 * limits.minimumLeafRows && to - from > 1
  for (let i = 0; i < rows.length; i++) root.sum += packed[rows[i]]
  if (limits.leaves > 1 && maySplit(root)) {
    count(root)
    search(root)
  }
  while (leaves.length < limits.leaves) {
    const leaf = leaves.reduce((best, other) => (other.gain > best.gain ? other : best))
    if (leaf.gain === 0) break
    const column = leaf.bestColumn
    const at = splitsOf(leaf) + column * SPLIT
    const node: BinnedNode = {
      column,
      bin: splits[at + BIN],
      missingLeft: splits[at + MISSING_LEFT] === 1,
      gain: leaf.gain,
      left: 0,
      right: 0,
    }
    const middle = partition(
      order,
      spare,
      leaf.from,
      leaf.to,
      binned.words[Math.floor(column / COLUMNS_PER_WORD)],
      8 * (column % COLUMNS_PER_WORD),
      node.bin,
      node.missingLeft,
    )
    if (leaf.parent !== undefined) leaf.parent[leaf.side] = nodes.length
    nodes.push(node)
    const depth = leaf.depth + 1
    const leftSum = splits[at + LEFT_SUM]
    const right: Leaf = {
      ...leaf,
      from: middle,
      depth,
      sum: leaf.sum - leftSum,
      parent: node,
      side: 'right',
      gain: 0,
    }
    Object.assign(leaf, { to: middle, depth, sum: leftSum, parent: node, side: 'left', gain: 0 })
    const fresh = leaves.length
    leaves.push(right)
    if (leaves.length === limits.leaves) break
    const [smaller, larger] =
      leaf.to - leaf.from <= right.to - right.from ? [leaf, right] : [right, leaf]
    smaller.histogram = fresh
    if (!maySplit(larger)) continue
    count(smaller)
    for (const [word, histogram] of histograms[larger.histogram].entries()) {
      subtract(histogram, histograms[fresh][word])
    }
    search(larger)
    if (maySplit(smaller)) search(smaller)
  }
  leaves.forEach(({ parent, side }, index) => {
    if (parent !== undefined) parent[side] = -1 - index
  })
  return { nodes, leaves, order }
}

function countRows(
  { binned, order, gathered, histograms }: Growth,
  { from, to, histogram }: Leaf,
  packed: Float64Array,
  columns: Int32Array,
): void {
  for (let i = from; i < to; i++) gathered[i - from] = packed[order[i]]
  const words = new Set(Array.from(columns, (column) => Math.floor(column / COLUMNS_PER_WORD)))
  for (const word of words) {
    histograms[histogram][word].fill(0)
    addRows(histograms[histogram][word], binned.words[word], order, from, to - from, gathered)
  }
}
