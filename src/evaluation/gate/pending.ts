import { UserError } from '../../base/errors.ts'
import { type Contest, evaluate } from './evaluate.ts'
import type { Decision, Interval, MetricName } from './evaluation.ts'

/**
 * How a challenger stands against another that waits to go into production. It depends on what
 * happens to be proposed, so that it is no part of the evaluation, which anybody can make again.
 */
export type Standing = {
  verdict: Decision['verdict']
  decidedBy: MetricName
  /** Challenger minus the other one, as `Evaluation.differences`; absent where it is not known. */
  difference?: Interval
}

/**
 * Judges a challenger against a model that waits, as it would be against one in production. Undefined
 * where that cannot forecast these sales: what somebody left waiting is no reason to judge nothing.
 */
export async function standingAgainst(contest: Contest): Promise<Standing | undefined> {
  try {
    const { decision, decidedBy, differences } = await evaluate(contest)
    const difference = differences[decidedBy]
    return { verdict: decision.verdict, decidedBy, ...(difference && { difference }) }
  } catch (error) {
    if (error instanceof UserError) return undefined
    throw error
  }
}
