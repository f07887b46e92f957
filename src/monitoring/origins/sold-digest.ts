import { createHash } from 'node:crypto'
import type { Day } from '../../base/day.ts'
import { type DailyTotals, seriesId } from '../../sales/totals/daily-totals.ts'
import { knownOn } from '../../sales/totals/known-totals.ts'

/**
 * One digest for each span of days, of what was sold in it of every series on every day: the same
 * sales give the same, whatever else is in the totals. Spans do not overlap.
 */
export function soldDigests(
  totals: DailyTotals,
  spans: readonly { from: Day; to: Day }[],
): string[] {
  return joinedDigests([soldIn(totals, spans)])
}

/** By span: SHA-256 of what each series sold, added bit by bit, so that their order says nothing. */
type SoldIn = readonly Buffer[]

/** What a part of the sales sold in each span of days. Spans do not overlap. */
export function soldIn(totals: DailyTotals, spans: readonly { from: Day; to: Day }[]): SoldIn {
  const { series, from, to } = knownOn(totals)
  const spanOf = new Map<Day, number>()
  spans.forEach((span, at) => {
    for (let day = span.from; day <= span.to; day++) spanOf.set(day, at)
  })
  const sums = spans.map(() => Buffer.alloc(BYTES))
  for (const [index, key] of series.entries()) {
    const sold = new Map<number, number[]>()
    for (let entry = from[index]; entry < to[index]; entry++) {
      const span = totals.sold[entry] === 0 ? undefined : spanOf.get(totals.day[entry])
      if (span === undefined) continue
      const numbers = sold.get(span)
      if (numbers) numbers.push(totals.day[entry], totals.sold[entry])
      else sold.set(span, [totals.day[entry], totals.sold[entry]])
    }
    for (const [span, numbers] of sold) {
      const hash = createHash('sha256').update(seriesId(key)).update('\0')
      addTo(sums[span], hash.update(new Uint8Array(Float64Array.from(numbers).buffer)).digest())
    }
  }
  return sums
}

/** Of what the parts of a chain sold, with the name of their form before them. */
export function joinedDigests(parts: readonly SoldIn[]): string[] {
  const [first, ...others] = parts
  const sums = first.map((sum) => Buffer.from(sum))
  for (const part of others) {
    for (const [span, sum] of part.entries()) addTo(sums[span], sum)
  }
  return sums.map((sum) => `${FORM}${sum.toString('hex')}`)
}

const FORM = 'series:'

/** Whether a digest is of this form: older records have another, with which it cannot be compared. */
export function isOfThisForm(digest: string): boolean {
  return digest.startsWith(FORM)
}

/** A digest of this form, or of the older one. */
export const SOLD_DIGEST = `^(${FORM})?[0-9a-f]{64}$`

const BYTES = 32

function addTo(sum: Buffer, other: Buffer): void {
  for (let at = 0; at < BYTES; at++) sum[at] ^= other[at]
}
