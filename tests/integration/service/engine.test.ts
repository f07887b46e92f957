import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { PRODUCTION } from '../../../src/registry/production.ts'
import type { Answered } from '../../../src/service/engine/engine.ts'
import {
  type LoadedProduction,
  loadProduction,
} from '../../../src/service/engine/load-production.ts'
import { cd4ml, succeedJson } from '../../project.ts'
import { copyOf, put } from '../../repository.ts'
import { dataFiles } from '../../shop.ts'
import { bigList, naughty } from '../../unit/reporting/examples.ts'
import {
  engineOf,
  inStores,
  kill,
  putInProduction,
  renumbered,
  SALES,
  shopWith,
  TODAY,
  versionIn,
} from './engine-fixture.ts'

/** A shop with a moving average in production, the same with seasonal naive, and one with stores. */
let shop: string
let naive: string
let stores: string
/** What the first of them answers by. */
let average: LoadedProduction

beforeAll(async () => {
  ;[shop, naive, stores] = [
    await shopWith('moving-average: { window: 8 }'),
    await shopWith('seasonal-naive: {}'),
    await shopWith('moving-average: { window: 8 }', dataFiles(inStores(SALES))),
  ]
  average = await loadProduction({ project: shop, today: TODAY })
})

const fortnight = { from: '2024-07-29', to: '2024-08-11' }

describe('whoever asks is told', () => {
  it('what the command line says, by which version and which sales', async () => {
    const { basis } = average.now
    const answers = average.forecasts([{ product: 'P1', ...fortnight }])
    const days = ['--from', fortnight.from, '--to', fortnight.to]
    const printed = await succeedJson(shop, ['forecast', '--product', 'P1', ...days])
    const [{ mean, p10, p97_5 }] = printed.forecasts
    expect(basis).toMatchObject({ version: 1, salesThrough: '2024-07-28' })
    expect(basis.data).toMatch(/^[0-9a-f]{40}$/)
    const [answer] = answered(answers)
    expect(answer).toMatchObject({ product: 'P1', ...fortnight, mean, restsOn: 'series' })
    expect([answer.quantiles[2], answer.quantiles.at(-1)]).toEqual([p10, p97_5])
    expect(answer.baseline?.mean).toBeGreaterThan(0)
    expect(answer.baseline?.mean).not.toBe(mean)
  })

  it('seasonal naive beside every forecast, as it would have been in production', async () => {
    const asked = ['P1', 'P2', 'P3'].map((product) => ({ product, month: '2024-08' }))
    const beside = answered(average.forecasts(asked))
    const own = answered((await loadProduction({ project: naive, today: TODAY })).forecasts(asked))
    expect(beside.map(({ baseline }) => baseline?.mean)).toEqual(own.map(({ mean }) => mean))
  })

  it('the orders that the command line advises, and what others would cost', async () => {
    const printed = await succeedJson(shop, ['order'])
    const [all] = answered(average.orders())
    const one = answered(average.orders([{ product: 'P2' }]))
    const withoutReason = printed.orders.map(({ reason: _, ...order }: { reason: string }) => order)
    expect(all.map(({ order }) => order)).toEqual(withoutReason)
    expect(one).toEqual([[all[1]]])
    const { advised, alternatives } = all[1].costs!
    expect(Math.min(...alternatives.map(({ cost }) => cost))).toBe(advised)
    expect(alternatives.length).toBeGreaterThan(2)
  })

  it('all about one product, from its first sale to the end of the forecast', async () => {
    const view = average.product('P3')
    expect(view?.history).toHaveLength(30)
    expect(view?.history[0].from).toBe('2024-01-01')
    expect(view?.ahead.map(({ from }) => from)[4]).toBe('2024-08-26')
    expect(view?.stock).toEqual([{ units: 50, lastDay: '2024-09-26' }])
    expect(view?.order?.order.productId).toBe('P3')
    expect(average.product('tea')).toBeUndefined()
    const { products, champion } = JSON.parse(
      Buffer.from((await versionIn(shop)).files.get('evaluation.json')!).toString(),
    )
    const [{ productId, actual, challengerError, referenceError }] = products.best
    expect(champion).toBeUndefined()
    expect(average.product(productId)?.backtest).toEqual({
      wape: challengerError / actual,
      naiveWape: referenceError / actual,
    })
  })

  it.each<[string, unknown, string, RegExp]>([
    ['no question', null, '', /object/],
    ['a list', [], '', /object/],
    ['no product', { month: '2024-08' }, '/product', /must/],
    ['a number for a product', { product: 1, month: '2024-08' }, '/product', /string/],
    ['a product that never sold', { product: 'tea', month: '2024-08' }, '/product', /such as "P1"/],
    ['no days', { product: 'P1' }, '', /either month, or from and to/],
    ['days and a month', { product: 'P1', month: '2024-08', ...fortnight }, '', /either/],
    ['half of the days', { product: 'P1', from: '2024-08-01' }, '', /either/],
    [
      'a day that is none',
      { product: 'P1', from: '2024-02-30', to: '2024-08-11' },
      '/from',
      /a day, such as/,
    ],
    ['a month that is none', { product: 'P1', month: '2024-13' }, '/month', /month, such as/],
    [
      'days that run backward',
      { product: 'P1', from: '2024-08-11', to: '2024-08-01' },
      '/to',
      /not be before/,
    ],
    [
      'days that are over',
      { product: 'P1', from: '2024-07-01', to: '2024-07-28' },
      '/to',
      /later than 2024-07-28/,
    ],
    ['a month that is over', { product: 'P1', month: '2024-06' }, '/month', /later than/],
    [
      'days too far off',
      { product: 'P1', from: '2024-08-01', to: '2025-08-01' },
      '/to',
      /2024-11-10 or earlier/,
    ],
    ['the year 0', { product: 'P1', month: '0000-01' }, '/month', /later than/],
    [
      'a store, where there are none',
      { product: 'P1', store: '1', month: '2024-08' },
      '/store',
      /not/,
    ],
    [
      'a misspelt key',
      { prodct: 'P1', product: 'P1', month: '2024-08' },
      '/prodct',
      /must not be there/,
    ],
    [
      'a prototype',
      JSON.parse('{"product":"P1","month":"2024-08","__proto__":{"x":1}}'),
      '/__proto__',
      /not be there/,
    ],
    [
      'a key of every object',
      { product: 'P1', month: '2024-08', constructor: 1 },
      '/constructor',
      /not/,
    ],
    [
      'a number beyond numbers',
      { product: 'P1', month: Number.POSITIVE_INFINITY },
      '/month',
      /string/,
    ],
  ])('what is wrong with %s, at its field', (_, question, field, expected) => {
    const good = { product: 'P1', month: '2024-08' }
    const [first, wrong, last] = average.forecasts([good, question, good])
    expect([first.outcome, last.outcome]).toEqual(['answered', 'answered'])
    expect(wrong).toMatchObject({ outcome: 'refused', problems: [{ field }] })
    expect(wrong.outcome === 'refused' && wrong.problems[0].expected).toMatch(expected)
  })

  it('why nothing can be said of days, for the page to say it in its own words', () => {
    const [over, far] = average.forecasts([
      { product: 'P1', month: '2024-06' },
      { product: 'P1', month: '2029-06' },
    ])
    expect(over).toMatchObject({ noAnswer: { outcome: 'over' } })
    expect(far).toMatchObject({ noAnswer: { outcome: 'too far' } })
  })

  it('that nothing is known of whatever else somebody writes, and is told what came', () => {
    const texts = [...new Set([...naughty.map(({ text }) => text), ...bigList])]
    for (const text of texts) {
      const asked = [
        { product: text, month: '2024-08' },
        { product: 'P1', month: text },
        { product: 'P1', from: text, to: text },
        { product: 'P1', month: '2024-08', [text]: text },
      ]
      for (const [i, it] of average.forecasts(asked).entries()) {
        if (it.outcome === 'answered') throw new Error(`${text} was answered`)
        expect(it.problems[0].field).toMatch(['/product', '/month', '/from', '/'][i])
        expect(it.problems[0].came!.length).toBeLessThan(200)
      }
    }
  })

  it('which store is asked for where a product is sold in several', async () => {
    const inBoth = await loadProduction({ project: stores, today: TODAY })
    const ask = (store?: string) =>
      inBoth.forecasts([{ product: 'P1', month: '2024-08', ...(store && { store }) }])[0]
    expect(ask('north')).toMatchObject({ outcome: 'answered', answer: { store: 'north' } })
    expect(ask()).toMatchObject({
      problems: [{ field: '/store', expected: expect.stringContaining('"north", "south"') }],
    })
    expect(ask('moon')).toMatchObject({ problems: [{ field: '/store', came: '"moon"' }] })
    expect(inBoth.product('P1')).toBeUndefined()
    expect(inBoth.product('P1', 'south')?.store).toBe('south')
    expect(answered(inBoth.orders([{ product: 'P1' }]))[0]).toHaveLength(2)
  })
})

describe('nobody is left waiting', () => {
  it('by a thread that dies: its questions fail, and another one answers the next', async () => {
    const { engine, threads } = await engineOf(shop)
    const asked = engine.forecasts([{ product: 'P1', ...fortnight }])
    await kill(threads[0])
    await expect(asked).rejects.toThrow('being loaded again')
    await expect(engine.orders()).rejects.toThrow('being loaded again')
    await engine.look()
    expect((await engine.forecasts([{ product: 'P1', ...fortnight }])).basis.version).toBe(1)
    expect(threads).toHaveLength(2)
  })

  it('by what somebody else nests without end: it is refused, and what is asked beside it is not', async () => {
    const { engine } = await engineOf(shop)
    const deep = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000))
    const good = { product: 'P1', ...fortnight }
    const wrong = [deep, { product: deep, ...fortnight }, { ...good, more: { deep } }]
    const [first, second, orders] = await Promise.all([
      engine.forecasts([good]),
      engine.forecasts([good, ...wrong]),
      engine.orders([{ product: 'P1' }, ...wrong]),
    ])
    const outcomes = ({ answers }: { answers: { outcome: string }[] }) =>
      answers.map(({ outcome }) => outcome)
    expect(outcomes(first)).toEqual(['answered'])
    expect(outcomes(second)).toEqual(['answered', 'refused', 'refused', 'refused'])
    expect(outcomes(orders)).toEqual(['answered', 'refused', 'refused', 'refused'])
  })

  it('by an engine that closes: it answers what it was asked', async () => {
    const { engine } = await engineOf(shop)
    const asked = Promise.all(
      Array.from({ length: 50 }, () => engine.forecasts([{ product: 'P1', ...fortnight }])),
    )
    await engine.close()
    expect(await asked).toHaveLength(50)
    await expect(engine.orders()).rejects.toThrow('being loaded again')
  })
})

describe('what is in production is followed', () => {
  it('through a promotion, a broken version and a rollback, while 16 clients ask', async () => {
    const project = await copyOf(shop)
    const [average, seasonal] = [await versionIn(shop), await versionIn(naive)]
    const { engine, logged } = await engineOf(project)
    const questions = ['P1', 'P2', 'P3', 'P4'].flatMap((product) =>
      ['2024-08-04', '2024-08-11', '2024-08-18'].map((to) => ({ product, from: '2024-07-29', to })),
    )
    const meansBy = async () =>
      answered((await engine.forecasts(questions)).answers).map(({ mean }) => mean)
    const known = new Map([[1, await meansBy()]])

    const seen = new Set<number>()
    const isOver = new AbortController()
    let asked = 0
    const clients = Array.from({ length: 16 }, async () => {
      while (!isOver.signal.aborted) {
        const { basis, answers } = await engine.forecasts(questions)
        const means = answered(answers).map(({ mean }) => mean)
        if (!known.has(basis.version)) known.set(basis.version, means)
        expect(means).toEqual(known.get(basis.version))
        seen.add(basis.version)
        asked++
        // As between two requests: answers that are kept wait for nothing.
        await setImmediate()
      }
    })
    await putInProduction(project, renumbered(seasonal, 2))
    await engine.look()
    expect(engine.current().basis.version).toBe(2)
    await putInProduction(project, renumbered(average, 3))
    await put(project, {
      [`${PRODUCTION}/model.json`]: Buffer.from(seasonal.files.get('model.json')!),
    })
    await engine.look()
    expect(engine.current().basis.version).toBe(2)
    expect(engine.current().refused?.problem).toMatch(/model\.json: must have the SHA-256/)
    await putInProduction(project, renumbered(average, 3))
    await engine.look()
    expect(engine.current()).toMatchObject({ basis: { version: 3 } })
    expect(engine.current().refused).toBeUndefined()
    await engine.forecasts(questions)
    isOver.abort()
    await Promise.all(clients)

    expect([...seen].sort()).toEqual([1, 2, 3])
    expect(known.get(3)).toEqual(known.get(1))
    expect(known.get(2)).not.toEqual(known.get(1))
    expect(asked).toBeGreaterThan(48)
    expect(logged).toEqual([
      expect.stringContaining('taken over'),
      expect.stringMatching(/refused.*SHA-256/),
      expect.stringContaining('taken over'),
    ])
  })

  it('to a model that takes other inputs, with the questions that it takes', async () => {
    const project = await copyOf(shop)
    const { engine } = await engineOf(project)
    const question = { product: 'P1', month: '2024-08' }
    expect(Object.keys(engine.current().inputs.properties)).not.toContain('store')
    await rm(join(project, 'data'), { recursive: true })
    await put(project, dataFiles(inStores(SALES)))
    await engine.look()
    expect(engine.current().refused?.problem).toMatch(/knows none of the 8 series/)
    expect((await engine.forecasts([question])).answers[0].outcome).toBe('answered')
    await putInProduction(project, renumbered(await versionIn(stores), 2))
    await engine.look()
    expect(Object.keys(engine.current().inputs.properties)).toContain('store')
    const { basis, answers } = await engine.forecasts([question, { ...question, store: 'south' }])
    expect(basis.version).toBe(2)
    expect(answers).toMatchObject([{ problems: [{ field: '/store' }] }, { outcome: 'answered' }])
  })

  it('to a model that asks for a planned price, which is asked for from then on', async () => {
    const project = await copyOf(shop)
    const { engine } = await engineOf(project)
    const { manifest, files } = await versionIn(shop)
    const model = JSON.parse(Buffer.from(files.get('model.json')!).toString())
    model.inputs.properties.price = { type: 'number', exclusiveMinimum: 0 }
    model.inputs.required.push('price')
    const priced = new Map([...files, ['model.json', Buffer.from(JSON.stringify(model))]])
    await putInProduction(project, renumbered({ manifest, files: priced }, 2))
    await engine.look()
    const question = { product: 'P1', month: '2024-08' }
    const asked = [question, { ...question, price: 'cheap' }, { ...question, price: 4.5 }]
    const { basis, answers } = await engine.forecasts(asked)
    expect(basis.version).toBe(2)
    expect(answers).toMatchObject([
      { problems: [{ field: '/price' }] },
      { problems: [{ field: '/price', came: '"cheap"' }] },
      { outcome: 'answered', answer: { inputs: { price: 4.5 } } },
    ])
    expect(answers).toHaveLength(3)
  })

  it('to new sales, of which it tells; but not to sales that break the contract', async () => {
    const project = await copyOf(shop)
    const { engine } = await engineOf(project)
    const told: string[] = []
    engine.onChange(({ basis }) => told.push(basis.salesThrough))
    const before = engine.current().basis
    const file = await readFile(join(project, 'data/sales/all.csv'), 'utf8')
    await put(project, { 'data/sales/all.csv': 'product;units\n' })
    await engine.look()
    expect(engine.current().refused?.problem).toMatch(
      /data\/sales\/all\.csv: the sales cannot be used/,
    )
    expect(engine.current().basis).toEqual(before)
    await put(project, {
      'data/sales/all.csv': `${file}P1,9,5,3,2024-07-25,2024-07-29,2024-09-01\n`,
    })
    await engine.look()
    expect(told).toEqual(['2024-07-29'])
    const now = engine.current().basis
    expect(now).toMatchObject({ version: 1, salesThrough: '2024-07-29' })
    expect(now.data).not.toBe(before.data)
    expect((await cd4ml(project, ['validate'])).code).toBe(0)
  })

  it('to other terms of buying', async () => {
    const project = await copyOf(shop)
    const { engine } = await engineOf(project)
    await put(project, { 'ordering.yml': 'defaults: { pack: 7 }\n' })
    await engine.look()
    const [orders] = answered((await engine.orders()).answers)
    expect(orders.map(({ order }) => order.outcome !== 'unknown' && order.pack)).toEqual([
      7, 7, 7, 7,
    ])
  })

  it('to other reasons, language and time zone; but not to some that are broken', async () => {
    const folder = await copyOf(shop)
    const { engine, logged } = await engineOf(folder)
    expect(engine.settings()).toMatchObject({ language: 'en', timeZone: 'America/Sao_Paulo' })
    const reasons = [{ id: 'fair', en: 'Fair', 'pt-BR': 'Feira' }]
    await put(folder, {
      'decisions.yml': JSON.stringify({ reasons }),
      'project.yml': 'language: pt-BR\ntimeZone: Europe/Lisbon\n',
    })
    await engine.look()
    const settings = { reasons, language: 'pt-BR', timeZone: 'Europe/Lisbon' }
    expect(engine.settings()).toEqual(settings)
    for (const file of ['decisions.yml', 'project.yml']) {
      const whole = await readFile(join(folder, file), 'utf8')
      await put(folder, { [file]: 'nothing: of this\n' })
      await engine.look()
      expect(engine.settings()).toEqual(settings)
      expect(engine.current().refused?.problem).toContain(file)
      expect(logged.at(-1)).toContain(file)
      await put(folder, { [file]: whole })
      await engine.look()
      expect(engine.current().refused).toBeUndefined()
    }
  })

  it('not at all where there is nothing to begin with', async () => {
    const project = await copyOf(shop)
    await rm(join(project, PRODUCTION), { recursive: true })
    await expect(engineOf(project)).rejects.toThrow('no model is in production yet')
    await putInProduction(project, { ...(await versionIn(shop)), files: new Map() })
    await expect(engineOf(project)).rejects.toThrow('README.md: is missing')
  })
})

/** The answers to questions that have one. */
function answered<T>(answers: Answered<T>[]): T[] {
  return answers.map((it) => {
    if (it.outcome === 'refused') throw new Error(JSON.stringify(it.problems))
    return it.answer
  })
}
