import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { git } from '../../../src/base/git.ts'
import type { RecordedEvent } from '../../../src/ledger/events/event.ts'
import { writtenEvents } from '../../../src/ledger/events/event-files.ts'
import { eventIndex } from '../../../src/ledger/events/event-index.ts'
import type { EventLogQuery } from '../../../src/ledger/events/event-log.ts'
import { cd4ml, newProject, succeedJson } from '../../project.ts'
import { commitAll, put } from '../../repository.ts'
import { actualEvent, decisionEvent, forecastEvent } from './recorded.ts'
import { openLog, sqlite } from './stores.ts'

describe('events that were collected', () => {
  it('answer whoever asks as the ledger does that they are from', async () => {
    const log = await openLog(await sqlite.newLedger())
    const products = ['P1', 'P10', 'P1"', '["P1"', 'pão']
    const moments = [1, 2, 3].map((day) => `2026-02-0${day}T10:00:00.000Z`)
    const events: RecordedEvent[] = []
    for (let i = 0; i < 60; i++) {
      const series = { product: products[i % 5], ...(i % 3 > 0 && { store: `S${i % 3}` }) }
      const time = { time: moments[(i * 7) % 3] }
      const forecast = forecastEvent(series, time)
      const first = decisionEvent(forecast, time)
      const second = decisionEvent(forecast, { ...time, supersedes: first.id })
      const days = { from: '2026-02-01', to: '2026-02-28', units: i }
      const actual = { ...actualEvent(series, days), ...time }
      events.push(forecast, first, ...(i % 2 ? [second] : []), actual)
    }
    for (const event of events) await log.append({ events: [event] })
    const index = eventIndex(events)
    const ids = events.map(({ id }) => id)
    const query = fc.record(
      {
        type: fc.constantFrom('cd4ml.forecast.v1', 'cd4ml.decision.v1', 'cd4ml.actual.v1'),
        subjects: fc.subarray([...new Set(events.map(({ subject }) => subject))]),
        product: fc.constantFrom(...products, 'none'),
        of: fc.subarray(ids),
        since: fc.constantFrom(...moments),
        limit: fc.integer({ min: 1, max: 100 }),
        superseded: fc.boolean(),
      },
      { requiredKeys: ['type', 'limit'] },
    ) as fc.Arbitrary<EventLogQuery<'cd4ml.forecast.v1'>>
    await fc.assert(
      fc.asyncProperty(query, async (asked) => {
        expect(await index.find(asked)).toEqual(await log.find(asked))
      }),
    )
    expect(await index.byId([...ids, 'none'])).toEqual(await log.byId([...ids, 'none']))
  })

  it('are shown by cd4ml ledger from a clone, with what is left out of the branch', async () => {
    const project = await newProject({ 'README.md': '# Shop\n' })
    const missing = await cd4ml(project, ['ledger', '--ledger', 'branch'])
    expect([missing.code, missing.stderr]).toEqual([2, expect.stringContaining('git fetch')])

    const forecast = forecastEvent({ product: 'P1' })
    const decision = decisionEvent(forecast)
    const ledger = '0197c2a0-0000-7000-8000-000000000001'
    const file = writtenEvents({ ledger, cursor: 'c', events: [forecast, decision] }, 1)
    await git(project, ['switch', '--quiet', '--orphan', 'ledger'])
    await put(project, { [file.path]: file.bytes, [`events/${ledger}/notes.txt`]: 'x' })
    await commitAll(project, 'Record 2 events')
    await git(project, ['switch', '--quiet', 'main'])
    const { stdout, stderr } = await cd4ml(project, ['ledger', '--ledger', 'branch'])
    expect(stdout).toMatch(/P1\n {2}Forecast of .*\n {2}Changed to 20: Local event, by buyer-1/)
    expect(stderr).toContain('notes.txt: does not carry the name of a file of events')
    expect(await succeedJson(project, ['ledger', '--ledger', 'branch'])).toEqual({
      entries: [{ of: forecast, decision: { event: decision }, receipts: [] }],
    })
  })
})
