import { beforeAll, describe, expect, it } from 'vitest'
import { type Day, isoFromDay } from '../../src/base/day.ts'
import { modelFrom } from '../../src/forecasting/model-file.ts'
import { partFile } from '../../src/forecasting/model-in-parts.ts'
import { readOrdering } from '../../src/ordering/buying-terms.ts'
import type { Forecaster } from '../../src/ordering/forecaster.ts'
import { forecasterOfParts } from '../../src/ordering/forecaster-of-parts.ts'
import { seriesId } from '../../src/sales/totals/daily-totals.ts'
import { inputsIn, validateSales } from '../../src/steps/data/inputs.ts'
import {
  challengerToAsk,
  type ModelToAsk,
  modelInProduction,
  openForecasts,
} from '../../src/steps/forecasts/open-forecasts.ts'
import { train } from '../../src/steps/model/train.ts'
import { withHistories } from '../../src/steps/model/with-history.ts'
import { cd4ml, mergeProposal } from '../project.ts'
import { commitAll, copyOf, put } from '../repository.ts'
import { dataFiles, OPENING, productIds, recipe, type Sale, salesOf } from '../shop.ts'
import {
  chainSales,
  inputsOf,
  NONE,
  outOf,
  partedProject,
  proposed,
  STORES,
  TODAY,
  trainAndCompare,
  WEEKS,
} from './parts-fixture.ts'

const CHAIN = STORES.slice(0, 3)
const FAMILIES = 'moving-average: { window: 6 }'

let chain: string

beforeAll(async () => {
  chain = await promoted(chainSales(CHAIN))
})

describe('a version in parts forecasts', () => {
  it('of every store what a project with its sales alone forecasts', async () => {
    const all = await forecasterIn(chain)
    for (const store of CHAIN) {
      const own = chainSales(CHAIN).filter((sale) => sale.store === store)
      const alone = await trainedAlone(own)
      const ofStore = <T extends { storeId?: string }>(rows: T[]) =>
        rows.filter(({ storeId }) => storeId === store)
      expect(ofStore(all.all()), store).toEqual(alone.all())
      expect(ofStore(all.distributions().series)).toEqual(alone.distributions().series)
      const terms = await readOrdering(chain)
      expect(ofStore(all.order(terms))).toEqual(alone.order(terms))
      for (const days of [3, 20, 60]) {
        const span = { productId: 'P2', storeId: store, from: TODAY, to: TODAY + days }
        expect(all.span(span)).toEqual(alone.span(span))
        expect(all.order(terms, span)).toEqual(alone.order(terms, span))
      }
    }
  })

  it('in the order of one model of all series, so that files differ by what they say alone', async () => {
    const whole = await trainedAlone(chainSales(CHAIN))
    const parts = await forecasterIn(chain)
    expect(parts.series).toEqual(whole.series)
    const named = ({ productId, storeId }: { productId: string; storeId?: string }) =>
      seriesId({ productId, storeId })
    expect(parts.all().map(named)).toEqual(whole.all().map(named))
    const question = { productId: 'P3', from: TODAY, to: TODAY + 6 }
    expect(parts.span(question).forecasts.map(named)).toEqual(
      whole.span(question).forecasts.map(named),
    )
    expect(parts.orderDay).toBe(whole.orderDay)
    expect(parts.find('P3')).toEqual(whole.find('P3'))
    for (const asked of [
      { ...question, productId: 'nothing' },
      { ...question, storeId: 'nowhere' },
      { ...question, to: TODAY + 2000 },
      { ...question, from: OPENING, to: OPENING },
    ]) {
      expect(parts.noAnswer(asked)).toEqual(whole.noAnswer(asked))
      expect(() => parts.span(asked)).toThrow(errorOf(() => whole.span(asked)))
    }
  })

  it('of a store that sells no more the same weeks as of the others', async () => {
    const project = await copyOf(chain)
    const [closed] = CHAIN
    const sales = chainSales(CHAIN).filter(
      ({ store, day }) => store !== closed || day < OPENING + (WEEKS - 6) * 7,
    )
    await put(project, dataFiles(sales))
    await retrained(project)
    const { from, series } = (
      await forecasterIn(project, await challengerToAsk(project, outOf(project)))
    ).distributions()
    expect(from[0]).toBe(isoFromDay(TODAY))
    const ofClosed = series.filter(({ storeId }) => storeId === closed)
    expect(ofClosed).toHaveLength(4)
    // It has sold nothing in all the weeks that the model looks at.
    for (const { mean } of ofClosed) expect(mean).toEqual([0, 0, 0, 0])
  })

  it.each([
    ['day', 'on three firsts of a month', [0, 31, 60]],
    ['week', 'on three firsts of a month', [0, 31, 60]],
    ['week', 'until three weeks ago', Array.from({ length: 130 }, (_, day) => day)],
    ['month', 'on three days', [3, 70, 120]],
  ])(
    'by %s of a store that sold %s the same periods as of the others',
    async (frequency, _, on) => {
      const periods = 151
      const daily = ['often', 'rarely'].flatMap((store, index) =>
        salesOf({ products: productIds(3), frequency: 'day', periods, seed: index + 1 })
          .filter(({ day }) => store === 'often' || on.includes(day - OPENING))
          .map((sale) => ({ ...sale, units: sale.units + 1, store })),
      )
      const project = await partedProject(daily, 'store', FAMILIES)
      const { 'recipe.yml': text } = recipe(FAMILIES, { horizon: 2 })
      const parted = `${text}partition: store\n`.replace('week', frequency)
      await put(project, { 'recipe.yml': parted.replace('origins: 2', 'origins: 1') })
      await commitAll(project, `Forecast by ${frequency}`)
      await retrained(project)
      const asked = await challengerToAsk(project, outOf(project))
      const forecaster = await forecasterIn(project, asked, OPENING + periods)
      const { from, series } = forecaster.distributions()
      const next = { day: OPENING + periods, week: OPENING + 147, month: OPENING + 121 }[frequency]!
      expect(from[0]).toBe(isoFromDay(next))
      expect(series).toHaveLength(6)
      for (const { mean } of series) expect(mean.every((units) => units >= 0)).toBe(true)
      const orders = forecaster.order(await readOrdering(project))
      expect(orders.map(({ storeId }) => storeId)).toEqual(series.map(({ storeId }) => storeId))
    },
  )

  it('as of an earlier day, trained and asked, what it would have without what sold since', async () => {
    const day = TODAY - 29
    const project = await copyOf(chain)
    await retrained(project, isoFromDay(day))
    const { artifact } = await challengerToAsk(project, outOf(project))
    const options = { ...inputsIn(project, TODAY, { data: 'data' }), asOf: day }
    const then = await openForecasts(artifact, options)
    if (then.outcome === 'invalid') throw new Error('the sales are valid')
    const sold = chainSales(CHAIN).filter((sale) => sale.day <= day)
    const earlier = await partedProject(sold, 'store', FAMILIES)
    await retrained(earlier)
    const own = await challengerToAsk(earlier, outOf(earlier))
    const alone = await forecasterIn(earlier, own, day + 1)
    expect(then.forecaster.distributions()).toEqual(alone.distributions())
    const terms = await readOrdering(project)
    expect(then.forecaster.order(terms)).toEqual(alone.order(terms))
  })

  it('of one product by the part alone that sells it, which is opened once', async () => {
    const { artifact } = (await modelInProduction(chain))!
    const sales = await validateSales(inputsIn(chain, TODAY, { data: 'data' }))
    if (artifact.kind === 'whole' || sales.outcome === 'invalid') throw new Error('not in parts')
    const { index, bytes } = artifact.parts
    const files = new Map<string, Uint8Array>()
    for (const { file } of index.parts) files.set(file, await bytes(file))
    const opened: string[] = []
    const modelIn = (file: string) => {
      opened.push(file)
      return modelFrom(files.get(file)!, file)
    }
    const forecaster = forecasterOfParts({ ...sales, index, modelIn, partedBy: 'store' })
    const question = { productId: 'P1', storeId: CHAIN[1], from: TODAY, to: TODAY + 6 }
    forecaster.span(question)
    forecaster.order(await readOrdering(chain), question)
    expect(opened).toEqual([partFile(CHAIN[1])])
    forecaster.all()
    expect(opened.toSorted()).toEqual([...files.keys()].toSorted())
  })

  it.each(['category', 'kind'])(
    'by %s what it forecasts of each of its values alone',
    async (by) => {
      const sales = chainSales(CHAIN.slice(0, 2))
      // A column that means nothing else, by which the same products stand together.
      const named = (files: Record<string, string>) =>
        Object.fromEntries(
          Object.entries(files).map(([name, text]) => [
            name,
            by === 'kind'
              ? text.replaceAll('category', 'kind').replace('"kind": "kind",', '')
              : text,
          ]),
        )
      const train = async (of: Sale[], partition: string) => {
        const project = await partedProject(of, partition, FAMILIES)
        await put(project, named(dataFiles(of)))
        await retrained(project)
        return await forecasterIn(project, await challengerToAsk(project, outOf(project)))
      }
      const all = (await train(sales, by)).all()
      for (const category of ['bakery', 'dairy']) {
        const own = sales.filter((sale) => sale.category === category)
        const products = new Set(own.map(({ product }) => product))
        const alone = (await train(own, NONE)).all()
        expect(alone.length).toBeGreaterThan(0)
        expect(all.filter(({ productId }) => products.has(productId))).toEqual(alone)
      }
    },
  )

  it('of a store that opened since, today or weeks ago, as of new series of the largest', async () => {
    const days = (stores: string[], from: number) =>
      stores.flatMap((store, index) =>
        salesOf({ products: productIds(4), frequency: 'day', periods: DAYS, seed: index + 1 })
          .filter(({ day }) => day >= OPENING + from)
          .map((sale) => ({ ...sale, store })),
      )
    const today = OPENING + DAYS
    const project = await promoted(days(['north', 'south'], 0), today)
    for (const [ago, basis] of [
      [1, 'category'],
      [21, 'series'],
    ] as const) {
      await put(project, dataFiles([...days(['north', 'south'], 0), ...days(['new'], DAYS - ago)]))
      const forecaster = await forecasterIn(project, undefined, today)
      expect(forecaster.standIns(), basis).toEqual([{ part: 'new', by: 'north' }])
      expect(forecaster.standIns({ productId: 'P1', storeId: 'south' })).toEqual([])
      const ofNew = forecaster.all().filter(({ storeId }) => storeId === 'new')
      expect(ofNew).toHaveLength(4 * 4)
      for (const { mean, basis: own } of ofNew) {
        expect(mean).toBeGreaterThan(0)
        expect(own).toBe(basis)
      }
    }
  })
})

describe('the command line', () => {
  it('forecasts and orders by a version in parts, one product or all', async () => {
    const all = await asked(chain, ['forecast', '--all', '--format', 'json'])
    expect(all).toMatchObject({ model: '3 models by store', source: 'version 1 in production' })
    expect(all.forecasts).toHaveLength(3 * 4 * 4)
    const days = ['--from', isoFromDay(TODAY), '--to', isoFromDay(TODAY + 6)]
    const one = await asked(chain, ['forecast', '--product', 'P1', ...days, '--json'])
    expect(one.forecasts.map(({ storeId }: Sale & { storeId: string }) => storeId)).toEqual(
      CHAIN.toSorted(),
    )
    expect(one.orders).toHaveLength(3)
    const orders = await asked(chain, ['order', '--json'])
    expect(orders.orders).toHaveLength(3 * 4)
    expect(orders.standIns).toBeUndefined()
  })

  it('says of which store the model is that stands in', async () => {
    const project = await copyOf(chain)
    const young = chainSales(['Novo']).filter(({ day }) => day >= TODAY - 21)
    await put(project, dataFiles([...chainSales(CHAIN), ...young]))
    const by = CHAIN.toSorted()[0]
    const run = await cd4ml(project, ['forecast', '--all'], ENV)
    expect(run.stderr).toContain(
      `Without a model of its own yet, and forecast by that of ${by}: Novo.`,
    )
    const orders = await asked(project, ['order', '--json'])
    expect(orders.standIns).toEqual([{ part: 'Novo', by }])
  })

  it('takes the challenger in parts where the version in production has seen too much', async () => {
    const project = await copyOf(chain)
    const day = isoFromDay(TODAY - 29)
    await retrained(project, day)
    const days = ['--from', isoFromDay(TODAY - 28), '--to', isoFromDay(TODAY - 22)]
    const then = await asked(project, [
      'forecast',
      '--product',
      'P1',
      ...days,
      '--as-of',
      day,
      '--json',
    ])
    expect(then).toMatchObject({ model: '3 models by store', trainedThrough: day })
    expect(then.forecasts).toHaveLength(3)
  })
})

/** Its last week is not over. */
const DAYS = 7 * 20 + 3

const ENV = { CD4ML_TODAY: isoFromDay(TODAY) }

// biome-ignore lint/suspicious/noExplicitAny: what a command printed, of which a test says what it expects
async function asked(project: string, args: string[]): Promise<any> {
  const run = await cd4ml(project, args, ENV)
  if (run.code !== 0) throw new Error(run.stderr)
  return JSON.parse(run.stdout)
}

function errorOf(call: () => unknown): string {
  try {
    call()
  } catch (error) {
    return (error as Error).message
  }
  throw new Error('nothing was thrown')
}

/** A project with a version in production. */
async function promoted(sales: Sale[], today?: Day): Promise<string> {
  const project = await partedProject(sales, 'store', FAMILIES)
  await trainAndCompare(project, undefined, today)
  await proposed(project, { baseline: true })
  await mergeProposal(project)
  return project
}

async function retrained(project: string, asOf?: string): Promise<void> {
  await commitAll(project, 'Sell')
  const inputs = await inputsOf(project, asOf)
  await withHistories(inputs, (histories) => train({ inputs, histories, out: outOf(project) }))
}

/** What one model says of these sales. */
async function trainedAlone(sales: Sale[]): Promise<Forecaster> {
  const project = await partedProject(sales, NONE, FAMILIES)
  await retrained(project)
  return await forecasterIn(project, await challengerToAsk(project, outOf(project)))
}

async function forecasterIn(
  project: string,
  asked?: ModelToAsk,
  today = TODAY,
): Promise<Forecaster> {
  const { artifact } = asked ?? (await modelInProduction(project))!
  const opened = await openForecasts(artifact, inputsIn(project, today, { data: 'data' }))
  if (opened.outcome === 'invalid') throw new Error(JSON.stringify(opened.report))
  return opened.forecaster
}
