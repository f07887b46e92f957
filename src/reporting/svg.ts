/** Points of a drawing as the data of a path: a line from one to the next. */
export function pathOf(points: readonly (readonly [number, number])[]): string {
  return points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${round(x)} ${round(y)}`).join('')
}

/** To a tenth of the unit of a drawing, which nobody sees. */
export function round(value: number): number {
  return Math.round(value * 10) / 10
}

/** The least of 1, 1.2, 1.6, 2, … 10, 12, 16, … that is as large: its quarters can be read. */
export function niceTop(units: number): number {
  const power = 10 ** Math.floor(Math.log10(units))
  return (
    [1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8, 10]
      .map((part) => part * power)
      .find((nice) => nice >= units) ?? units
  )
}
