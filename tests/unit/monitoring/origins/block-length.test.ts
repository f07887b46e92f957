import { expect, it } from 'vitest'
import { blockLength } from '../../../../src/monitoring/origins/block-length.ts'

it.each([
  { leadTime: 2, reviewPeriod: 7, frequency: 'day', horizon: 28, periods: 7, inYear: 52 },
  { leadTime: 2, reviewPeriod: 3, frequency: 'day', horizon: 28, periods: 7, inYear: 52 },
  { leadTime: 9, reviewPeriod: 7, frequency: 'day', horizon: 28, periods: 14, inYear: 26 },
  { leadTime: 2, reviewPeriod: 3, frequency: 'day', horizon: 5, periods: 5, inYear: 73 },
  { leadTime: 4, reviewPeriod: 7, frequency: 'week', horizon: 10, periods: 1, inYear: 52 },
  { leadTime: 14, reviewPeriod: 14, frequency: 'week', horizon: 10, periods: 4, inYear: 13 },
  { leadTime: 1, reviewPeriod: 1, frequency: 'week', horizon: 10, periods: 1, inYear: 52 },
  { leadTime: 60, reviewPeriod: 60, frequency: 'week', horizon: 10, periods: 10, inYear: 5 },
  { leadTime: 30, reviewPeriod: 30, frequency: 'month', horizon: 6, periods: 1, inYear: 12 },
  { leadTime: 60, reviewPeriod: 30, frequency: 'month', horizon: 6, periods: 2, inYear: 6 },
] as const)(
  'a buyer who waits $leadTime days and orders every $reviewPeriod is held to blocks of $periods where they are a $frequency',
  ({ leadTime, reviewPeriod, frequency, horizon, periods, inYear }) => {
    const defaults = { leadTime, reviewPeriod, ...others }
    expect(blockLength({ defaults }, { frequency, horizon })).toEqual({
      frequency,
      periods,
      inYear,
    })
  },
)

const others = { pack: 1, urgentSurcharge: 0, shelfCost: 0.001, minimumService: 0 }
