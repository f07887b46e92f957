import { type Static, Type } from 'typebox'
import { count, isoDay, number, object, objectId, sha256 } from '../../base/schema-parts.ts'
import { Interval } from './interval.ts'

/**
 * How a model did that was tried beside production, as the newest health record said when a challenger
 * was compared. It is told to the reviewer, and decides nothing.
 */
export const TriedShadow = object({
  /** Commit of the ledger, and the path of the health record in it: what anybody can look up again. */
  ledger: objectId,
  record: Type.String({ pattern: '^health/[0-9TZa-f-]{1,60}\\.json$' }),
  /** Its name, and the SHA-256 of its `model.json`. */
  name: Type.String({ minLength: 1, maxLength: 2000 }),
  digest: sha256,
  /** Whether the challenger is of the recipe that was tried. */
  recipe: Type.Enum(['the same', 'another']),
  /** ISO day: the first one of the first block that both forecast. */
  from: isoDay,
  blocks: count,
  /** E, and from where on it speaks for the shadow. */
  e: number,
  threshold: number,
  /** Shadow minus production, as `Evaluation.differences`: with 95% over all blocks at once. */
  difference: Interval,
})
export type TriedShadow = Static<typeof TriedShadow>
