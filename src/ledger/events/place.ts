import type { EventOf } from './event.ts'

/**
 * What only one event can say: of an event one decision is the first, of a day one report of what
 * sold or arrived, and of each of them one correction. As `Append.once` takes it, so that of two that
 * come at once, by whatever way, the later one is told of the earlier.
 */
export function placeOf(
  event: EventOf<'cd4ml.decision.v1' | 'cd4ml.actual.v1' | 'cd4ml.receipt.v1'>,
): string {
  if (event.supersedes !== undefined) return `correction of ${event.supersedes}`
  switch (event.type) {
    case 'cd4ml.decision.v1':
      return `decision on ${event.data.of.id}`
    case 'cd4ml.actual.v1':
      // What the sales say stands beside what another system reports.
      return `${event.data.source.from} ${event.data.from} ${event.data.to} ${event.subject}`
    case 'cd4ml.receipt.v1':
      return `receipt ${event.data.day} ${event.subject}`
  }
}
