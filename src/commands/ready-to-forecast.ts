import { resolve } from 'node:path'
import type { Language } from '../base/language.ts'
import { type Ordering, readOrdering } from '../ordering/buying-terms.ts'
import type { Forecaster, SeriesOrder, StandIn } from '../ordering/forecaster.ts'
import { type SalesAge, salesAge } from '../ordering/sales-age.ts'
import type { ProductQuestion } from '../ordering/series-index.ts'
import { aboutArtifact } from '../registry/model-parts.ts'
import { terminalText } from '../reporting/aligned-columns.ts'
import { orderReason } from '../reporting/order-reason.ts'
import { comparingTexts } from '../reporting/texts/comparing.ts'
import { forecastTexts } from '../reporting/texts/forecast.ts'
import { numbersIn } from '../reporting/texts/numbers.ts'
import { renderValidationMarkdown } from '../reporting/validation-markdown.ts'
import { inputsIn } from '../steps/data/inputs.ts'
import {
  challengerToAsk,
  type ModelToAsk,
  modelToAsk,
  openForecasts,
} from '../steps/forecasts/open-forecasts.ts'
import { CHALLENGER, type DataOptions } from './options.ts'
import type { Shell } from './shell.ts'

/** Options of every command that forecasts. */
export type ForecastingOptions = DataOptions & {
  out?: string
  recipe?: string
  ordering?: string
}

export type Ready = {
  forecaster: Forecaster
  salesAge(): SalesAge
  /** Which model forecasts, for programs. */
  about: { model: string; source: string; trainedThrough: string }
  /** The same as a sentence. */
  aboutText(language: Language): string
  /** Parts without a model of their own, of all that is sold or of a product, for programs. */
  standIns(product?: ProductQuestion): { standIns?: StandIn[] }
}

/**
 * Finds the model, reads the sales, and opens the forecaster of the two. Where the data says no, it
 * shows the report, sets exit code 1 and returns nothing.
 */
export async function readyToForecast(
  shell: Shell,
  options: ForecastingOptions,
): Promise<Ready | undefined> {
  const { artifact, source } = await modelFor(shell, options)
  const { asOf } = options
  const today = await shell.today()
  const opened = await openForecasts(artifact, inputsIn(shell.project, today, options))
  if (opened.outcome === 'invalid') {
    shell.say(renderValidationMarkdown(opened.report, 'en'))
    shell.exitWith(1)
    return undefined
  }
  const { totals, forecaster } = opened
  const { name, trainedThrough } = aboutArtifact(artifact)
  return {
    forecaster,
    salesAge: () => salesAge(totals, forecaster.orderDay - 1, asOf ?? today),
    about: {
      model: name,
      source: sourceText(source, 'en'),
      trainedThrough,
    },
    aboutText: (language) =>
      forecastTexts[language].about(
        sourceText(source, language),
        name,
        numbersIn[language].day(trainedThrough),
      ),
    standIns(product) {
      const standIns = forecaster.standIns(product)
      return standIns.length > 0 ? { standIns } : {}
    },
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

/** Says which parts, of all that is sold or of a product, have no model of their own. */
export function sayStandIns(
  shell: Shell,
  { standIns: of }: Pick<Ready, 'standIns'>,
  language: Language,
  product?: ProductQuestion,
): void {
  const { standIns = [] } = of(product)
  if (standIns.length > 0) shell.say(standInText(standIns, language))
}

function standInText(standIns: StandIn[], language: Language): string {
  const named = (part: string) => terminalText(comparingTexts[language].partName(part), 60)
  const shown = standIns.slice(0, MOST_PARTS_SHOWN).map(({ part }) => named(part))
  const more = standIns.length > shown.length ? [`+${standIns.length - shown.length}`] : []
  const [{ by }] = standIns
  return forecastTexts[language].standsIn(named(by), [...shown, ...more].join(', '))
}

const MOST_PARTS_SHOWN = 10

function sourceText(source: ModelToAsk['source'], language: Language): string {
  const say = forecastTexts[language]
  if ('folder' in source) return say.challenger(source.folder)
  return say.inProduction(source.version.manifest.version)
}

/** The challenger where its folder is named, or other data than the model in production is of. */
function modelFor(
  { project }: Shell,
  { out, data, contract, recipe, asOf }: ForecastingOptions,
): Promise<ModelToAsk> {
  const ownData = data === 'data' && contract === undefined && recipe === undefined
  if (out !== undefined || !ownData) return challengerToAsk(project, out ?? CHALLENGER)
  return modelToAsk({ project, ...(asOf !== undefined && { asOf }) }, CHALLENGER)
}
