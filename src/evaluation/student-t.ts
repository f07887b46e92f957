/**
 * The value that a Student t variable stays below with probability `probability` (0.5 to 1), for
 * any number of degrees of freedom from 1 up, whole or not.
 *
 * With t = √ν tan θ the density becomes cos^(ν−1) θ on (−π/2, π/2) (Student, 1908), which is summed
 * by midpoints until the share is reached. Good to four digits.
 */
export function studentQuantile(probability: number, degrees: number): number {
  const step = Math.PI / 2 / STEPS
  const density = Float64Array.from({ length: STEPS }, (_, k) =>
    Math.exp((degrees - 1) * Math.log(Math.cos((k + 0.5) * step))),
  )
  let missing = (2 * probability - 1) * density.reduce((sum, value) => sum + value, 0)
  let k = 0
  while (missing > density[k]) missing -= density[k++]
  return Math.sqrt(degrees) * Math.tan((k + missing / density[k]) * step)
}

const STEPS = 500
