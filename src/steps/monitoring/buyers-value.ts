import { unlessMistaken } from '../../base/errors.ts'
import { reportingFrequency } from '../../demand/reporting-frequency.ts'
import type { Basis } from '../../ledger/events/event.ts'
import { subjectOf } from '../../ledger/events/subject.ts'
import type { DecidedCase } from '../../monitoring/value-added/decided-cases.ts'
import {
  demandToldBy,
  type PublishedBySubject,
} from '../../monitoring/value-added/expected-demand.ts'
import {
  type JudgedOrNot,
  judgedCases,
  judgedWithoutSales,
} from '../../monitoring/value-added/judged-cases.ts'
import {
  decidedLately,
  type ValueAdded,
  valueAdded,
} from '../../monitoring/value-added/value-added.ts'
import { lastSaleDay } from '../../sales/totals/daily-totals.ts'
import { publishedIn } from './published-blocks.ts'
import type { ProductionSeen } from './read-production.ts'

/** What the buyers add to the model in production and to those before it. */
export async function buyersValue(seen: ProductionSeen): Promise<ValueAdded> {
  const { events, reasons, policy, sales } = seen
  const through = lastSaleDay(sales.chain)
  if (through === undefined) throw new RangeError('a chain in production has sales')
  const decided = decidedLately(events, { through, reasons })
  return valueAdded({
    decided,
    judged: await judgedIn(seen, decided.cases),
    needed: policy.monitoring.decisions,
    confidence: policy.confidence,
  })
}

/** What became of each decision, in their order: those of one part of the sales after the other. */
async function judgedIn(
  seen: ProductionSeen,
  cases: readonly DecidedCase[],
): Promise<JudgedOrNot[]> {
  const { sales, panelOf, stores, events, ordering, version } = seen
  const ofParts = Map.groupBy(cases, ({ on }) => sales.partOf(on.subject))
  const unknown = ofParts.get(undefined) ?? []
  const published = await publishedFor(seen)
  const judged = await sales.each(
    ({ index, totals }) =>
      judgedCases(ofParts.get(index) ?? [], {
        totals,
        panel: panelOf(totals, { frequency: reportingFrequency(totals), censoring: true }),
        stores,
        ordering,
        frequency: version.model.recipe.frequency,
        published: (basis) => published.get(keyOf(basis)),
      }),
    new Set([...ofParts.keys()].filter((part) => part !== undefined)),
  )
  const outcomes = new Map(
    [...judged.flat(), ...judgedWithoutSales(unknown, events)].map((it) => [it.decided, it]),
  )
  return cases.map((one) => outcomes.get(one)!)
}

/** Of the publications on which orders rest that do not say what was expected: those series. */
async function publishedFor({
  events,
  publications,
  ledger,
}: ProductionSeen): Promise<Map<string, PublishedBySubject>> {
  const silent = events.filter(
    (event) => event.type === 'cd4ml.order.v1' && demandToldBy(event) === undefined,
  )
  const subjectsOf = Map.groupBy(silent, (event) =>
    event.type === 'cd4ml.order.v1' ? keyOf(event.data.basis) : '',
  )
  const found = new Map<string, PublishedBySubject>()
  for (const { record } of publications) {
    const key = record.basis && keyOf(record.basis)
    const asked = key === undefined ? undefined : subjectsOf.get(key)
    if (key === undefined || asked === undefined || found.has(key)) continue
    const subjects = new Set(asked.map(({ subject }) => subject))
    // What is damaged is told among what was left out where a block rests on it.
    const published = await unlessMistaken(() =>
      publishedIn(ledger, record.files.json, record.series),
    )
    if (!published) continue
    const { series, ...heading } = published
    const kept = series.filter((one) => subjects.has(subjectOf(one)))
    found.set(key, { ...heading, series: new Map(kept.map((one) => [subjectOf(one), one])) })
  }
  return found
}

function keyOf({ model, data, salesThrough }: Basis): string {
  return `${model} ${data} ${salesThrough}`
}
