import { describe, expect, it } from 'vitest'
import { openDatabase } from '../../../src/ledger/sql/database.ts'
import { sqlEventLog } from '../../../src/ledger/sql/sql-event-log.ts'
import { decisionEvent, forecastEvent } from './recorded.ts'
import { openLog, stores } from './stores.ts'

describe.each(await stores())('the event log in $name', ({ newLedger }) => {
  const newLog = async () => await openLog(await newLedger())

  it('gives an event back as it was appended, whatever characters people and models use', async () => {
    const log = await newLog()
    const product = 'Açúcar\u0001"\\\' 👩‍👩‍👧 \u202eright\u2028'
    const forecast = forecastEvent({ product, store: '--; drop table events' })
    forecast.data.inputs = { promotion: 'a\0b\ud800', __proto__x: [1e300, -0.1, null] }
    const decision = decisionEvent(forecast)
    await log.append({
      events: [forecast, decision],
      notes: new Map([[decision.id, { person: 'buyer-1', text: 'feira\0\udfff\r\n' }]]),
    })
    expect(await log.byId([forecast.id, decision.id, 'no such', '\0'])).toEqual(
      new Map<string, unknown>([
        [forecast.id, forecast],
        [decision.id, decision],
      ]),
    )
    expect(await log.notes([decision.id, forecast.id])).toEqual(
      new Map([[decision.id, 'feira\0\udfff\r\n']]),
    )
    const { subject } = forecast
    const found = await log.find({ type: 'cd4ml.forecast.v1', subjects: [subject, '\0'], limit: 5 })
    expect(found).toEqual([forecast])
  })

  it('adds all events of an append or none', async () => {
    const log = await newLog()
    const [first, second] = [forecastEvent(), forecastEvent()]
    await log.append({ events: [first] })
    await expect(log.append({ events: [second, first] })).rejects.toThrow(/unique/i)
    expect(await log.find({ type: 'cd4ml.forecast.v1', limit: 5 })).toEqual([first])
  })

  it('adds what comes at the same time as an append that cannot be added', async () => {
    const log = await newLog()
    const good = Array.from({ length: 20 }, () => forecastEvent())
    const twice = forecastEvent()
    const outcomes = await Promise.allSettled([
      ...good.slice(0, 10).map((event) => log.append({ events: [event] })),
      log.append({ events: [twice, twice] }),
      ...good.slice(10).map((event) => log.append({ events: [event] })),
    ])
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(1)
    expect(outcomes[10].status).toBe('rejected')
    const found = await log.byId([...good, twice].map(({ id }) => id))
    expect([...found.keys()].sort()).toEqual(good.map(({ id }) => id).sort())
  })

  it('answers a request as before when it comes again, also at the same moment, and adds nothing', async () => {
    const log = await newLog()
    const append = (digest: string) => {
      const event = forecastEvent()
      const request = { owner: 'shop', key: 'k1', digest, answer: () => event.id }
      return log.append({ events: [event], request })
    }
    const [first, ...others] = await Promise.all([append('a'), append('a'), append('b')])
    const [recorded] = await log.find({ type: 'cd4ml.forecast.v1', limit: 5 })
    expect(first).toEqual({ outcome: 'appended', known: new Map() })
    expect(others).toEqual([
      { outcome: 'repeated', answer: recorded.id },
      { outcome: 'other request' },
    ])
    expect(await append('a')).toEqual({ outcome: 'repeated', answer: recorded.id })
    expect(await log.find({ type: 'cd4ml.forecast.v1', limit: 5 })).toHaveLength(1)
  })

  it('keeps the same key of two callers apart', async () => {
    const log = await newLog()
    const append = (owner: string) =>
      log.append({ events: [], request: { owner, key: 'k1', digest: 'd', answer: () => owner } })
    await append('one')
    expect(await append('two')).toMatchObject({ outcome: 'appended' })
    expect(await append('two')).toEqual({ outcome: 'repeated', answer: 'two' })
  })

  it('remembers for a week what a request was answered, and not for ever', async () => {
    let now = new Date('2026-02-01T00:00:00Z')
    const log = sqlEventLog(await openDatabase(await newLedger()), () => now)
    const append = async () => {
      const request = { owner: 'o', key: 'k', digest: 'd', answer: () => 'a' }
      return (await log.append({ events: [], request })).outcome
    }
    await append()
    now = new Date('2026-02-07T23:00:00Z')
    expect(await append()).toBe('repeated')
    now = new Date('2026-02-08T02:00:00Z')
    await log.append({ events: [] })
    expect(await append()).toBe('appended')
    await log.close()
  })

  it('keeps one of the events that are the same, and names it to whoever brings another', async () => {
    const log = await newLog()
    const [first, second, third] = [forecastEvent(), forecastEvent(), forecastEvent()]
    const same = (...events: { id: string }[]) =>
      new Map(events.map(({ id }) => [id, 'file:line 1']))
    await log.append({ events: [first, second], once: same(first, second) })
    const outcome = await log.append({
      events: [third],
      once: same(third),
      notes: new Map([[third.id, { person: 'p', text: 'of one that is not added' }]]),
      request: { owner: 'o', key: 'k', digest: 'd', answer: (known) => known.get(third.id)! },
    })
    expect(outcome).toEqual({ outcome: 'appended', known: new Map([[third.id, first.id]]) })
    expect(await log.find({ type: 'cd4ml.forecast.v1', limit: 5 })).toEqual([first])
    const request = { owner: 'o', key: 'k', digest: 'd', answer: () => '' }
    expect(await log.append({ events: [], request })).toMatchObject({ answer: first.id })
  })

  it('no longer finds what was corrected, but has it still', async () => {
    const log = await newLog()
    const wrong = forecastEvent()
    const right = forecastEvent({ product: 'P1' }, { supersedes: wrong.id })
    await log.append({ events: [wrong] })
    await log.append({ events: [right] })
    const query = { type: 'cd4ml.forecast.v1', limit: 5 } as const
    expect(await log.find(query)).toEqual([right])
    expect(await log.find({ ...query, superseded: true })).toEqual([right, wrong])
    expect((await log.byId([wrong.id])).size).toBe(1)
  })

  it.each([
    ['what is not there', forecastEvent({ product: 'P1' }, { supersedes: forecastEvent().id })],
    ['itself', ((event) => ({ ...event, supersedes: event.id }))(forecastEvent())],
  ])('refuses to correct %s', async (_, event) => {
    const log = await newLog()
    await expect(log.append({ events: [event] })).rejects.toThrow('missing')
    expect((await log.byId([event.id])).size).toBe(0)
  })

  it('refuses a correction of another series, of another type, and a second one', async () => {
    const log = await newLog()
    const wrong = forecastEvent()
    const supersedes = wrong.id
    await log.append({ events: [wrong] })
    const others = [
      forecastEvent({ product: 'P2' }, { supersedes }),
      decisionEvent(wrong, { supersedes }),
    ]
    for (const event of others) {
      await expect(log.append({ events: [event] })).rejects.toThrow('of another kind')
    }
    const [first, second] = [0, 1].map(() =>
      log.append({ events: [forecastEvent({ product: 'P1' }, { supersedes })] }),
    )
    await expect(second).rejects.toThrow('superseded before')
    expect(await first).toMatchObject({ outcome: 'appended' })
    expect(await log.find({ type: 'cd4ml.forecast.v1', limit: 5 })).toHaveLength(1)
  })

  it('finds the newest first, by type, series, decided event and moment', async () => {
    const log = await newLog()
    const at = (day: number) => ({ time: `2026-03-0${day}T10:00:00.000Z` })
    const [first, second, third] = [
      forecastEvent({ product: 'P1' }, at(1)),
      forecastEvent({ product: 'P2' }, at(3)),
      forecastEvent({ product: 'P1' }, at(2)),
    ]
    const decision = decisionEvent(third, at(4))
    await log.append({ events: [first, second, third, decision] })
    const type = 'cd4ml.forecast.v1'
    expect(await log.find({ type, limit: 2 })).toEqual([second, third])
    expect(await log.find({ type, subjects: ['P1'], limit: 9 })).toEqual([third, first])
    expect(await log.find({ type, subjects: [], limit: 9 })).toEqual([])
    expect(await log.find({ type, since: third.time, limit: 9 })).toEqual([second, third])
    const decisions = { type: 'cd4ml.decision.v1', limit: 9 } as const
    expect(await log.find({ ...decisions, of: [third.id] })).toEqual([decision])
    expect(await log.find({ ...decisions, of: [first.id] })).toEqual([])
  })

  it('hands everything on once to whoever goes on from the last cursor', async () => {
    const log = await newLog()
    const events = Array.from({ length: 7 }, () => forecastEvent())
    for (const event of events) await log.append({ events: [event] })
    const first = await log.after(undefined, 5)
    const second = await log.after(first.cursor, 5)
    expect([...first.events, ...second.events]).toEqual(events)
    const nothing = await log.after(second.cursor, 5)
    expect(nothing).toEqual({ events: [], cursor: second.cursor })
    const later = forecastEvent()
    await log.append({ events: [later] })
    expect((await log.after(nothing.cursor, 5)).events).toEqual([later])
  })

  it('refuses a cursor that it did not give, such as one of another ledger', async () => {
    const log = await newLog()
    const other = await newLog()
    await other.append({ events: [forecastEvent()] })
    const { cursor } = await other.after(undefined, 1)
    await expect(log.after(cursor, 1)).rejects.toThrow('one of the ledger')
    for (const wrong of ['', '0', `${cursor}0000000000000000000`, "1' or '1'='1", '\0']) {
      await expect(log.after(wrong, 1)).rejects.toThrow('cursor')
    }
  })

  it('changes and deletes no event, whoever asks the database to', async () => {
    const database = await openDatabase(await newLedger())
    const log = sqlEventLog(database)
    const event = forecastEvent()
    await log.append({ events: [event] })
    const { kysely, dialect } = database
    await expect(kysely.updateTable('events').set({ data: '{}' }).execute()).rejects.toThrow(
      'never',
    )
    await expect(kysely.deleteFrom('events').execute()).rejects.toThrow('never')
    const row = { id: event.id, source: '', type: '', subject: '', time: '', data: '{}' }
    if (dialect === 'sqlite') {
      const replacing = kysely.replaceInto('events').values(row).execute()
      await expect(replacing).rejects.toThrow('never')
    }
    expect(await log.find({ type: 'cd4ml.forecast.v1', limit: 5 })).toEqual([event])
    await log.close()
  })

  it('makes its tables once where several replicas start at the same moment', async () => {
    const url = await newLedger()
    const databases = await Promise.all([0, 1, 2, 3].map(() => openDatabase(url)))
    expect(new Set(databases.map(({ id }) => id)).size).toBe(1)
    await Promise.all(databases.map((database) => database.close()))
  })

  it('lets two replicas at once neither record twice nor wait for each other for ever', async () => {
    const url = await newLedger()
    const replicas = await Promise.all([openLog(url), openLog(url)])
    const tries = Array.from({ length: 200 }, (_, i) => {
      const events = [forecastEvent(), forecastEvent()]
      // The same pairs, one replica in the opposite order.
      const keys = [`once ${i >> 1}`, `once ${(i >> 1) + 1}`]
      const once = new Map(events.map(({ id }, j) => [id, i % 2 ? keys[j] : keys[1 - j]]))
      const request = { owner: 'o', key: `k${i >> 1}`, digest: 'd', answer: () => `answer ${i}` }
      return replicas[i % 2].append({ events, once, request })
    })
    const outcomes = await Promise.all(tries)
    for (let i = 0; i < outcomes.length; i += 2) {
      expect(
        outcomes
          .slice(i, i + 2)
          .map(({ outcome }) => outcome)
          .sort(),
      ).toEqual(['appended', 'repeated'])
    }
    expect(await replicas[0].find({ type: 'cd4ml.forecast.v1', limit: 1000 })).toHaveLength(101)
  })

  it('writes what it has accepted before it closes', async () => {
    const url = await newLedger()
    const log = sqlEventLog(await openDatabase(url))
    const appended = log.append({ events: [forecastEvent()] })
    await log.close()
    expect(await appended).toMatchObject({ outcome: 'appended' })
    expect(await (await openLog(url)).find({ type: 'cd4ml.forecast.v1', limit: 5 })).toHaveLength(1)
  })

  it('says whether it can be written', async () => {
    expect(await (await newLog()).writable()).toBe(true)
  })
})
