/** The numbers to 10 significant digits: what a fitted parameter is stored with. */
export function significant(values: ArrayLike<number>): number[] {
  return Array.from(values, (value) => Number(value.toPrecision(10)))
}
