import { UserError } from '../../base/errors.ts'
import type { Columns } from './bins.ts'
import { lossFunction } from './losses.ts'
import type { Tree, Trees } from './trees.ts'

/**
 * Predictions in the units of the target, one for each row. `columns` are those that the trees were
 * trained on, in the same order; others are a `UserError`.
 */
export function predictTrees(trees: Trees, columns: Columns): Float64Array {
  return predictOutputs(trees, columns)[0]
}

/** What `predictTrees` says, and then each of the quantiles that the trees tell beside it. */
export function predictOutputs(trees: Trees, columns: Columns): [Float64Array, ...Float64Array[]] {
  const { features, quantiles = [] } = trees
  const isOther = (name: string, column: number) => name !== features[column]
  if (columns.names.length !== features.length || columns.names.some(isOther)) {
    throw new UserError('the boosted trees of the model know other features than are made now', {
      remedy: 'Train the model again: it was made by another version of cd4ml.',
    })
  }
  const scores = (initial: number) => new Float64Array(columns.rows).fill(initial)
  const mean = scores(trees.initial)
  const others = quantiles.map(({ initial }) => scores(initial))
  for (const tree of trees.trees) addTree(mean, others, tree, columns.columns)
  if (lossFunction(trees.loss).link === 'log') {
    for (let row = 0; row < mean.length; row++) mean[row] = Math.exp(Math.min(MOST_LOG, mean[row]))
  }
  return [mean, ...others]
}

/** Keeps what a damaged model says finite. */
const MOST_LOG = 100

function addTree(
  mean: Float64Array,
  others: Float64Array[],
  { feature, threshold, missingLeft, left, right, value, quantiles = [] }: Tree,
  columns: Float32Array[],
): void {
  const root = feature.length > 0 ? 0 : -1
  for (let row = 0; row < mean.length; row++) {
    let node = root
    while (node >= 0) {
      const x = columns[feature[node]][row]
      const goesLeft = x <= threshold[node] || (missingLeft[node] === 1 && Number.isNaN(x))
      node = goesLeft ? left[node] : right[node]
    }
    const leaf = -1 - node
    mean[row] += value[leaf]
    for (let k = 0; k < others.length; k++) others[k][row] += quantiles[k][leaf]
  }
}

/** By name of the feature, the share of the gain that its splits had, largest first. */
export function importance({ features, importance }: Trees): Record<string, number> {
  const shares = features.map((name, index) => [name, importance[index]] as const)
  return Object.fromEntries(shares.sort(([, a], [, b]) => b - a))
}
