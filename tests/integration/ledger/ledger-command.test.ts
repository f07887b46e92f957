import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import pg from 'pg'
import { beforeAll, describe, expect, it } from 'vitest'
import type { RecordedEvent } from '../../../src/ledger/events/event.ts'
import { openDatabase } from '../../../src/ledger/sql/database.ts'
import { sqlEventLog } from '../../../src/ledger/sql/sql-event-log.ts'
import { startPostgres } from '../../postgres.ts'
import { cd4ml, newProject, succeed, succeedJson } from '../../project.ts'
import { put, temporaryFolder } from '../../repository.ts'
import { OPENING, productIds, recipe, salesOf, stockedFiles } from '../../shop.ts'
import { actualEvent, decisionEvent, forecastEvent, orderEvent } from './recorded.ts'

const postgres = await startPostgres()

describe('cd4ml ledger', () => {
  it('says in a project without a ledger that there is none, and makes none', async () => {
    const project = await temporaryFolder()
    const { code, stdout, stderr } = await cd4ml(project, ['ledger'])
    expect([code, stdout]).toEqual([0, ''])
    expect(stderr).toContain('There is no ledger here yet: cd4ml serve begins one')
    expect(await succeedJson(project, ['ledger'])).toEqual({ entries: [] })
    const other = await cd4ml(project, ['ledger', '--ledger', 'sqlite:other.sqlite'])
    expect(other.code).toBe(2)
    expect(other.stderr).toContain('other.sqlite: there is no ledger')
  })

  it('says that nothing is recorded, of anything or of what was asked', async () => {
    const project = await temporaryFolder()
    await record(project, [])
    expect(await succeed(project, ['ledger'])).toBe('Nothing is recorded yet.\n')
    await put(project, { 'project.yml': 'language: pt-BR\n' })
    expect(await succeed(project, ['ledger', '--product', 'P1'])).toBe(
      'Disso não há nada registrado.\n',
    )
  })

  it('shows by ids what was recorded where there are no sales to name it', async () => {
    const project = await temporaryFolder()
    const [first, second] = [forecastEvent({ product: 'P1' }), forecastEvent({ product: 'P2' })]
    await record(project, [first])
    await record(project, [second, decisionEvent(first)])
    const { stdout, stderr } = await cd4ml(project, ['ledger', '--limit', '1'])
    expect(stdout).toMatch(/^\S+ \S+ P1\n {2}Forecast of .*\n {2}Changed to 20: Local event, by /)
    expect(stderr).toBe('There may be more: --limit shows as many as you say.\n')
    const { entries } = await succeedJson(project, ['ledger', '--product', 'P2'])
    expect(entries).toEqual([{ of: second, receipts: [] }])
  })

  it('begins with the day asked for as the project’s clocks have it', async () => {
    const project = await temporaryFolder()
    await record(project, [
      orderEvent({ product: 'P1' }, { time: '2026-02-03T02:59:59.999Z' }),
      orderEvent({ product: 'P2' }, { time: '2026-02-03T03:00:00.000Z' }),
    ])
    const { entries } = await succeedJson(project, ['ledger', '--since', '2026-02-03'])
    expect(entries.map(({ of }: { of: RecordedEvent }) => of.subject)).toEqual(['P2'])
  })

  describe('of a project with sales and a model', () => {
    let project: string
    beforeAll(async () => {
      const sales = salesOf({ products: productIds(2), frequency: 'day', periods: 210 })
      project = await newProject({
        ...stockedFiles(sales, OPENING + 209),
        ...recipe('moving-average: { window: 8 }', { horizon: 5 }),
      })
      await succeed(project, ['train'])
      const [one, other] = productIds(2)
      await record(project, [
        forecastEvent({ product: one }),
        forecastEvent({ product: other }),
        actualEvent({ product: one }, { from: '2026-02-01', to: '2026-02-28', units: 9 }),
      ])
    })

    it('finds a product as people write it, and shows what sold', async () => {
      const text = await succeed(project, ['ledger', '--product', 'p1'])
      expect(text).toMatch(/^\S+ \S+ P1\n.*\n {2}Nothing decided\n {2}Sold: 9\n$/)
    })

    it('needs a product where a store is named', async () => {
      const { code, stderr } = await cd4ml(project, ['ledger', '--store', '7'])
      expect([code, stderr]).toEqual([2, expect.stringContaining('--store needs --product')])
    })
  })
})

describe.skipIf(!postgres)('whoever asks PostgreSQL, which is gone before it answers', () => {
  it.each([
    ['notes', ['ledger']],
    ['persons', ['ledger']],
    ['tokens', ['token', 'list']],
  ])('for its %s is told so, and nothing of the code', async (table, args) => {
    const project = await temporaryFolder()
    const url = await postgres!.newDatabase()
    await (await openDatabase(url)).close()
    const [holding, ending] = [new pg.Client(url), new pg.Client(url)]
    await Promise.all([holding.connect(), ending.connect()])
    await holding.query(`begin; lock table ${table}`)
    const asked = cd4ml(project, [...args, '--ledger', url])
    while ((await ending.query(END_WHO_WAITS)).rowCount === 0) await setImmediate()
    const { code, stderr } = await asked
    await Promise.all([holding.end(), ending.end()])
    expect(stderr).toMatch(/^cd4ml: --ledger: the ledger cannot be reached: terminating .*\n.*\n$/)
    expect(code).toBe(2)
  })
})

const END_WHO_WAITS = `select pg_terminate_backend(pid) from pg_stat_activity
  where datname = current_database() and wait_event_type = 'Lock'`

async function record(project: string, events: RecordedEvent[]): Promise<void> {
  const database = await openDatabase(`sqlite:${join(project, '.cd4ml/ledger.sqlite')}`)
  const log = sqlEventLog(database)
  await log.append({ events })
  await log.close()
}
