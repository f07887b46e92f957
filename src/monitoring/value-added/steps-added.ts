import { type Static, Type } from 'typebox'
import { count, object, union } from '../../base/schema-parts.ts'
import { Interval } from '../../evaluation/gate/interval.ts'
import { meanOfCases, type Telling } from './compared-decisions.ts'
import type { AddedMeasure, Losses } from './losses.ts'

/** The same loss of all three on the same decisions, each with its interval. */
export const StepsAdded = union('outcome', [
  object({
    outcome: Type.Literal('told'),
    decisions: count,
    naive: Interval,
    model: Interval,
    buyer: Interval,
    /** How much less the model loses than seasonal naive, and the buyer than the model. */
    modelAdds: Interval,
    buyerAdds: Interval,
  }),
  object({
    outcome: Type.Literal('cannot tell'),
    decisions: count,
    reason: Type.Enum([
      'too few decisions',
      'no prices or costs',
      'no forecast to compare with',
      'all of the same days',
    ]),
  }),
])
export type StepsAdded = Static<typeof StepsAdded>

/** From seasonal naive over the model to the buyer, on the decisions that all three can be judged on. */
export function stepsAdded(
  all: readonly Losses[],
  measure: AddedMeasure,
  { needed, confidence }: Telling,
): StepsAdded {
  const whole = all.flatMap(({ case: { decided }, [measure]: loss }) =>
    loss?.naive !== undefined && loss.buyer !== undefined
      ? [{ decided, base: loss.base, naive: loss.naive, model: loss.model, buyer: loss.buyer }]
      : [],
  )
  const decisions = whole.length
  const cannotTell = (reason: Extract<StepsAdded, { outcome: 'cannot tell' }>['reason']) => ({
    outcome: 'cannot tell' as const,
    decisions,
    reason,
  })
  if (decisions === 0) {
    const isKnown = all.some((it) => it[measure] !== undefined)
    return cannotTell(isKnown ? 'no forecast to compare with' : EMPTY[measure])
  }
  if (decisions < needed) return cannotTell('too few decisions')
  const mean = meanOfCases(whole, confidence)
  const [naive, model, buyer] = [
    mean((it) => it.naive),
    mean((it) => it.model),
    mean((it) => it.buyer),
  ]
  const modelAdds = mean((it) => it.naive - it.model)
  const buyerAdds = mean((it) => it.model - it.buyer)
  if (!naive || !model || !buyer || !modelAdds || !buyerAdds) {
    return cannotTell('all of the same days')
  }
  return { outcome: 'told', decisions, naive, model, buyer, modelAdds, buyerAdds }
}

const EMPTY: Record<AddedMeasure, Extract<StepsAdded, { outcome: 'cannot tell' }>['reason']> = {
  wape: 'no forecast to compare with',
  quantileLoss: 'no forecast to compare with',
  money: 'no prices or costs',
}
