import { describe, expect, it } from 'vitest'
import { isoFromDay } from '../../../../src/base/day.ts'
import { UserError } from '../../../../src/base/errors.ts'
import { lastDay, periodOf } from '../../../../src/demand/calendar.ts'
import { openHistory } from '../../../../src/evaluation/search/history.ts'
import { trainAsOf } from '../../../../src/evaluation/search/search.ts'
import { LEVELS } from '../../../../src/forecasting/levels.ts'
import type { Model } from '../../../../src/forecasting/model.ts'
import {
  type BlocksInput,
  madeAgain,
  productionBlocks,
} from '../../../../src/monitoring/origins/production-blocks.ts'
import { openForecaster } from '../../../../src/ordering/forecaster.ts'
import { totalsOf } from '../../demand/totals.ts'
import { OPENING, recipeOf, shopSales } from '../../evaluation/shop.ts'
import { made } from '../../reporting/examples.ts'

const WEEKS = 30
const LEARNT = 22
const totals = totalsOf(shopSales(WEEKS))
const first = periodOf('week', OPENING)
const endOfWeek = (weeks: number) => lastDay('week', first + weeks - 1)
const { model } = await trainAsOf(openHistory(totals), recipeOf(), endOfWeek(LEARNT))

describe('the blocks since a promotion', () => {
  it('follow each other, as long as an order covers, up to the last one that is over', async () => {
    const { blocks } = await seen({ start: first + 23, block: blocksOf(2) })
    const days = [23, 25, 27].map((week) => [endOfWeek(week) + 1, endOfWeek(week + 2)])
    expect(blocks.map(({ from, to }) => [from, to])).toEqual(days)
    expect(origins(blocks).map(({ rows }) => rows.horizon)).toEqual([3, 3, 3])
  })

  it('know nothing that came after the day as of which they are looked at', async () => {
    const { blocks } = await seen({ start: first + 24, asOf: endOfWeek(27) })
    expect(blocks).toHaveLength(3)
    const later = await seen({ start: first + 24 })
    expect(origins(blocks)[2].naive.mean.slice(0, 1)).toEqual(
      origins(later.blocks)[2].naive.mean.slice(0, 1),
    )
    expect(origins(blocks)[2].rows.horizon).toBe(1)
  })

  it('are none before one is over', async () => {
    expect((await seen({ start: first + WEEKS })).blocks).toEqual([])
  })
})

describe('the forecasts of a block are', () => {
  const start = first + 28

  it('those that were published first, and where these cannot be read, the next that can', async () => {
    const publications = new Map([[start, [publication('broken'), publication('whole')]]])
    const { blocks, leftOut } = await seen({ start, publications })
    expect(origins(blocks)[0].forecasts).toMatchObject({ from: 'published', id: 'whole' })
    expect(leftOut).toEqual([{ file: 'forecasts/broken/record.json', problem: 'is damaged' }])
  })

  it('made again where none can be read, and the same as the ones that were published', async () => {
    const reproduced = await seen({ start })
    expect(origins(reproduced.blocks)[0].forecasts).toEqual({ from: 'reproduced' })
    const published = await seen({
      start,
      publications: new Map([[start, [publication('whole')]]]),
    })
    const [a, b] = [reproduced, published].map(({ blocks }) => origins(blocks)[0].model)
    expect(a).toEqual(b)
  })

  it('not known where the model had learnt from what it would forecast', async () => {
    const { blocks } = await seen({ start: first + LEARNT - 1 })
    expect(blocks[0]).toMatchObject({
      outcome: 'no forecasts',
      problem: expect.stringContaining(isoFromDay(endOfWeek(LEARNT))),
    })
    expect(blocks[1].outcome).toBe('seen')
  })

  it('not known where nothing sold in the week before, so that nobody could forecast from its end', async () => {
    const closed = totalsOf(
      shopSales(WEEKS).filter(
        ({ day }) => Number(day) <= endOfWeek(27) || Number(day) > endOfWeek(28),
      ),
    )
    const { blocks } = await seen({ start, totals: closed })
    expect(blocks.map(({ outcome }) => outcome)).toEqual(['no forecasts', 'seen'])
  })

  it('not believed to be a bug’s: what is no mistake of a file goes on', async () => {
    const publications = new Map([[start, [publication('bug')]]])
    await expect(seen({ start, publications })).rejects.toThrow(TypeError)
  })
})

function seen({ model: own = model, ...changes }: Partial<BlocksInput> & { model?: Model }) {
  const sales = changes.totals ?? totals
  return productionBlocks({
    version: 3,
    recipe: own.recipe,
    forecastAgain: (rows) => madeAgain(openHistory(sales, { asOf: rows.day }), own, rows),
    totals,
    block: blocksOf(1),
    start: first,
    publications: new Map(),
    read: async ({ id }) => {
      if (id === 'bug') throw new TypeError('no')
      if (id === 'broken') throw new UserError('is damaged', { file: 'content/x' })
      return publishedAfter(28)
    },
    readShadow: async () => undefined,
    ...changes,
  })
}

function publishedAfter(weeks: number) {
  const forecaster = openForecaster({ model, totals, asOf: endOfWeek(weeks) })
  const { from, series } = forecaster.distributions()
  return {
    frequency: 'week' as const,
    from,
    levels: LEVELS,
    series: series.map(({ productId, basis, mean, quantiles }) => ({
      ...{ product: productId, restsOn: basis, mean, quantiles },
    })),
  }
}

function publication(id: string) {
  return { id, record: made() }
}

function blocksOf(periods: number) {
  return { frequency: 'week' as const, periods, inYear: Math.round(52 / periods) }
}

function origins(blocks: Awaited<ReturnType<typeof productionBlocks>>['blocks']) {
  return blocks.flatMap((block) => (block.outcome === 'seen' ? [block.origin] : []))
}
