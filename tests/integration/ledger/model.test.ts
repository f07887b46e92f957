import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RecordedEvent } from '../../../src/ledger/events/event.ts'
import type { Append, AppendOutcome } from '../../../src/ledger/events/event-log.ts'
import { CannotSupersede } from '../../../src/ledger/events/event-log.ts'
import { forecastEvent } from './recorded.ts'
import { openLog, stores } from './stores.ts'

/** What somebody may append: of few series, keys and events, so that they meet. */
const tried = fc.record({
  events: fc.array(
    fc.record({
      product: fc.nat(1),
      once: fc.option(fc.nat(3), { nil: undefined, freq: 1 }),
      /** Counted from the last event that was tried. */
      supersedes: fc.option(fc.nat(3), { nil: undefined, freq: 1 }),
    }),
    { maxLength: 3 },
  ),
  request: fc.option(fc.record({ owner: fc.nat(1), key: fc.nat(2), digest: fc.nat(1) }), {
    nil: undefined,
  }),
})
type Tried = typeof tried extends fc.Arbitrary<infer T> ? T : never

describe.each(await stores())('whatever is appended to $name', ({ newLedger }) => {
  it('becomes of it what a ledger on paper would say, and everything is handed on once', async () => {
    const log = await openLog(await newLedger())
    let cursor: string | undefined
    let run = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(tried, { maxLength: 12 }),
        fc.integer({ min: 1, max: 4 }),
        async (all, page) => {
          run++
          const paper = new Paper()
          const candidates: RecordedEvent[] = []
          for (const each of all) {
            const append = appendOf(each, candidates, run)
            candidates.push(...append.events)
            expect(await outcomeOf(log.append(append))).toEqual(paper.append(append))
          }
          const { events, superseded } = paper
          const subjects = [0, 1].map((product) => `${run} ${product}`)
          const query = { type: 'cd4ml.forecast.v1', subjects, limit: 100 } as const
          const found = await log.find({ ...query, superseded: true })
          expect(found.toSorted(byId)).toEqual(events.toSorted(byId))
          const current = events.filter(({ id }) => !superseded.has(id))
          expect((await log.find(query)).toSorted(byId)).toEqual(current.toSorted(byId))

          const handedOn: RecordedEvent[] = []
          for (;;) {
            const next = await log.after(cursor, page)
            cursor = next.cursor
            handedOn.push(...next.events)
            if (next.events.length < page) break
          }
          expect(handedOn.toSorted(byId)).toEqual(events.toSorted(byId))
        },
      ),
      { numRuns: 60 },
    )
  })
})

/** A ledger as one who reads what `EventLog` promises would keep it. */
class Paper {
  readonly events: RecordedEvent[] = []
  readonly superseded = new Set<string>()
  readonly #once = new Map<string, string>()
  readonly #answered = new Map<string, { digest: string; answer: string }>()

  append({ events, once, request }: Append): AppendOutcome | 'cannot supersede' {
    const earlier = request && this.#answered.get(`${request.owner} ${request.key}`)
    if (earlier && earlier.digest !== request.digest) return { outcome: 'other request' }
    if (earlier) return { outcome: 'repeated', answer: earlier.answer }
    const known = new Map<string, string>()
    const added: RecordedEvent[] = []
    const keys = new Map(this.#once)
    const superseded = new Set(this.superseded)
    for (const event of events) {
      const key = once?.get(event.id)
      const same = key === undefined ? undefined : keys.get(key)
      if (same !== undefined) {
        known.set(event.id, same)
        continue
      }
      if (key !== undefined) keys.set(key, event.id)
      if (event.supersedes !== undefined) {
        const corrected = this.events.find(({ id }) => id === event.supersedes)
        if (!corrected || corrected.subject !== event.subject || superseded.has(corrected.id)) {
          return 'cannot supersede'
        }
        superseded.add(corrected.id)
      }
      added.push(event)
    }
    for (const event of added) this.events.push(event)
    for (const id of superseded) this.superseded.add(id)
    for (const [key, id] of keys) this.#once.set(key, id)
    if (request) {
      const { owner, key, digest, answer } = request
      this.#answered.set(`${owner} ${key}`, { digest, answer: answer(known) })
    }
    return { outcome: 'appended', known }
  }
}

function appendOf({ events, request }: Tried, before: RecordedEvent[], run: number): Append {
  const made = events.map(({ product, supersedes, once }) => {
    const corrected = supersedes === undefined ? undefined : before.at(-1 - supersedes)
    const more = corrected && { supersedes: corrected.id }
    return { event: forecastEvent({ product: `${run} ${product}` }, more), once }
  })
  return {
    events: made.map(({ event }) => event),
    once: new Map(
      made.flatMap(({ event, once }) => (once === undefined ? [] : [[event.id, `${run} ${once}`]])),
    ),
    ...(request && {
      request: {
        owner: `${run} ${request.owner}`,
        key: String(request.key),
        digest: String(request.digest),
        answer: (known) => JSON.stringify([...known]),
      },
    }),
  }
}

async function outcomeOf(appending: Promise<AppendOutcome>) {
  return await appending.catch((error: unknown) => {
    if (error instanceof CannotSupersede) return 'cannot supersede'
    throw error
  })
}

function byId(a: RecordedEvent, b: RecordedEvent): number {
  return a.id < b.id ? -1 : 1
}
