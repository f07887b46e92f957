import { isoFromDay } from '../../base/day.ts'
import { UserError } from '../../base/errors.ts'
import { backtestChampion } from '../../evaluation/backtest.ts'
import type { OriginForecast, OriginRows } from '../../evaluation/scoring/rows.ts'
import { openHistory } from '../../evaluation/search/history.ts'
import { LEVELS } from '../../forecasting/levels.ts'
import type { Model } from '../../forecasting/model.ts'
import { modelOfPart } from '../../forecasting/model-in-parts.ts'
import type { MonitoredPart } from '../../monitoring/origins/monitored-sales.ts'
import { publishedOrigin } from '../../monitoring/origins/published-origin.ts'
import { forecasterOfParts } from '../../ordering/forecaster-of-parts.ts'
import type { OpenedArtifact, OpenedParts } from '../../registry/model-parts.ts'
import { totalsAsOf } from '../../sales/totals/known-totals.ts'
import { seriesByPart } from '../../sales/totals/parts.ts'

/** What a model, whole or in parts, says of the rows from the sales until then, or why it cannot say it. */
export async function forecastAgain(
  artifact: OpenedArtifact,
  part: MonitoredPart,
  rows: OriginRows,
): Promise<OriginForecast | { problem: string }> {
  try {
    return artifact.kind === 'whole'
      ? await byModel(artifact.model, part, rows)
      : await byParts(artifact.parts, part, rows)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { problem: error.what }
  }
}

async function byModel(
  model: Model,
  { totals, plan }: MonitoredPart,
  rows: OriginRows,
): ReturnType<typeof forecastAgain> {
  const { trainedThrough, recipe } = model
  if (trainedThrough > isoFromDay(rows.day)) {
    return { problem: `the model has learnt from sales up to ${trainedThrough}` }
  }
  const history = openHistory(totals, { plan, asOf: rows.day })
  const { forecasts } = await backtestChampion(history, model, [rows], recipe.frequency)
  return forecasts[0]
}

async function byParts(
  parts: OpenedParts,
  { totals, plan, partedBy }: MonitoredPart,
  rows: OriginRows,
): ReturnType<typeof forecastAgain> {
  const { index } = parts
  const { day } = rows
  if (index.trainedThrough > isoFromDay(day)) {
    return { problem: `one of the models has learnt from sales up to ${index.trainedThrough}` }
  }
  const models = await modelsOf(parts, seriesByPart(totals, partedBy).keys())
  const { from, series } = forecasterOfParts({
    index,
    modelIn: (file) => models.get(file)!,
    partedBy,
    totals: totalsAsOf(totals, day),
    plan,
    asOf: day,
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
}

/** Those that forecast parts of these names, by their files. */
async function modelsOf(
  { index, load }: OpenedParts,
  names: Iterable<string>,
): Promise<Map<string, Model>> {
  const models = new Map<string, Model>()
  for (const name of names) {
    const { part } = modelOfPart(index, name)
    if (!models.has(part.file)) models.set(part.file, (await load(part.name)).model)
  }
  return models
}
