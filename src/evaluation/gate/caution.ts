import { type Static, Type } from 'typebox'
import { count, number, object, union } from '../../base/schema-parts.ts'
import type { Policy } from './policy.ts'

/** What leaves the gate blind. All of it is allowed: who asks for it should know. */
export const Caution = union('caution', [
  object({ caution: Type.Literal('few origins'), origins: count }),
  /** `overlap`: how many consecutive origins forecast the same period. */
  object({ caution: Type.Literal('overlapping origins'), origins: count, overlap: count }),
  object({ caution: Type.Literal('low confidence'), confidence: number }),
  object({ caution: Type.Literal('high confidence'), confidence: number }),
  object({ caution: Type.Literal('large minimum improvement'), minimumImprovement: number }),
])
export type Caution = Static<typeof Caution>

/**
 * Few origins, origins that overlap, confidences and improvements so small or so large that nothing
 * or anything passes. `origins` are those that are scored; `overlap` is how many consecutive ones
 * forecast the same period.
 */
export function cautionsOf(
  { confidence, minimumImprovement }: Policy,
  { origins, overlap }: { origins: number; overlap: number },
): Caution[] {
  const cautions: Caution[] = []
  if (origins < FEW) cautions.push({ caution: 'few origins', origins })
  if (overlap > 1) cautions.push({ caution: 'overlapping origins', origins, overlap })
  if (confidence < LEAST_CONFIDENCE) cautions.push({ caution: 'low confidence', confidence })
  if (confidence > MOST_CONFIDENCE) cautions.push({ caution: 'high confidence', confidence })
  if (minimumImprovement > MOST_IMPROVEMENT) {
    cautions.push({ caution: 'large minimum improvement', minimumImprovement })
  }
  return cautions
}

const FEW = 6
const LEAST_CONFIDENCE = 0.8
const MOST_CONFIDENCE = 0.99
const MOST_IMPROVEMENT = 0.1
