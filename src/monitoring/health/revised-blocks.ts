import { type Static, Type } from 'typebox'
import { isoDay, number, object } from '../../base/schema-parts.ts'
import { moment } from '../../ledger/run-record.ts'
import { isOfThisForm } from '../origins/sold-digest.ts'
import type { Block } from './block.ts'
import type { HealthRecord } from './health-record.ts'

/** A block of which the sales of today say something else than those on which it was first reported. */
export const RevisedBlock = object({
  from: isoDay,
  to: isoDay,
  /** Moment of the first report. */
  reported: moment,
  /** Loss of the model then and now, where it could be told. Now counts. */
  before: Type.Optional(number),
  now: Type.Optional(number),
})
export type RevisedBlock = Static<typeof RevisedBlock>

/**
 * The blocks whose sales are others than an earlier record of the same version rested on: files came
 * late, or were corrected. Compared is with the first record of the block that tells its sales as this
 * code does. Where the sales are the same and only the estimate of what stock-outs have hidden has
 * changed, since more is known around it, that is no revision.
 *
 * @param earlier - the oldest first
 */
export function revisedBlocks(
  { production, blocks }: Pick<HealthRecord, 'production' | 'blocks'>,
  earlier: readonly HealthRecord[],
): RevisedBlock[] {
  const first = firstReports(
    earlier.filter((record) => record.production.version === production.version),
  )
  return blocks.flatMap((block) => {
    const then = first.get(spanOf(block))
    if (!then || block.sold === undefined || then.block.sold === block.sold) return []
    const [before, now] = [lossOf(then.block), lossOf(block)]
    return [
      {
        from: block.from,
        to: block.to,
        reported: then.at,
        ...(before !== undefined && { before }),
        ...(now !== undefined && { now }),
      },
    ]
  })
}

function firstReports(records: readonly HealthRecord[]) {
  const found = new Map<string, { at: string; block: Block }>()
  for (const { at, blocks } of records) {
    for (const block of blocks) {
      const span = spanOf(block)
      if (block.sold === undefined || !isOfThisForm(block.sold) || found.has(span)) continue
      found.set(span, { at, block })
    }
  }
  return found
}

function spanOf({ from, to }: Block): string {
  return `${from} ${to}`
}

function lossOf(block: Block): number | undefined {
  return block.outcome === 'cannot tell' ? undefined : block.loss.model
}
