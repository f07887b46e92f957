import { type Day, dayFromIso, isoFromDay } from '../../base/day.ts'
import { advisedUnits } from '../../ledger/events/advised.ts'
import type { EventOf, RecordedEvent } from '../../ledger/events/event.ts'
import { daysOf, isAnswer, type LedgerEntry } from '../../ledger/events/ledger-entries.ts'

/** A decision that counts, with what it is on: how many were advised or forecast, how many decided. */
export type DecidedCase = {
  on: LedgerEntry['of']
  /** The days, inclusive, that were forecast, or that the order has to last. */
  from: Day
  to: Day
  advised: number
  decided: number
  /** Of an override, as the chain names it; absent where it was followed, or says none. */
  reason?: string
  /** Whether anything else than advised was decided. */
  isOverride: boolean
  /** Whether it says something of the demand: an order can differ for a truck or a shelf. */
  isAboutDemand: boolean
  /** Whether the series had not sold yet, so that the forecast rested on its category. */
  isNew: boolean
}

export type DecidedCases = {
  cases: DecidedCase[]
  /** Of all decisions that count, whatever became of them. */
  adoption: { followed: number; changed: number; none: number }
  /** Decisions that cannot be looked at, by why. */
  noEvent: number
  noAdvice: number
  implausible: number
  afterTheFact: number
}

/**
 * Of the decisions in some events those that count: on each event the newest, which is no longer
 * corrected; of two of one moment the one that was recorded later. Those on days that begin before
 * `since` are left out. `none` is no decision.
 *
 * What cannot be looked at is counted: a decision on an event that is not there; one on an order that
 * advised nothing; a quantity that nobody can have meant (below zero, or more than `MOST_TIMES` of what
 * was advised, expected and packed); and an expectation that was written down after the first of its
 * days, and after the day on which the model was asked: it has seen what the model had to foresee. An
 * order that a file reports weeks late was still placed in its time.
 *
 * @param aboutDemand - the reasons that say something of the demand
 */
export function decidedCases(
  events: readonly RecordedEvent[],
  { since, aboutDemand }: { since: Day; aboutDemand: ReadonlySet<string> },
): DecidedCases {
  const byId = new Map(events.map((event) => [event.id, event]))
  const found: DecidedCases = {
    cases: [],
    adoption: { followed: 0, changed: 0, none: 0 },
    noEvent: 0,
    noAdvice: 0,
    implausible: 0,
    afterTheFact: 0,
  }
  for (const decision of currentDecisions(events)) {
    const on = byId.get(decision.data.of.id)
    if (on === undefined || !isAnswer(on) || on.subject !== decision.subject) {
      found.noEvent++
      continue
    }
    const days = dayNumbers(daysOf(on))
    if (days && days.from < since) continue
    found.adoption[decision.data.decision]++
    if (decision.data.decision === 'none') continue
    const advised = advisedUnits(on)
    if (!days || advised === undefined) {
      found.noAdvice++
      continue
    }
    const decided =
      decision.data.decision === 'followed' ? advised : (decision.data.quantity ?? Number.NaN)
    if (!(decided >= 0 && decided <= MOST_TIMES * sizeOf(on, advised))) found.implausible++
    else if (on.type === 'cd4ml.forecast.v1' && hasSeen(decision, on, days.from))
      found.afterTheFact++
    else
      found.cases.push({
        on,
        ...days,
        advised,
        decided,
        ...kindOf(on, decision, decided !== advised, aboutDemand),
      })
  }
  return found
}

/** More than so many times as much is a slip of the keyboard: it would drown all that was meant. */
const MOST_TIMES = 100

function currentDecisions(events: readonly RecordedEvent[]): EventOf<'cd4ml.decision.v1'>[] {
  const decisions = events.filter((event) => event.type === 'cd4ml.decision.v1')
  const corrected = new Set(
    decisions.flatMap(({ subject, supersedes }) => `${subject} ${supersedes}`),
  )
  const newest = new Map<string, EventOf<'cd4ml.decision.v1'>>()
  for (const decision of decisions) {
    if (corrected.has(`${decision.subject} ${decision.id}`)) continue
    const before = newest.get(decision.data.of.id)
    if (before === undefined || before.time <= decision.time) {
      newest.set(decision.data.of.id, decision)
    }
  }
  return [...newest.values()]
}

function dayNumbers(days: { from: string; to: string } | undefined) {
  const [from, to] = [days && dayFromIso(days.from), days && dayFromIso(days.to)]
  return from !== undefined && to !== undefined && from <= to ? { from, to } : undefined
}

/** What is usual for the quantity of a decision, at least a unit. */
function sizeOf(on: LedgerEntry['of'], advised: number): number {
  if (on.type === 'cd4ml.forecast.v1') return Math.max(1, advised)
  const { pack, onHand } = on.data.advice
  return Math.max(1, advised, ...[pack, onHand].filter((it) => typeof it === 'number'))
}

function hasSeen(decision: { time: string }, on: { time: string }, from: Day): boolean {
  const [decidedOn, askedOn] = [decision, on].map(({ time }) => time.slice(0, 10))
  return decidedOn > isoFromDay(from) && decidedOn > askedOn
}

function kindOf(
  on: LedgerEntry['of'],
  { data: { reason } }: EventOf<'cd4ml.decision.v1'>,
  isOverride: boolean,
  aboutDemand: ReadonlySet<string>,
): Pick<DecidedCase, 'reason' | 'isOverride' | 'isAboutDemand' | 'isNew'> {
  const isForecast = on.type === 'cd4ml.forecast.v1'
  const restsOn = isForecast ? on.data.restsOn : on.data.advice.restsOn
  return {
    ...(isOverride && reason !== undefined && { reason }),
    isOverride,
    isAboutDemand: !isOverride || isForecast || (reason !== undefined && aboutDemand.has(reason)),
    isNew: restsOn === 'category',
  }
}
