import { beforeAll, describe, expect, it } from 'vitest'
import { isoFromDay } from '../../../src/base/day.ts'
import { inputsIn } from '../../../src/steps/data/inputs.ts'
import {
  type ProductionSeen,
  readProduction,
} from '../../../src/steps/monitoring/read-production.ts'
import { copyOf } from '../../repository.ts'
import {
  LEARNT,
  mondayAfter,
  monitoredShop,
  morningAfter,
  passWeeks,
  publishAfter,
} from './monitored-shop.ts'

let promoted: string

beforeAll(async () => {
  promoted = await monitoredShop()
})

describe('of the model in production is seen', () => {
  it('every block since its promotion that is over, with what was published at its start', async () => {
    const project = await copyOf(promoted)
    const ids: string[] = []
    for (const weeks of [LEARNT, LEARNT + 1, LEARNT + 2]) {
      await passWeeks(project, weeks)
      ids.push(await publishAfter(project, weeks))
    }
    await passWeeks(project, LEARNT + 3)
    const { blocks, origins, block } = await seen(project, LEARNT + 3)
    expect(block).toEqual({ frequency: 'week', periods: 1, inYear: 52 })
    expect(blocks.map(({ from }) => isoFromDay(from))).toEqual(
      [0, 1, 2].map((week) => isoFromDay(mondayAfter(LEARNT + week))),
    )
    expect(origins.map(({ forecasts }) => forecasts)).toMatchObject(
      ids.map((id) => ({ from: 'published', id })),
    )
    expect(origins.map(({ rows }) => rows.horizon)).toEqual([3, 2, 1])
    expect(origins.map(({ knownDemand }) => knownDemand)).toEqual([1, 1, 1])
  })
})

async function seen(project: string, weeks: number): Promise<ProductionSeen> {
  const read = await readProduction({
    options: inputsIn(project, mondayAfter(weeks), { data: 'data' }),
    at: morningAfter(weeks),
  })
  if (read.outcome !== 'seen') throw new Error(JSON.stringify(read))
  return read
}
