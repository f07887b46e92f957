import { unlessMistaken } from '../../base/errors.ts'
import { reportingFrequency } from '../../demand/reporting-frequency.ts'
import type { Basis } from '../../ledger/events/event.ts'
import { subjectOf } from '../../ledger/events/subject.ts'
import {
  demandToldBy,
  type PublishedBySubject,
} from '../../monitoring/value-added/expected-demand.ts'
import { type ValueAdded, valueAdded } from '../../monitoring/value-added/value-added.ts'
import { type ProductionSeen, publishedIn } from './read-production.ts'

/** What the buyers add to the model in production and to those before it. */
export async function buyersValue(seen: ProductionSeen): Promise<ValueAdded> {
  const { totals, history, events, ordering, reasons, version, policy } = seen
  const published = await publishedFor(seen)
  return valueAdded({
    events,
    totals,
    panel: history.panel({ frequency: reportingFrequency(totals), censoring: true }),
    ordering,
    reasons,
    frequency: version.model.recipe.frequency,
    published: (basis) => published.get(keyOf(basis)),
    needed: policy.monitoring.decisions,
    confidence: policy.confidence,
  })
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
