import { unlessMistaken } from '../../base/errors.ts'
import { type Contest, evaluate } from './evaluate.ts'
import type { Evaluation, PendingStanding } from './evaluation.ts'

/**
 * Judges a challenger against a model that waits, as it would be against one in production. Undefined
 * where that cannot forecast these sales: what somebody left waiting is no reason to judge nothing.
 */
export async function standingAgainst(contest: Contest): Promise<PendingStanding | undefined> {
  const evaluation = await unlessMistaken(() => evaluate(contest))
  return evaluation && standingIn(evaluation)
}

/** How the challenger of an evaluation stands, in short. */
export function standingIn({ decision, decidedBy, differences }: Evaluation): PendingStanding {
  const difference = differences[decidedBy]
  return { verdict: decision.verdict, decidedBy, ...(difference && { difference }) }
}
