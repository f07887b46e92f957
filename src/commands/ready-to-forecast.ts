import { join, resolve } from 'node:path'
import { dayFromIso } from '../base/day.ts'
import type { Language } from '../base/language.ts'
import { type Model, modelName } from '../forecasting/model.ts'
import { modelFrom } from '../forecasting/model-file.ts'
import { type Ordering, readOrdering } from '../ordering/buying-terms.ts'
import { type Forecaster, openForecaster, type SeriesOrder } from '../ordering/forecaster.ts'
import { type SalesAge, salesAge } from '../ordering/sales-age.ts'
import { readChallenger } from '../registry/challenger.ts'
import { PRODUCTION, readWorkingVersion } from '../registry/production.ts'
import { orderReason } from '../reporting/order-reason.ts'
import { forecastTexts } from '../reporting/texts/forecast.ts'
import { numbersIn } from '../reporting/texts/numbers.ts'
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

/** Where the model is from. */
type Source = { version: number } | { folder: string }

export type Ready = {
  forecaster: Forecaster
  salesAge(): SalesAge
  /** Which model forecasts, for programs. */
  about: { model: string; source: string; trainedThrough: string }
  /** The same as a sentence. */
  aboutText(language: Language): string
}

/**
 * Finds the model, reads the sales, and opens the forecaster of the two. Where the data says no, it
 * shows the report, sets exit code 1 and returns nothing.
 */
export async function readyToForecast(
  shell: Shell,
  options: ForecastingOptions,
): Promise<Ready | undefined> {
  const { model, source } = await modelFor(shell, options)
  const { asOf } = options
  const today = await shell.today()
  const result = await validateSales(inputsIn(shell.project, today, options))
  if (result.outcome === 'invalid') {
    shell.say(renderValidationMarkdown(result.report, 'en'))
    shell.exitWith(1)
    return undefined
  }
  const { totals } = result
  const forecaster = openForecaster({ model, totals, ...(asOf !== undefined && { asOf }) })
  return {
    forecaster,
    salesAge: () => salesAge(totals, forecaster.orderDay() - 1, asOf ?? today),
    about: {
      model: modelName(model),
      source: sourceText(source, 'en'),
      trainedThrough: model.trainedThrough,
    },
    aboutText: (language) =>
      forecastTexts[language].about(
        sourceText(source, language),
        modelName(model),
        numbersIn[language].day(model.trainedThrough),
      ),
  }
}

export function orderingFor(
  { project }: Shell,
  { ordering }: ForecastingOptions,
): Promise<Ordering> {
  return readOrdering(project, ordering === undefined ? undefined : resolve(project, ordering))
}

/** Orders for programs, with the sentence for people. */
export function withReasons(orders: SeriesOrder[], language: Language) {
  return orders.map((order) => ({ ...order, reason: orderReason(order, language) }))
}

function sourceText(source: Source, language: Language): string {
  const say = forecastTexts[language]
  return 'version' in source ? say.inProduction(source.version) : say.challenger(source.folder)
}

/**
 * The model in production, or the challenger: where its folder is named, and where the production
 * model is of other data or has learnt from later days than those that may be seen.
 */
async function modelFor(
  shell: Shell,
  { out, data, contract, recipe, asOf }: ForecastingOptions,
): Promise<{ model: Model; source: Source }> {
  const version = await readWorkingVersion(shell.project)
  const ownData = data === 'data' && contract === undefined && recipe === undefined
  const bytes = version?.files.get('model.json')
  if (version && bytes && out === undefined && ownData) {
    const model = modelFrom(bytes, join(PRODUCTION, 'model.json'))
    const trainedThrough = dayFromIso(model.trainedThrough) ?? Number.POSITIVE_INFINITY
    if (asOf === undefined || trainedThrough <= asOf) {
      return { model, source: { version: version.manifest.version } }
    }
  }
  const folder = out ?? CHALLENGER
  const { model } = await readChallenger(resolve(shell.project, folder))
  return { model, source: { folder } }
}
