import { appendFile, writeFile } from 'node:fs/promises'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { isoFromDay } from '../../../src/base/day.ts'
import type { EventLog } from '../../../src/ledger/events/event-log.ts'
import { startExchange } from './exchange-fixture.ts'

/** What sold of a product on a day of this number is always the same. */
type File = { name: string; days: number[]; cutAt: number }

const file = fc.record({
  name: fc.constantFrom('a.csv', 'b.csv', 'c.csv'),
  days: fc.uniqueArray(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 6 }),
  // After so many characters somebody pauses in writing it.
  cutAt: fc.integer({ min: 0, max: 80 }),
})
const step = fc.oneof(
  { weight: 3, arbitrary: file.map((it) => ({ do: 'put' as const, file: it })) },
  { weight: 5, arbitrary: fc.constant({ do: 'look' as const }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('kill' as const),
      calls: fc.integer({ min: 0, max: 8 }),
      isWritten: fc.boolean(),
    }),
  },
)

it('records each line once and answers each, however putting, looking, killing and starting again take turns', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 25 }), async (steps) => {
      const dying = dyingLog()
      const exchange = await startExchange({ wrap: dying.wrap })
      const put = new Set<number>()
      const last = new Map<string, File>()
      for (const it of steps) {
        if (it.do === 'look') await exchange.tick()
        else if (it.do === 'kill') {
          dying.dieAfter(it.calls, it.isWritten)
          await exchange.settle().catch(expectKilled)
          dying.live()
          await exchange.restart()
        } else if (!(await exchange.names('in')).includes(it.file.name)) {
          const text = textOf(it.file)
          const path = exchange.path(`in/${it.file.name}`)
          await writeFile(path, text.slice(0, it.file.cutAt))
          await exchange.tick()
          await appendFile(path, text.slice(it.file.cutAt))
          for (const day of it.file.days) put.add(day)
          last.set(it.file.name, it.file)
        }
      }
      await exchange.settle()
      const query = { type: 'cd4ml.actual.v1', limit: 1000, superseded: true } as const
      const sold = (await exchange.log.find(query)).map(({ data }) => [data.from, data.units])
      expect(sold.sort()).toEqual([...put].map((day) => [isoDay(day), unitsOf(day)]).sort())
      expect(await exchange.names('in')).toEqual([])
      for (const [name, { days }] of last) {
        const lines = await exchange.answer(name)
        expect(lines.map(({ line }) => line)).toEqual(days.map((_, i) => String(i + 2)))
        expect(new Set(['taken', 'known', ...lines.map(({ outcome }) => outcome)]).size).toBe(2)
      }
    }),
    { numRuns: 25 },
  )
}, 60_000)

function textOf({ days }: File): string {
  const rows = days.map((day) => `0042,${isoDay(day)},${unitsOf(day)}\n`)
  return `product,day,sold\n${rows.join('')}`
}

function isoDay(day: number): string {
  return isoFromDay(20_000 + day)
}

function unitsOf(day: number): number {
  return 3 * day + 1
}

class Killed extends Error {}

function expectKilled(error: unknown): void {
  if (!(error instanceof Killed)) throw error
}

/** A ledger whose process dies at a call: before it has written, or before it has said so. */
function dyingLog() {
  let left = Number.POSITIVE_INFINITY
  let isWritten = false
  const wrap = (log: EventLog): EventLog => ({
    ...log,
    byId: (ids) => dying(() => log.byId(ids)),
    find: (query) => dying(() => log.find(query)),
    append: (append) => dying(() => log.append(append)),
  })
  const dying = async <T>(call: () => Promise<T>): Promise<T> => {
    if (left > 0) {
      left--
      return call()
    }
    if (isWritten) await call()
    throw new Killed()
  }
  return {
    wrap,
    dieAfter(calls: number, isCallWritten: boolean) {
      left = calls
      isWritten = isCallWritten
    },
    live() {
      left = Number.POSITIVE_INFINITY
    },
  }
}
