import type { Static } from 'typebox'
import { isoDay, number, object } from '../../base/schema-parts.ts'
import { moment } from '../../ledger/run-record.ts'
import type { HealthRecord } from '../health/health-record.ts'

/** A block of which the sales of today say something else than those on which it was first reported. */
export const RevisedBlock = object({
  from: isoDay,
  to: isoDay,
  /** Moment of the first report. */
  reported: moment,
  /** Loss of the model then and now. Now counts. */
  before: number,
  now: number,
})
export type RevisedBlock = Static<typeof RevisedBlock>

/**
 * The blocks whose loss is another one than an earlier record of the same version said: files came
 * late, or were corrected. Compared is with the first record that measured the block, by the same
 * metric and the same kind of forecasts.
 *
 * @param earlier - the oldest first
 */
export function revisedBlocks(
  { production, decidedBy, blocks }: Pick<HealthRecord, 'production' | 'decidedBy' | 'blocks'>,
  earlier: readonly HealthRecord[],
): RevisedBlock[] {
  const first = firstReports(
    earlier.filter(
      (record) =>
        record.production.version === production.version && record.decidedBy === decidedBy,
    ),
  )
  return blocks.flatMap((block) => {
    if (block.outcome === 'cannot tell') return []
    const then = first.get(keyOf(block))
    const [before, now] = [then?.loss, block.loss.model]
    if (!then || before === undefined || isAlike(before, now)) return []
    return [{ from: block.from, to: block.to, reported: then.at, before, now }]
  })
}

/** Sums in another order differ by less. */
function isAlike(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b))
}

function firstReports(records: readonly HealthRecord[]): Map<string, { at: string; loss: number }> {
  const found = new Map<string, { at: string; loss: number }>()
  for (const { at, blocks } of records) {
    for (const block of blocks) {
      if (block.outcome === 'cannot tell' || found.has(keyOf(block))) continue
      found.set(keyOf(block), { at, loss: block.loss.model })
    }
  }
  return found
}

function keyOf({ from, to, forecasts }: HealthRecord['blocks'][number]): string {
  return `${from} ${to} ${forecasts}`
}
