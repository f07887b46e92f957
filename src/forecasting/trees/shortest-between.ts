/**
 * A number x with a ≤ x < b that has few digits, for a < b: what separates the two on paper too.
 *
 * @example
 * shortestBetween(0.123, 0.178) // 0.15
 */
export function shortestBetween(a: number, b: number): number {
  const middle = a / 2 + b / 2
  for (let digits = 1; digits <= 16; digits++) {
    const rounded = Number(middle.toPrecision(digits))
    if (a <= rounded && rounded < b) return rounded
  }
  return a
}
