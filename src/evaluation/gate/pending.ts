import { unlessMistaken } from '../../base/errors.ts'
import type { Evaluation, PendingStanding } from './evaluation.ts'

/**
 * How a challenger stands against a model that waits, where `judge` compares them as it would with one
 * in production. Undefined where that cannot forecast these sales: what somebody left waiting is no
 * reason to judge nothing.
 */
export async function standingBy(
  judge: () => Promise<Evaluation>,
): Promise<PendingStanding | undefined> {
  const evaluation = await unlessMistaken(judge)
  return evaluation && standingIn(evaluation)
}

/** How the challenger of an evaluation stands, in short. */
function standingIn({ decision, decidedBy, differences }: Evaluation): PendingStanding {
  const difference = differences[decidedBy]
  return { verdict: decision.verdict, decidedBy, ...(difference && { difference }) }
}
