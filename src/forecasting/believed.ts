/**
 * The mean m of what a few origins say, drawn towards 0 by empirical Bayes (Efron & Morris 1975, "Data
 * Analysis Using Stein's Estimator"): it counts 1 − s² / m², at least 0, with s² its variance, told from
 * how the origins differ and, as they are few, from how much origins usually do.
 */
export function believed(ofOrigins: number[], usual: number): number {
  const count = ofOrigins.length
  const mean = ofOrigins.reduce((sum, value) => sum + value, 0) / count
  if (count === 0 || mean === 0) return 0
  const squares = ofOrigins.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  const variance = (squares + USUAL_ORIGINS * usual ** 2) / (count - 1 + USUAL_ORIGINS)
  return mean * Math.max(0, 1 - variance / count / mean ** 2)
}

/** How many origins what is usual is worth. */
const USUAL_ORIGINS = 2
