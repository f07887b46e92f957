import type { RecordedEvent } from '../events/event.ts'
import { CannotSupersede } from '../events/event-log.ts'

/** Events that can be superseded, by their ids. */
export type Supersedable = Map<string, { type: string; subject: string; superseded: boolean }>

/**
 * Why these events, which are added together, cannot supersede what they say they do; undefined
 * where they can. What they then change is entered in `there`.
 */
export function refusedSuperseding(
  events: readonly RecordedEvent[],
  there: Supersedable,
): CannotSupersede | undefined {
  for (const event of events) {
    const problem = problemOf(event, there)
    if (problem) return new CannotSupersede(event, problem)
  }
  for (const { id, type, subject, supersedes } of events) {
    there.set(id, { type, subject, superseded: false })
    const superseded = supersedes === undefined ? undefined : there.get(supersedes)
    if (superseded) superseded.superseded = true
  }
  return undefined
}

function problemOf(
  { supersedes, type, subject }: RecordedEvent,
  there: Supersedable,
): CannotSupersede['problem'] | undefined {
  if (supersedes === undefined) return undefined
  const it = there.get(supersedes)
  if (!it) return 'missing'
  if (it.type !== type || it.subject !== subject) return 'of another kind'
  return it.superseded ? 'superseded before' : undefined
}
