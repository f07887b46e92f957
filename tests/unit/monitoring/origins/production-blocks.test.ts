import { describe, expect, it } from 'vitest'
import { isoFromDay } from '../../../../src/base/day.ts'
import { lastDay, periodOf } from '../../../../src/demand/calendar.ts'
import { openHistory } from '../../../../src/evaluation/search/history.ts'
import { trainAsOf } from '../../../../src/evaluation/search/search.ts'
import { LEVELS } from '../../../../src/forecasting/levels.ts'
import {
  type BlocksInput,
  productionBlocks,
} from '../../../../src/monitoring/origins/production-blocks.ts'
import type { ProductionOrigin } from '../../../../src/monitoring/origins/production-origin.ts'
import { openForecaster } from '../../../../src/ordering/forecaster-of-model.ts'
import { noPlan } from '../../../../src/sales/plan/plan.ts'
import type { DailyTotals } from '../../../../src/sales/totals/daily-totals.ts'
import { forecastAgain } from '../../../../src/steps/monitoring/forecast-again.ts'
import { monitoredSales } from '../../../../src/steps/monitoring/monitored-sales.ts'
import { totalsOf } from '../../demand/totals.ts'
import { OPENING, recipeOf, shopSales } from '../../evaluation/shop.ts'

const WEEKS = 30
const LEARNT = 22
const totals = totalsOf(shopSales(WEEKS))
const first = periodOf('week', OPENING)
const endOfWeek = (weeks: number) => lastDay('week', first + weeks - 1)
const { model } = await trainAsOf(openHistory(totals), recipeOf(), endOfWeek(LEARNT))

describe('the blocks since a promotion', () => {
  it('follow each other, as long as an order covers, up to the last one that is over', async () => {
    const { blocks, origins } = await seen({ start: first + 23, block: blocksOf(2) })
    const days = [23, 25, 27].map((week) => [endOfWeek(week) + 1, endOfWeek(week + 2)])
    expect(blocks.map(({ from, to }) => [from, to])).toEqual(days)
    expect(origins.map(({ rows }) => rows.horizon)).toEqual([3, 3, 3])
  })

  it('know nothing that came after the day as of which they are looked at', async () => {
    const { blocks, origins } = await seen({ start: first + 24, asOf: endOfWeek(27) })
    expect(blocks).toHaveLength(3)
    const later = await seen({ start: first + 24 })
    expect(origins[2].naive.mean.slice(0, 1)).toEqual(later.origins[2].naive.mean.slice(0, 1))
    expect(origins[2].rows.horizon).toBe(1)
  })

  it('are none before one is over', async () => {
    expect((await seen({ start: first + WEEKS })).blocks).toEqual([])
  })
})

describe('the forecasts of a block are', () => {
  const start = first + 28

  it('made again where none was published, and the same as the ones that were', async () => {
    const reproduced = await seen({ start })
    expect(forecastsOf(reproduced)[0]).toEqual({ from: 'reproduced' })
    const published = await seen({ start, published: publishedAfter(28) })
    expect(forecastsOf(published)[0]).toMatchObject({ from: 'published', id: 'whole' })
    expect(reproduced.origins[0].model).toEqual(published.origins[0].model)
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
})

async function seen({
  totals: sold = totals,
  ...changes
}: Partial<BlocksInput> & { totals?: DailyTotals }) {
  const origins: ProductionOrigin[] = []
  const { blocks } = await productionBlocks({
    recipe: model.recipe,
    sales: await monitoredSales({ kind: 'whole', model }, { totals: sold }, noPlan),
    forecastAgain: (part, rows) => forecastAgain({ kind: 'whole', model }, part, rows),
    block: blocksOf(1),
    start: first,
    published: { of: async () => undefined, orphaned: () => 0 },
    onPart: () => (origin) => origins.push(origin),
    ...changes,
  })
  return { blocks, origins }
}

/** What was published so many weeks after the opening. */
function publishedAfter(weeks: number): BlocksInput['published'] {
  const forecaster = openForecaster({ model, totals, asOf: endOfWeek(weeks) })
  const { from, series } = forecaster.distributions()
  const published = {
    frequency: 'week' as const,
    from,
    levels: LEVELS,
    series: series.map(({ productId, basis, mean, quantiles }) => ({
      ...{ product: productId, restsOn: basis, mean, quantiles },
    })),
  }
  const forecasts = { from: 'published' as const, id: 'whole', at: '2026-01-01T00:00:00.000Z' }
  return {
    of: async ({ first: period }) =>
      period === first + weeks ? { forecasts, published, file: 'whole' } : undefined,
    orphaned: () => 0,
  }
}

function blocksOf(periods: number) {
  return { frequency: 'week' as const, periods, inYear: Math.round(52 / periods) }
}

function forecastsOf({ blocks }: Awaited<ReturnType<typeof seen>>) {
  return blocks.flatMap((block) => (block.outcome === 'seen' ? [block.origin.forecasts] : []))
}
