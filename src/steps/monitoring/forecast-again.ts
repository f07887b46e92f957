import { isoFromDay } from '../../base/day.ts'
import { UserError } from '../../base/errors.ts'
import type { OriginForecast, OriginRows } from '../../evaluation/scoring/rows.ts'
import type { History } from '../../evaluation/search/history.ts'
import { LEVELS } from '../../forecasting/levels.ts'
import { madeAgain } from '../../monitoring/origins/production-blocks.ts'
import { publishedOrigin } from '../../monitoring/origins/published-origin.ts'
import type { OpenedArtifact } from '../../registry/model-parts.ts'
import type { Plan } from '../../sales/plan/plan.ts'
import type { DailyTotals } from '../../sales/totals/daily-totals.ts'
import { totalsAsOf } from '../../sales/totals/known-totals.ts'
import type { PartedBy } from '../../sales/totals/parts.ts'
import { forecasterOf } from '../forecasts/open-forecasts.ts'

/** The sales from which something is forecast again, and by what a model in parts parts them. */
export type SalesAgain = {
  history: History
  totals: DailyTotals
  plan: Plan
  partedBy(partition: string): Promise<PartedBy>
}

/** What a model, whole or in parts, says of the rows from the sales until then, or why it cannot say it. */
export async function forecastAgain(
  artifact: OpenedArtifact,
  { history, totals, plan, partedBy }: SalesAgain,
  rows: OriginRows,
): Promise<OriginForecast | { problem: string }> {
  if (artifact.kind === 'whole') return await madeAgain(history, artifact.model, rows)
  const { recipe, trainedThrough } = artifact.parts.index
  const { day } = rows
  if (trainedThrough > isoFromDay(day)) {
    return { problem: `one of the models has learnt from sales up to ${trainedThrough}` }
  }
  try {
    const known = { totals: totalsAsOf(totals, day), plan, asOf: day }
    const { from, series } = (await forecasterOf(artifact, known, partedBy)).distributions()
    const said = series.map(({ productId, storeId, basis, mean, quantiles }) => ({
      product: productId,
      ...(storeId !== undefined && { store: storeId }),
      restsOn: basis,
      mean,
      quantiles,
    }))
    const { frequency } = recipe
    return publishedOrigin({ frequency, from, levels: LEVELS, series: said }, rows, 'model.json')
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { problem: error.what }
  }
}
