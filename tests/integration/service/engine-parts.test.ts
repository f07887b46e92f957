import { beforeAll, describe, expect, it } from 'vitest'
import type { Answered } from '../../../src/service/engine/engine.ts'
import {
  type LoadedProduction,
  loadProduction,
} from '../../../src/service/engine/load-production.ts'
import { succeedJson } from '../../project.ts'
import { put } from '../../repository.ts'
import { dataFiles } from '../../shop.ts'
import { engineOf, inStores, LAST_DAY, SALES, shopWith, TODAY } from './engine-fixture.ts'

/** A chain with a model for each of two stores in production, and a third that opened since. */
let chain: string
let loaded: LoadedProduction

const CHAIN = inStores(SALES)
const NEW = CHAIN.filter(({ store, day }) => store === 'south' && day > LAST_DAY - 14).map(
  (sale) => ({ ...sale, store: 'west' }),
)
const days = { from: '2024-07-29', to: '2024-08-11' }

beforeAll(async () => {
  chain = await shopWith('moving-average: { window: 8 }', dataFiles(CHAIN), 'partition: store')
  await put(chain, dataFiles([...CHAIN, ...NEW]))
  loaded = await loadProduction({ project: chain, today: TODAY })
})

describe('the service answers by a model in parts', () => {
  it('as the command line does, of every store by its own model', async () => {
    expect(loaded.now).toMatchObject({ modelName: '2 models by store', basis: { version: 1 } })
    expect(loaded.now.series).toHaveLength(12)
    const asked = ['north', 'south', 'west'].map((store) => ({ product: 'P2', store, ...days }))
    const answers = answered(loaded.forecasts(asked))
    const printed = await succeedJson(chain, [
      ...['forecast', '--product', 'P2', '--from', days.from, '--to', days.to],
    ])
    expect(answers.map(({ mean }) => mean)).toEqual(
      printed.forecasts.map(({ mean }: { mean: number }) => mean),
    )
    expect(answers.map(({ standsIn }) => standsIn)).toEqual([undefined, undefined, 'north'])
    const orders = await succeedJson(chain, ['order'])
    const [all] = answered(loaded.orders())
    expect(all.map(({ order }) => order)).toEqual(
      orders.orders.map(({ reason: _, ...order }: { reason: string }) => order),
    )
    expect(answered(loaded.orders([{ product: 'P2', store: 'south' }]))).toEqual([
      [all.find(({ order }) => order.productId === 'P2' && order.storeId === 'south')],
    ])
  })

  it('of a product in several stores only when it is told which, and never of an unknown one', () => {
    const refused = loaded.forecasts([
      { product: 'P1', ...days },
      { product: 'P1', store: 'nowhere', ...days },
      { product: 'P1', store: 'north', ...days, price: 3 },
    ])
    expect(refused.map(({ outcome }) => outcome)).toEqual(Array(3).fill('refused'))
  })

  it('with the course of each series, from the sales of its own store', () => {
    for (const [store, more] of [
      ['north', 0],
      ['south', 7],
    ] as const) {
      const view = loaded.product('P1', store)!
      const first = SALES.filter(({ product }) => product === 'P1').slice(0, 7)
      expect(view.history[0].units).toBe(first.reduce((sum, { units }) => sum + units + more, 0))
      expect(view.ahead).toHaveLength(5)
    }
    expect(loaded.product('P1', 'west')!.history).toHaveLength(2)
    expect(loaded.product('P1')).toBeUndefined()
  })

  it('in a thread of its own, as it does by one model', async () => {
    const { engine } = await engineOf(chain)
    const { answers } = await engine.forecasts([{ product: 'P3', store: 'north', ...days }])
    expect(answers).toEqual(loaded.forecasts([{ product: 'P3', store: 'north', ...days }]))
  })
})

function answered<T>(answers: Answered<T>[]): T[] {
  return answers.map((it) => {
    if (it.outcome === 'refused') throw new Error(JSON.stringify(it.problems))
    return it.answer
  })
}
