import { dayFromIso, MILLISECONDS_A_DAY } from '../../base/day.ts'
import type { LeftOut } from '../../ledger/ledger.ts'
import { momentOf } from '../../ledger/plausible.ts'
import type { PromotionEntry, Shipped } from '../../registry/promotions.ts'
import type { KnownPublication } from './known-publication.ts'

/**
 * The publications that can have been as their records say, and why the others cannot. Whoever may
 * write to the ledger can write down any forecast; what was in production, git knows: which version
 * at that moment, by which model, trained through which day. Moments are ISO 8601 in UTC.
 *
 * @param promotions - what was in production, newest first, as far as this clone knows
 * @param refuted - why those are not believed that the model says it has not made, by their ids
 */
export function believedPublications(
  publications: readonly KnownPublication[],
  {
    promotions,
    refuted = new Map(),
  }: { promotions: readonly PromotionEntry[]; refuted?: ReadonlyMap<string, string> },
): { believed: KnownPublication[]; leftOut: LeftOut[] } {
  const shipped = promotions.filter((entry) => entry.found === 'version')
  const found: { believed: KnownPublication[]; leftOut: LeftOut[] } = { believed: [], leftOut: [] }
  for (const publication of publications) {
    const problem =
      contradiction(publication) ??
      neverShipped(publication, shipped) ??
      refuted.get(publication.id)
    if (problem === undefined) found.believed.push(publication)
    else found.leftOut.push({ file: `forecasts/${publication.id}/record.json`, problem })
  }
  return found
}

/** What its record says against itself. */
function contradiction({ id, record }: KnownPublication): string | undefined {
  const { at, version, salesThrough, basis } = record
  if (!id.startsWith(`${momentOf(at)}-`)) return `its name does not begin with the moment ${at}`
  // Where the day begins earlier than in UTC, it is a day ahead.
  if (dayOf(salesThrough) > Date.parse(at) / MILLISECONDS_A_DAY + 1) {
    return `salesThrough ${salesThrough} lies after its moment ${at}`
  }
  if (basis && basis.version !== version) {
    return `version ${version} is not the version ${basis.version} that it rests on`
  }
  if (basis && basis.salesThrough !== salesThrough) {
    return `salesThrough ${salesThrough} is not the ${basis.salesThrough} that it rests on`
  }
  return undefined
}

function neverShipped(
  { record: { at, version, from, basis } }: KnownPublication,
  shipped: readonly Shipped[],
): string | undefined {
  const named = shipped.filter(({ manifest }) => manifest.version === version)
  if (named.length === 0)
    return `version ${version} was never in production, as this clone knows it`
  const own = named.filter(
    ({ manifest }) => basis === undefined || manifest.files['model.json'] === basis.model,
  )
  if (own.length === 0) return `its model is not that of version ${version}`
  const moment = Date.parse(at)
  const then = own.find(
    ({ since, until }) =>
      moment >= Date.parse(since) - CLOCK_SKEW &&
      (until === undefined || moment <= Date.parse(until) + LONGEST_JOB),
  )
  if (!then) return `version ${version} was not in production at ${at}`
  const { trainedThrough } = then.manifest
  return from <= trainedThrough
    ? `from ${from} is no forecast: version ${version} has learnt through ${trainedThrough}`
    : undefined
}

function dayOf(iso: string): number {
  return dayFromIso(iso) ?? Number.POSITIVE_INFINITY
}
/** The clocks of two machines differ by less. */
const CLOCK_SKEW = 5 * 60 * 1000
/** GitHub ends a job after that: one that began before a promotion may still publish. */
const LONGEST_JOB = 6 * 60 * 60 * 1000
