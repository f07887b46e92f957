import { createHash } from 'node:crypto'
import type { Day } from '../../base/day.ts'
import { type DailyTotals, seriesId } from '../../sales/totals/daily-totals.ts'

/**
 * One digest for each span of days, of what was sold in it of every series on every day: the same
 * sales give the same, whatever else is in the totals. Spans do not overlap.
 */
export function soldDigests(
  totals: DailyTotals,
  spans: readonly { from: Day; to: Day }[],
): string[] {
  const ids = totals.series.map((key) => digestNumber(seriesId(key)))
  const spanOf = new Map<Day, number>()
  spans.forEach(({ from, to }, span) => {
    for (let day = from; day <= to; day++) spanOf.set(day, span)
  })
  const sold: number[][] = spans.map(() => [])
  for (let entry = 0; entry < totals.day.length; entry++) {
    if (totals.sold[entry] === 0) continue
    const span = spanOf.get(totals.day[entry])
    if (span === undefined) continue
    sold[span].push(ids[totals.seriesIndex[entry]], totals.day[entry], totals.sold[entry])
  }
  return sold.map((numbers) =>
    createHash('sha256')
      .update(new Uint8Array(Float64Array.from(numbers).buffer))
      .digest('hex'),
  )
}

/** A number that stands for the text: an index would change with every series that comes. */
function digestNumber(text: string): number {
  return createHash('sha256').update(text).digest().readUIntBE(0, 6)
}
