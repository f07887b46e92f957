/**
 * Who is tried, and which share of the variance of its errors it has in common with the champion: a
 * variant of the champion's recipe, or another family of models.
 */
export const RELATIVE: [string, number] = ['a variant', 0.85]
export const FAMILY: [string, number] = ['another family', 0.5]

/** How many of them, with the standard error of drawing no more: `2.3% ± 0.6`. */
export function share<T>(all: T[], holds: (one: T) => boolean): string {
  const found = all.filter(holds).length / all.length
  const error = Math.sqrt((found * (1 - found)) / all.length)
  return `${(100 * found).toFixed(1)}% ± ${(100 * error).toFixed(1)}`
}
