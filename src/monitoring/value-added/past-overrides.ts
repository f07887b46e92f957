import { type Day, isoFromDay } from '../../base/day.ts'
import type { EventOf, RecordedEvent } from '../../ledger/events/event.ts'
import type { ReadableLog } from '../../ledger/events/event-index.ts'
import { soldOn } from '../../ledger/events/ledger-entries.ts'
import { type DecidedCase, decidedCases } from './decided-cases.ts'
import { demandToldBy } from './expected-demand.ts'

/** What became of the last overrides of a product in one direction, whoever decided, in all stores. */
export type PastOverrides = {
  direction: 'raised' | 'cut'
  /** Those whose days are over, at most `MOST`, and how many of these went too far. */
  judged: number
  tooFar: number
  /** As recent ones, of which nobody knows how they went: stock ran out. */
  censored: number
}

/**
 * The last raises and cuts of a product, where there are enough of them to be told. One went too far
 * where what then sold was closer to what the model had forecast than to what the override expected.
 * Those about something else than the demand are left out. Where stock ran out, what sold is the least
 * that was asked for: a raise that sold enough was right, whatever was missed besides, and a cut that
 * sold too much was too low, but none is taken for right.
 *
 * Asks the ledger by its indices: for the decisions on some series, for what they are on and for what
 * sold; for the first alone where there are few.
 *
 * @param aboutDemand - the reasons that say something of the demand
 */
export async function pastOverrides(
  log: Pick<ReadableLog, 'byId' | 'find'>,
  {
    subjects,
    today,
    aboutDemand,
  }: { subjects: readonly string[]; today: Day; aboutDemand: ReadonlySet<string> },
): Promise<PastOverrides[]> {
  const since = today - DAYS
  const recorded = { since: `${isoFromDay(since)}T00:00:00.000Z` }
  const decisions = await log.find({
    type: 'cd4ml.decision.v1',
    subjects,
    ...recorded,
    limit: MOST_READ,
  })
  const changed = decisions.filter(({ data }) => data.decision === 'changed')
  if (changed.length < FEWEST) return []
  const on = await log.byId([...new Set(changed.map(({ data }) => data.of.id))])
  const decided = [...new Set(changed.map(({ subject }) => subject))]
  const actuals = await log.find({
    type: 'cd4ml.actual.v1',
    subjects: decided,
    ...recorded,
    limit: MOST_READ,
  })
  // With what was followed or put off: the newest of an order counts, also where it takes nothing back.
  const events: RecordedEvent[] = [...on.values(), ...decisions.toReversed()]
  const { cases } = decidedCases(events, { since, aboutDemand })
  const bySubject = Map.groupBy(actuals, ({ subject }) => subject)
  const newestFirst = cases
    .filter((one) => one.isOverride && one.isAboutDemand)
    .sort((a, b) => b.from - a.from)
    .map((one) => ({ raised: one.decided > one.advised, ...becameOf(one, bySubject) }))
  return [true, false].flatMap((raised) => {
    const own = newestFirst.filter((one) => one.raised === raised && one.outcome !== 'unknown')
    const last = own.slice(0, MOST)
    const judged = last.filter(({ outcome }) => outcome !== 'censored').length
    const tooFar = last.filter(({ outcome }) => outcome === 'too far').length
    if (judged < FEWEST) return []
    const direction = raised ? ('raised' as const) : ('cut' as const)
    return [{ direction, judged, tooFar, censored: last.length - judged }]
  })
}

/** A year. */
const DAYS = 364
/** Of fewer nothing is said: it would be chance. Of more, the recent ones. */
const FEWEST = 8
const MOST = 20
/** Of a product, in all of its stores. */
const MOST_READ = 500

type Outcome = 'too far' | 'not too far' | 'censored' | 'unknown'

function becameOf(
  { on, advised, decided, from, to }: DecidedCase,
  actuals: ReadonlyMap<string, EventOf<'cd4ml.actual.v1'>[]>,
): { outcome: Outcome } {
  const days = { from: isoFromDay(from), to: isoFromDay(to) }
  const sold = soldOn(days, actuals.get(on.subject) ?? [])
  const forecast = demandToldBy(on)?.mean
  if (!sold || sold.knownDays < sold.days || forecast === undefined) return { outcome: 'unknown' }
  const expected = Math.max(0, forecast + decided - advised)
  const isFurther = Math.abs(sold.units - expected) > Math.abs(sold.units - forecast)
  // However many more were asked for, they are closer to the larger of the two.
  const isCertain = sold.censoredDays === 0 || isFurther === expected < forecast
  if (!isCertain) return { outcome: 'censored' }
  return { outcome: isFurther ? 'too far' : 'not too far' }
}
