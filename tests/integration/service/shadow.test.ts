import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { git } from '../../../src/base/git.ts'
import { checkRecordedEvent, type EventOf } from '../../../src/ledger/events/event.ts'
import { digest } from '../../../src/registry/manifest.ts'
import { remoteBranch } from '../../../src/registry/remote-branch.ts'
import { branchSource } from '../../../src/service/engine/branch-source.ts'
import type { Engine } from '../../../src/service/engine/engine.ts'
import { type ShadowToTry, startShadow } from '../../../src/service/engine/shadow-thread.ts'
import { serviceMetrics } from '../../../src/service/ops/metrics.ts'
import { prepareForecasts } from '../../../src/service/recording/forecasts.ts'
import { copyOf, temporaryFolder } from '../../repository.ts'
import {
  comparedRun,
  fetchedLedger,
  ledgerFiles,
  type ShadowShop,
  shadowShop,
} from '../monitoring/shadow-shop.ts'
import { engineOf, kill, putInProduction, renumbered, TODAY, versionIn } from './engine-fixture.ts'

const QUESTIONS = ['P1', 'P2', 'P3'].map((product) => ({
  product,
  from: '2024-07-29',
  to: '2024-08-04',
}))
const BY = { source: '/cd4ml/service', time: '2026-11-02T09:45:00.000Z' }

let shop: ShadowShop
/** With a shadow in its ledger. */
let shadowed: string

beforeAll(async () => {
  shop = await shadowShop()
  shadowed = await copyOf(shop.folder)
  const run = comparedRun(shop.challenger, shop.production)
  await fetchedLedger(shadowed, ledgerFiles([run], [shop.challenger]))
})

describe('a service beside whose model another is tried', () => {
  it('answers what it answers without it, and writes down what the other would have said', async () => {
    const alone = await engineOf(shop.folder)
    const both = await engineOf(shadowed)
    await tried(both.engine)
    const [own, beside] = [await asked(alone.engine), await asked(both.engine)]
    expect(beside.answers.map(({ shadow: _, id: __, ...answer }) => answer)).toEqual(
      own.answers.map(({ id: _, ...answer }) => answer),
    )
    for (const [i, { shadow, ...data }] of beside.data.entries()) {
      expect(data).toEqual(own.data[i])
      expect(own.data[i].shadow).toBeUndefined()
      expect(shadow).toMatchObject({ model: digest(shop.challenger) })
      expect(shadow!.quantiles).toHaveLength(data.quantiles.length)
      expect(shadow!.mean).not.toBe(data.mean)
    }
    expect(await metricsOf(both.engine)).toMatch(
      new RegExp(
        `^cd4ml_shadow_info\\{digest="${digest(shop.challenger).slice(0, 12)}"\\} 1$`,
        'm',
      ),
    )
    expect(await metricsOf(alone.engine)).not.toMatch(/^cd4ml_shadow_info\{/m)
  })

  it('refuses what production refuses, whatever the other says', async () => {
    const { engine } = await engineOf(shadowed)
    await tried(engine)
    const { answers, events } = await prepareForecasts(engine, [{ product: 'X' }, QUESTIONS[0]], BY)
    expect(answers(new Map()).map(({ outcome }) => outcome)).toEqual(['refused', 'answered'])
    expect(events).toMatchObject([{ data: { product: 'P1', shadow: {} } }])
  })

  it('answers on without it where its thread dies, and says so once', async () => {
    const { engine, threads, logged } = await engineOf(shadowed)
    await tried(engine)
    await kill(threads.at(-1)!)
    const { answers, data } = await asked(engine)
    expect(answers).toHaveLength(3)
    expect(data.map(({ shadow }) => shadow)).toEqual([undefined, undefined, undefined])
    expect(engine.current().shadow).toBeUndefined()
    expect(logged).toEqual([expect.stringMatching(/^nothing is tried beside production/)])
  })

  it('answers without it where its model is damaged', async () => {
    const project = await copyOf(shop.folder)
    const strange = Buffer.from('{"format":"cd4ml-model/99"}')
    await fetchedLedger(project, ledgerFiles([comparedRun(strange, shop.production)], [strange]))
    const { engine, logged } = await engineOf(project)
    const { answers, data } = await asked(engine)
    expect(answers).toHaveLength(3)
    expect(data.every(({ shadow }) => shadow === undefined)).toBe(true)
    await expect
      .poll(() => logged, { timeout: 30_000 })
      .toEqual([expect.stringMatching(/nothing is tried.*format/)])
  })

  it('has it from the branch of records of the repository whose branch it follows', async () => {
    const remote = await copyOf(shadowed)
    await git(remote, ['branch', 'ledger', 'refs/remotes/origin/ledger'])
    const followed = await remoteBranch(`${pathToFileURL(remote)}#main`)
    const folder = join(await temporaryFolder(), 'service')
    const { engine } = await engineOf(branchSource(folder, followed, async () => TODAY))
    await tried(engine)
    expect(engine.current().shadow?.model).toBe(digest(shop.challenger))
  })

  it('tries nothing any more once another version has taken over', async () => {
    const project = await copyOf(shadowed)
    const { engine } = await engineOf(project)
    await tried(engine)
    await fetchedLedger(project, ledgerFiles([], []))
    await putInProduction(project, renumbered(await versionIn(project), 2))
    await engine.look()
    expect((await asked(engine)).data.map(({ shadow }) => shadow)).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })
})

describe('a shadow', () => {
  it('that takes longer than anybody waits is left out until it has caught up, and given up where it does not', async () => {
    const failures: unknown[] = []
    const slow = shadowOf(
      { onFailure: (cause) => failures.push(cause) },
      { graceMs: 0, giveUpMs: 0 },
    )
    await slow.loaded
    expect(slow.tried()).toBeDefined()
    const refused = { outcome: 'refused' as const, problems: [] }
    const many = Array.from({ length: 5000 }, (_, i) => ({ ...QUESTIONS[i % 3], list: i }))
    const nothing = many.map(() => undefined)
    expect(await slow.ask(many)(many.map(() => refused))).toEqual(nothing)
    await expect
      .poll(() => failures, { timeout: 30_000 })
      .toEqual([expect.objectContaining({ message: expect.stringMatching(/longer/) })])
    expect(slow.tried()).toBeUndefined()

    const patient = shadowOf({}, { graceMs: 0 })
    await patient.loaded
    expect(await patient.ask(many)(many.map(() => refused))).toEqual(nothing)
    expect(patient.tried()).toBeDefined()
    const { from, to } = QUESTIONS[0]
    const answer = { product: 'P1', from, to, mean: 1, quantiles: [], restsOn: 'series' as const }
    const again = () => patient.ask([QUESTIONS[0]])([{ outcome: 'answered', answer }])
    await expect.poll(again, { timeout: 30_000 }).toMatchObject([{ mean: expect.any(Number) }])
  })

  it('that is still being looked for when the service ends is nobody’s failure', async () => {
    const failures: unknown[] = []
    const looking = Promise.withResolvers<never>()
    const shadow = shadowOf({
      find: () => looking.promise,
      onFailure: (cause) => failures.push(cause),
    })
    await shadow.close()
    looking.reject(new Error('the folder is gone'))
    await shadow.loaded
    expect(failures).toEqual([])
  })
})

function shadowOf(changes: Partial<ShadowToTry>, limits = {}) {
  const run = '20261102T093000000Z-0a1b2c3d'
  const named = { model: digest(shop.challenger), name: 'moving-average', recipe: 'r', run }
  const shadow = startShadow(
    {
      find: async () => ({ shadow: named, files: new Map([['model.json', shop.challenger]]) }),
      place: { project: shop.folder, today: TODAY },
      onFailure: () => {},
      ...changes,
    },
    limits,
  )
  onTestFinished(() => shadow.close())
  return shadow
}

/** Until it answers: it loads beside production. */
async function tried(engine: Engine): Promise<void> {
  await expect.poll(() => engine.current().shadow, { timeout: 30_000 }).toBeDefined()
}

/** What is answered, and what the events say. */
async function asked(engine: Engine) {
  const { events, answers } = await prepareForecasts(engine, QUESTIONS, BY)
  const data = events.map((event) => {
    const { data } = checkRecordedEvent(event, 'event') as EventOf<'cd4ml.forecast.v1'>
    return data
  })
  const told = answers(new Map()).flatMap((it) => (it.outcome === 'answered' ? [it.answer] : []))
  return { data, answers: told }
}

function metricsOf(engine: Engine): Promise<string> {
  return serviceMetrics(engine).registry.metrics()
}
