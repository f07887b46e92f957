import { percent } from '../../base/wording.ts'
import type { Policy } from '../gate/policy.ts'
import { level } from '../gate/wording.ts'

/**
 * What leaves the gate blind, one sentence each: few origins, origins that overlap, confidences and
 * improvements so small or so large that nothing or anything passes. All of it is allowed: who asks
 * for it should know. `origins` are those that are scored; `overlap` is how many consecutive ones
 * forecast the same period. Shares are those that `npm run benchmark gate` measures.
 */
export function blindSettings(
  { confidence, minimumImprovement }: Policy,
  { origins, overlap }: { origins: number; overlap: number },
): string[] {
  const sentences: string[] = []
  if (origins < FEW) {
    sentences.push(
      `With ${origins} origins the gate sees little: of challengers that are truly 5% better, ${FOUND} are called so with 4 origins, with 6 and with 12.`,
    )
  }
  if (overlap > 1) {
    sentences.push(
      `The step is below the horizon, so that ${overlap} origins in a row forecast the same period: ${origins} of them say hardly more than ${Math.ceil(origins / overlap)} that lie a horizon apart.`,
    )
  }
  if (confidence < LEAST_CONFIDENCE) {
    sentences.push(
      `A confidence of ${level(confidence)} lets chance through: up to ${percent((1 - confidence) / 2)} of challengers that are no better are called so at the first try, and up to ${percent(1 - confidence)} of campaigns end so.`,
    )
  }
  if (confidence > MOST_CONFIDENCE) {
    sentences.push(
      `A confidence of ${level(confidence)} asks for more than a few origins can show, and guardrails that compare with the champion hardly ever close at it.`,
    )
  }
  if (minimumImprovement > MOST_IMPROVEMENT) {
    sentences.push(
      `A minimum improvement of ${percent(minimumImprovement)} keeps out what is better by less, however certain it is: few challengers of a good model are better by 5%.`,
    )
  }
  return sentences
}

const FEW = 6
const LEAST_CONFIDENCE = 0.8
const MOST_CONFIDENCE = 0.99
const MOST_IMPROVEMENT = 0.1

/** Of variants of the champion's recipe. */
const FOUND = '55%, 82% and 97%'
