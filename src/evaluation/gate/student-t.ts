import { gammaln } from 'simple-statistics'

/**
 * The value that a Student t variable stays below with probability `probability` (above 0.5, below
 * 1), for any number of degrees of freedom from 1 up, whole or not.
 *
 * It lies above t with probability I(ν / (ν + t²); ν/2, 1/2) / 2, the regularised incomplete beta
 * function (Abramowitz & Stegun 1964, 26.7.1), of which the inverse is found by bisection. Good to
 * six digits, far out in the tail too.
 */
export function studentQuantile(probability: number, degrees: number): number {
  const above = 2 * (1 - probability)
  let [low, high] = [0, 1]
  for (let step = 0; step < STEPS; step++) {
    const middle = (low + high) / 2
    if (incompleteBeta(middle, degrees / 2) < above) low = middle
    else high = middle
  }
  const x = (low + high) / 2
  return Math.sqrt((degrees * (1 - x)) / x)
}

const STEPS = 60

/** I(x; a, 1/2) by its continued fraction (Abramowitz & Stegun 1964, 26.5.8), of x or of 1 − x. */
function incompleteBeta(x: number, a: number): number {
  const b = 0.5
  const factor = Math.exp(
    gammaln(a + b) - gammaln(a) - gammaln(b) + a * Math.log(x) + b * Math.log(1 - x),
  )
  return x < (a + 1) / (a + b + 2)
    ? (factor * continuedFraction(x, a, b)) / a
    : 1 - (factor * continuedFraction(1 - x, b, a)) / b
}

/** By the method of Lentz (1976): numerator and denominator of the convergents as ratios. */
function continuedFraction(x: number, a: number, b: number): number {
  let c = 1
  let d = 1 / (1 - ((a + b) * x) / (a + 1))
  let value = d
  for (let m = 1; m < MOST_TERMS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / (1 + even * d)
    c = 1 + even / c
    value *= c * d
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / (1 + odd * d)
    c = 1 + odd / c
    value *= c * d
    if (Math.abs(c * d - 1) < 1e-12) break
  }
  return value
}

const MOST_TERMS = 200
