/** One after another: equal values in equal order, equal bits. */
export function sum(values: ArrayLike<number>): number {
  let total = 0
  for (let index = 0; index < values.length; index++) total += values[index]
  return total
}

/** What is left of a sum of kilograms or of money without the noise of binary fractions. */
export function toThousandths(total: number): number {
  return Math.round(total * 1000) / 1000
}
