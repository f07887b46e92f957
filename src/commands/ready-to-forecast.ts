import { join, resolve } from 'node:path'
import { dayFromIso } from '../base/day.ts'
import { type Model, modelName } from '../forecasting/model.ts'
import { modelFrom } from '../forecasting/model-file.ts'
import { type Ordering, readOrdering } from '../ordering/buying-terms.ts'
import { type Forecaster, openForecaster } from '../ordering/forecaster.ts'
import { readChallenger } from '../registry/challenger.ts'
import { PRODUCTION, readWorkingVersion } from '../registry/production.ts'
import { renderValidationMarkdown } from '../reporting/validation-markdown.ts'
import { inputsIn, validateSales } from '../steps/data/inputs.ts'
import { CHALLENGER, type DataOptions } from './options.ts'
import type { Shell } from './shell.ts'

/** Options of every command that forecasts. */
export type ForecastingOptions = DataOptions & {
  out?: string
  recipe?: string
  ordering?: string
}

/** Which model forecasts, as people name it. */
export type About = { model: string; source: string; trainedThrough: string }

/**
 * Finds the model, reads the sales, and opens the forecaster of the two. Where the data says no, it shows the report, sets exit code 1
 * and returns nothing.
 */
export async function readyToForecast(
  shell: Shell,
  options: ForecastingOptions,
): Promise<{ forecaster: Forecaster; about: About } | undefined> {
  const { model, from: source } = await modelFor(shell, options)
  const { asOf } = options
  const result = await validateSales(inputsIn(shell.project, await shell.today(), options))
  if (result.outcome === 'invalid') {
    shell.say(renderValidationMarkdown(result.report))
    shell.exitWith(1)
    return undefined
  }
  return {
    forecaster: openForecaster({
      model,
      totals: result.totals,
      ...(asOf !== undefined && { asOf }),
    }),
    about: { model: modelName(model), source, trainedThrough: model.trainedThrough },
  }
}

export function orderingFor(
  { project }: Shell,
  { ordering }: ForecastingOptions,
): Promise<Ordering> {
  return readOrdering(project, ordering === undefined ? undefined : resolve(project, ordering))
}

export function aboutText({ model, source, trainedThrough }: About): string {
  return `Forecast by ${source}: ${model}, trained through ${trainedThrough}.`
}

/**
 * The model in production, or the challenger: where its folder is named, and where the production
 * model is of other data or has learnt from later days than those that may be seen.
 */
async function modelFor(
  shell: Shell,
  { out, data, contract, recipe, asOf }: ForecastingOptions,
): Promise<{ model: Model; from: string }> {
  const version = await readWorkingVersion(shell.project)
  const ownData = data === 'data' && contract === undefined && recipe === undefined
  const bytes = version?.files.get('model.json')
  if (version && bytes && out === undefined && ownData) {
    const model = modelFrom(bytes, join(PRODUCTION, 'model.json'))
    const trainedThrough = dayFromIso(model.trainedThrough) ?? Number.POSITIVE_INFINITY
    if (asOf === undefined || trainedThrough <= asOf) {
      return { model, from: `version ${version.manifest.version} in production` }
    }
  }
  const folder = out ?? CHALLENGER
  const { model } = await readChallenger(resolve(shell.project, folder))
  return { model, from: `the challenger in ${folder}` }
}
