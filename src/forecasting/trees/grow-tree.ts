import { BIN, findSplit, GAIN, LEFT_SUM, MISSING_LEFT, SPLIT } from './best-split.ts'
import { BINS, type BinnedColumns, COLUMNS_PER_WORD } from './bins.ts'
import { addRows, addRowsToTwo, subtract } from './histogram.ts'
import { hessianOf, type Packing } from './packed-gradients.ts'
import { type Division, partition } from './partition.ts'
import { COLUMNS, IN_BAG, type Training } from './training.ts'

/** A tree by bins. */
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
  /** Where its rows are. */
  from: number
  to: number
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
 * is left of the parent's.
 *
 * @param sum packed sum of the rows of the tree
 */
export function growTree(training: Training, packing: Packing, sum: number): GrownTree {
  const { limits, tree } = training
  const columns = tree.columns.subarray(0, tree.counts[COLUMNS])
  const words = wordsOf(columns)
  const nodes: BinnedNode[] = []
  const leaves = [rootLeaf(tree.counts[IN_BAG], sum)]
  const maySplit = ({ sum }: Leaf) => hessianOf(sum) >= 2
  const search = (leaf: Leaf) => {
    if (!maySplit(leaf)) return
    for (const word of words) findSplits(training, packing, word, leaf)
    chooseColumn(training, columns, leaf)
  }
  if (limits.leaves > 1 && maySplit(leaves[0])) {
    countRows(training, words, leaves[0])
    search(leaves[0])
  }
  while (leaves.length < limits.leaves) {
    const leaf = leaves.reduce((best, other) => (other.gain > best.gain ? other : best))
    if (leaf.gain === 0) break
    const { left, right } = divide(training, leaf, nodes)
    leaves[leaves.indexOf(leaf)] = left
    leaves.push(right)
    if (leaves.length === limits.leaves) break
    const isLeftSmaller = hessianOf(left.sum) <= hessianOf(right.sum)
    const [smaller, larger] = isLeftSmaller ? [left, right] : [right, left]
    smaller.histogram = leaves.length - 1
    if (!maySplit(larger)) continue
    countRows(training, words, smaller)
    for (const { index } of words) {
      subtract(
        training.histograms[larger.histogram][index],
        training.histograms[smaller.histogram][index],
      )
    }
    search(smaller)
    search(larger)
  }
  leaves.forEach(({ parent, side }, index) => {
    if (parent !== undefined) parent[side] = -1 - index
  })
  return { nodes, leaves }
}

function rootLeaf(rows: number, sum: number): Leaf {
  return {
    from: 0,
    to: rows,
    sum,
    histogram: 0,
    parent: undefined,
    side: 'left',
    bestColumn: 0,
    gain: 0,
  }
}

/** Makes a node of a leaf, and parts its rows. */
function divide(
  { binned, splits, order, spare }: Training,
  leaf: Leaf,
  nodes: BinnedNode[],
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

function countRows(training: Training, words: Word[], leaf: Leaf): void {
  const { binned, packed, order, histograms } = training
  const { from, to } = leaf
  const counted = histograms[leaf.histogram]
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
