import { type Static, Type } from 'typebox'
import { count, number, object, union } from '../../base/schema-parts.ts'
import type { Evaluation } from '../../evaluation/gate/evaluation.ts'
import type { MonitoringLimits } from '../../evaluation/gate/policy.ts'
import { BacktestPromise, NoPromise, promiseFrom } from '../evidence/backtest-promise.ts'
import { blockStandings, Degradation, thresholds } from '../evidence/degradation.ts'
import type { BlockLength } from '../origins/block-length.ts'
import type { ProductionBlock } from '../origins/production-origin.ts'
import { type Block, measuredBlock } from './block.ts'

/** Whether the version in production keeps what its backtest promised. */
export const ModelStanding = union('outcome', [
  object({
    outcome: Type.Literal('judged'),
    level: Degradation,
    promise: BacktestPromise,
    /** R from which on it is watched, E from which on it is called degraded. */
    thresholds: object({ watch: number, degraded: number }),
    /** Blocks that counted since the promotion, and those of which nothing can be told. */
    counted: count,
    untold: count,
  }),
  object({
    outcome: Type.Literal('cannot tell'),
    reason: Type.Union([Type.Enum(['no block is over yet', 'no block could be told']), NoPromise]),
  }),
])
export type ModelStanding = Static<typeof ModelStanding>

export type StandingInput = {
  /** Number of the version in production, and the comparison on which it was promoted. */
  version: number
  evaluation: Evaluation
  limits: MonitoringLimits
  block: BlockLength
  /** Since the promotion, in the order of time. */
  blocks: readonly ProductionBlock[]
}

/**
 * Whether the version in production keeps what its backtest promised, and every block that says so,
 * by the metric that decided there.
 */
export function standingOf(input: StandingInput): { standing: ModelStanding; blocks: Block[] } {
  const { version, evaluation, limits, block } = input
  const { decidedBy: metric } = evaluation
  const how = { version, metric, least: limits.knownDemand }
  const told = input.blocks.map((it) => measuredBlock(it, how))
  const promised = promiseFrom(evaluation, block, limits)
  if (promised.outcome === 'cannot tell') return { standing: promised, blocks: told }
  const { promise } = promised
  const measured = told.filter((it) => it.outcome === 'measured')
  const stood = blockStandings(
    measured.map(({ logRatio }) => logRatio),
    promise,
    block.inYear,
    limits,
  )
  const last = stood.at(-1)
  if (!last) {
    const reason = told.length === 0 ? 'no block is over yet' : 'no block could be told'
    return { standing: { outcome: 'cannot tell', reason }, blocks: told }
  }
  const counted = new Map<Block, Block>(
    measured.map((it, index) => {
      const { level, evidence } = stood[index]
      return [it, { ...it, outcome: 'counted', e: evidence.e, r: evidence.r, level }]
    }),
  )
  return {
    standing: {
      outcome: 'judged',
      level: last.level,
      promise,
      thresholds: thresholds(block.inYear, limits),
      counted: measured.length,
      untold: told.length - measured.length,
    },
    blocks: told.map((it) => counted.get(it) ?? it),
  }
}
