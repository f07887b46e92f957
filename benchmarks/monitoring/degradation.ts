import type { MonitoringLimits } from '../../src/evaluation/gate/policy.ts'
import { blockStandings, thresholds } from '../../src/monitoring/evidence/degradation.ts'
import { expectationFrom } from '../../src/monitoring/evidence/expectation.ts'
import { alignedColumns } from '../../src/reporting/aligned-columns.ts'
import {
  breakIn,
  type Chain,
  chainCells,
  chainHeaders,
  chains,
  simulate,
  WEEKLY,
} from './chains.ts'
import { delay, median, type Promised, percent, shareOf } from './figures.ts'

/** The tests by R and by E, on the product's own code. */
export function degradation(limits: MonitoringLimits): Promised[] {
  const figures = chains.map((chain) => ({
    chain,
    alarms: falseAlarms(chain, limits),
    found: [1.25, 1.5].map((factor) => blocksToFind(chain, limits, Math.log(factor))),
  }))
  console.log(
    `${RUNS} years a line: alarms where the promise is kept, and the median of the blocks from a break on.`,
  )
  console.log(
    alignedColumns({
      headers: [...chainHeaders, 'False R', 'False E', 'R +25%', '+50%', 'E +25%', '+50%'],
      rows: figures.map(({ chain, alarms, found }) => [
        ...chainCells(chain),
        percent(alarms.watch),
        percent(alarms.degraded),
        ...found.map(({ watch }) => delay(watch)),
        ...found.map(({ degraded }) => delay(degraded)),
      ]),
    }),
  )
  const flattered = { ...WEEKLY, flattered: Math.log(1.05) }
  const { watch, degraded } = falseAlarms(flattered, limits)
  console.log(
    `Where 12 origins flatter by 5%, weekly: R ${percent(watch)}, E ${percent(degraded)} of the years.`,
  )
  return figures
    .filter(({ chain }) => chain.lasting === 0)
    .flatMap(({ chain, alarms }) => {
      const where = `of ${chain.blocksInYear} blocks, ${chain.origins} origins`
      return [
        { what: `E is false in 5% of the years ${where}`, holds: alarms.degraded <= 0.05 },
        { what: `R is false in 10% of the years ${where}`, holds: alarms.watch <= 0.1 },
      ]
    })
}

const RUNS = 3000

type ByRule = { watch: number; degraded: number }

/** The share of years with one. */
function falseAlarms(chain: Chain, limits: MonitoringLimits): ByRule {
  const years = Array.from({ length: RUNS }, (_, run) =>
    firstAlarms(chain, limits, run, chain.blocksInYear, 0),
  )
  return {
    watch: shareOf(years, ({ watch }) => Number.isFinite(watch)),
    degraded: shareOf(years, ({ degraded }) => Number.isFinite(degraded)),
  }
}

/** From the break on, of those that were not alarmed before: the median. */
function blocksToFind(chain: Chain, limits: MonitoringLimits, worse: number): ByRule {
  const start = breakIn(chain)
  const runs = Array.from({ length: RUNS }, (_, run) =>
    firstAlarms(chain, limits, run, start + 3 * chain.blocksInYear, worse),
  )
  const blocks = (rule: keyof ByRule) =>
    median(runs.flatMap((first) => (first[rule] >= start ? [first[rule] - start + 1] : [])))
  return { watch: blocks('watch'), degraded: blocks('degraded') }
}

/** The block, from 0, in which each threshold is first reached; infinite where it never is. */
function firstAlarms(
  chain: Chain,
  limits: MonitoringLimits,
  run: number,
  length: number,
  worse: number,
): ByRule {
  const { backtest, next } = simulate(chain, run)
  const expected = expectationFrom(backtest, limits.allowance)!
  const seen = Array.from({ length }, (_, k) => next() + (k >= breakIn(chain) ? worse : 0))
  const promise = { ...expected, wreck: Number.POSITIVE_INFINITY }
  const stood = blockStandings(seen, promise, chain.blocksInYear, limits)
  const { watch, degraded } = thresholds(chain.blocksInYear, limits)
  const first = (evidence: 'e' | 'r', threshold: number) => {
    const block = stood.findIndex((standing) => standing.evidence[evidence] >= threshold)
    return block < 0 ? Number.POSITIVE_INFINITY : block
  }
  return { watch: first('r', watch), degraded: first('e', degraded) }
}
