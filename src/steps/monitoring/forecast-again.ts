import { isoFromDay } from '../../base/day.ts'
import { UserError } from '../../base/errors.ts'
import type { OriginForecast, OriginRows } from '../../evaluation/scoring/rows.ts'
import { openHistory } from '../../evaluation/search/history.ts'
import { LEVELS } from '../../forecasting/levels.ts'
import type { Model } from '../../forecasting/model.ts'
import { modelOfPart } from '../../forecasting/model-in-parts.ts'
import type { MonitoredPart } from '../../monitoring/origins/monitored-sales.ts'
import { madeAgain } from '../../monitoring/origins/production-blocks.ts'
import { publishedOrigin } from '../../monitoring/origins/published-origin.ts'
import { forecasterOfParts } from '../../ordering/forecaster-of-parts.ts'
import type { OpenedArtifact, OpenedParts } from '../../registry/model-parts.ts'
import { totalsAsOf } from '../../sales/totals/known-totals.ts'

/** What a model, whole or in parts, says of the rows from the sales until then, or why it cannot say it. */
export async function forecastAgain(
  artifact: OpenedArtifact,
  { totals, plan, partedBy }: MonitoredPart,
  rows: OriginRows,
): Promise<OriginForecast | { problem: string }> {
  const { day } = rows
  if (artifact.kind === 'whole') {
    return await madeAgain(openHistory(totals, { plan, asOf: day }), artifact.model, rows)
  }
  const { index } = artifact.parts
  if (index.trainedThrough > isoFromDay(day)) {
    return { problem: `one of the models has learnt from sales up to ${index.trainedThrough}` }
  }
  try {
    const models = await modelsOf(artifact.parts, new Set(partedBy.values()))
    const modelIn = (file: string) => models.get(file)!
    const known = { totals: totalsAsOf(totals, day), plan, asOf: day }
    const { from, series } = forecasterOfParts({
      index,
      modelIn,
      partedBy,
      ...known,
    }).distributions()
    const said = series.map(({ productId, storeId, basis, mean, quantiles }) => ({
      product: productId,
      ...(storeId !== undefined && { store: storeId }),
      restsOn: basis,
      mean,
      quantiles,
    }))
    const { frequency } = index.recipe
    return publishedOrigin({ frequency, from, levels: LEVELS, series: said }, rows, 'model.json')
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { problem: error.what }
  }
}

/** Those that forecast parts of these names, by their files. */
async function modelsOf(
  { index, load }: OpenedParts,
  names: ReadonlySet<string>,
): Promise<Map<string, Model>> {
  const models = new Map<string, Model>()
  for (const name of names) {
    const { part } = modelOfPart(index, name)
    if (!models.has(part.file)) models.set(part.file, (await load(part.name)).model)
  }
  return models
}
