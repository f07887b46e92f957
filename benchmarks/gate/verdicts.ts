import type { Policy } from '../../src/evaluation/gate/policy.ts'
import { alignedColumns } from '../../src/reporting/aligned-columns.ts'
import { FAMILY, RELATIVE, share } from './challengers.ts'
import type { Outcome } from './histories.ts'
import { judgedHistories } from './in-threads.ts'
import { errorScaleFor } from './world.ts'

/**
 * How often the interval covers the true difference, how often the champion with other noise is
 * called better, and how often a challenger whose true loss is 5% lower is.
 */
export async function verdicts(policy: Policy): Promise<void> {
  const improved = errorScaleFor(0.95)
  const rows: string[][] = []
  for (const [name, common] of [RELATIVE, FAMILY]) {
    for (const { origins, step } of ORIGINS) {
      const setting = { origins, step, common, tries: [1], policy }
      const judge = async (errorScale: number) =>
        (await judgedHistories({ ...setting, errorScale }, HISTORIES)).flat()
      const equal = await judge(1)
      const better = await judge(improved)
      rows.push([
        name,
        step < 4 ? `${origins}, ${step} period apart` : `${origins}`,
        share(equal, covers(0)),
        share(equal, isBetter),
        share(better, covers(-0.05)),
        share(better, isBetter),
        standardError(better),
      ])
    }
  }
  console.log(`${HISTORIES} histories a line:`)
  console.log(
    alignedColumns({
      headers: [
        'Challenger',
        'Origins',
        'Equal: covered',
        'called better',
        '5% better: covered',
        'called better',
        'standard error',
      ],
      rows,
    }),
  )
}

const HISTORIES = 400

const ORIGINS = [
  { origins: 4, step: 4 },
  { origins: 6, step: 4 },
  { origins: 6, step: 1 },
  { origins: 12, step: 4 },
  { origins: 24, step: 4 },
]

function isBetter({ verdict }: Outcome): boolean {
  return verdict === 'better'
}

function covers(truth: number): (outcome: Outcome) => boolean {
  return ({ difference: { low, high } }) => low <= truth && truth <= high
}

/** Of the estimate, over all histories. */
function standardError(outcomes: Outcome[]): string {
  const estimates = outcomes.map(({ difference }) => difference.estimate)
  const mean = estimates.reduce((sum, value) => sum + value, 0) / estimates.length
  const squares = estimates.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return `${(100 * Math.sqrt(squares / (estimates.length - 1))).toFixed(1)}%`
}
