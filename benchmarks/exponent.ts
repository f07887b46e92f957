import { linearRegression } from 'simple-statistics'

/**
 * The power of `sizes` that `costs` grow by: the slope of a line through their logarithms, by least
 * squares.
 */
export function exponent(sizes: number[], costs: number[]): number {
  const points = sizes.map((size, index) => [Math.log(size), Math.log(costs[index])])
  return linearRegression(points).m
}
