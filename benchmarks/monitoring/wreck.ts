import { isoFromDay } from '../../src/base/day.ts'
import type { MonitoringLimits } from '../../src/evaluation/gate/policy.ts'
import {
  type BacktestPromise,
  promiseFrom,
} from '../../src/monitoring/evidence/backtest-promise.ts'
import { blockStandings } from '../../src/monitoring/evidence/degradation.ts'
import { alignedColumns } from '../../src/reporting/aligned-columns.ts'
import { type Chain, chainCells, chainHeaders, chains, simulate } from './chains.ts'
import { type Promised, percent, shareOf } from './figures.ts'

/** Two blocks in a row beyond what a bootstrap of the backtest lets expect once in 100 years. */
export function wreck(limits: MonitoringLimits): Promised[] {
  const figures = chains.map((chain) => ({ chain, ...inYears(chain, limits) }))
  console.log(
    `${BACKTESTS} backtests a line with ${YEARS} years each: false alarms, and what is found within ${WITHIN} blocks.`,
  )
  console.log(
    alignedColumns({
      headers: [...chainHeaders, 'False in a year', 'Found: +50%', '+100%', '+150%'],
      rows: figures.map(({ chain, alarms, found }) => [
        ...chainCells(chain),
        percent(alarms),
        ...found.map(percent),
      ]),
    }),
  )
  return figures
    .filter(({ chain }) => chain.lasting === 0)
    .map(({ chain: { blocksInYear, origins }, alarms }) => ({
      what: `a wreck is false in 1% of the years of ${blocksInYear} blocks, ${origins} origins`,
      holds: alarms <= 0.01 + 2 * ERROR,
    }))
}

const BACKTESTS = 1000
const YEARS = 10
const WITHIN = 4
/** Standard error of a share of 1% of so many years. */
const ERROR = Math.sqrt((0.01 * 0.99) / (BACKTESTS * YEARS))

function inYears(chain: Chain, limits: MonitoringLimits): { alarms: number; found: number[] } {
  const runs = Array.from({ length: BACKTESTS }, (_, run) => {
    const { backtest, next } = simulate(chain, run)
    const promise = promiseOf(backtest, chain, limits)
    const isWrecked = (blocks: number, worse: number) => {
      const seen = Array.from({ length: blocks }, () => next() + worse)
      return blockStandings(seen, promise, chain.blocksInYear, limits).at(-1)?.level === 'wreck'
    }
    return Array.from({ length: YEARS }, () => ({
      alarm: isWrecked(chain.blocksInYear, 0),
      found: [1.5, 2, 2.5].map((factor) => isWrecked(WITHIN, Math.log(factor))),
    }))
  }).flat()
  return {
    alarms: shareOf(runs, ({ alarm }) => alarm),
    found: [0, 1, 2].map((factor) => shareOf(runs, ({ found }) => found[factor])),
  }
}

/** Of an evaluation whose origins have these log-ratios. */
function promiseOf(
  logRatios: number[],
  { blocksInYear }: Chain,
  limits: MonitoringLimits,
): BacktestPromise {
  const losses = logRatios.map((logRatio, k) => ({
    day: isoFromDay(20_000 + 7 * k),
    kind: 'scored' as const,
    periods: [1],
    challenger: [Math.exp(logRatio)],
    baseline: [1],
  }))
  const block = { periods: 1, inYear: blocksInYear }
  const promised = promiseFrom({ losses, frequency: 'week' }, block, limits)
  if (promised.outcome === 'promised') return promised.promise
  throw new Error(promised.reason)
}
