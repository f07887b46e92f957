import type { Frequency } from '../../demand/calendar.ts'
import { LEVELS } from '../../forecasting/levels.ts'
import { publishedText } from '../../ledger/published-forecasts.ts'
import type { Distributions } from '../../ordering/forecaster.ts'

/** Forecasts of every series as they are published. */
export function distributionsText({ from, series }: Distributions, frequency: Frequency): string {
  return publishedText({
    frequency,
    from,
    levels: LEVELS,
    series: series.map(({ productId, storeId, basis, ...rest }) => ({
      product: productId,
      ...(storeId !== undefined && { store: storeId }),
      restsOn: basis,
      ...rest,
    })),
  })
}
