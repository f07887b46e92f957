import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { InvalidArgumentError, Option } from 'commander'
import { canonicalJson } from '../canonical-json.ts'
import { type Day, dayFromCivil, dayFromIso, daysInMonth } from '../day.ts'
import { UserError } from '../errors.ts'
import type { Model } from '../forecasting/model.ts'
import { modelName } from '../forecasting/model.ts'
import { modelFrom } from '../forecasting/model-file.ts'
import { readChallenger } from '../registry/challenger.ts'
import { PRODUCTION, readWorkingVersion } from '../registry/production.ts'
import { forecastAnswer, forecastCsv } from '../reporting/forecast-table.ts'
import { renderValidationMarkdown } from '../reporting/validation-report.ts'
import { forecastAll, forecastDays, type SeriesForecast } from '../steps/forecast.ts'
import { inputsIn, validateSales } from '../steps/inputs.ts'
import { CHALLENGER, type DataOptions, parseDay, withDataOptions } from './options.ts'
import type { Shell } from './shell.ts'

type ForecastOptions = DataOptions & {
  out?: string
  recipe?: string
  product?: string
  store?: string
  month?: Month
  from?: Day
  to?: Day
  all?: true
  format: 'csv' | 'json'
}

type Span = { from: Day; to: Day }

type Month = Span & { label: string }

export function addForecast(program: Command, shell: Shell): void {
  withDataOptions(program.command('forecast'))
    .description('how many units will be sold: of one product, or of every one')
    .option('--product <id>', 'the product, as the sales files name it')
    .option('--store <id>', 'the store; without it, every store of the product')
    .addOption(
      new Option('--month <month>', 'the month, such as 2026-12')
        .argParser(parseMonth)
        .conflicts(['from', 'to']),
    )
    .addOption(new Option('--from <date>', 'the first day, such as 2026-12-01').argParser(parseDay))
    .addOption(new Option('--to <date>', 'the last day, such as 2026-12-24').argParser(parseDay))
    .addOption(
      new Option('--all', 'every series and period of the horizon').conflicts([
        'product',
        'store',
        'month',
        'from',
        'to',
      ]),
    )
    .addOption(new Option('--format <format>', 'of --all').choices(['csv', 'json']).default('csv'))
    .option(
      '--out <folder>',
      `forecast with the challenger in this folder (default: the model in production; for other data or an earlier --as-of, ${CHALLENGER})`,
    )
    .option('--recipe <file>', 'the recipe is in the model; accepted as by the other commands')
    .action(async (options: ForecastOptions) => {
      const { model, from: source } = await modelFor(shell, options)
      const { asOf } = options
      const result = await validateSales(inputsIn(shell.project, shell.today, options))
      if (result.outcome === 'invalid') {
        shell.say(renderValidationMarkdown(result.report))
        process.exitCode = 1
        return
      }
      const input = { totals: result.totals, model, ...(asOf !== undefined && { asOf }) }
      const about = { model: modelName(model), source, trainedThrough: model.trainedThrough }
      if (options.all) {
        const forecasts = forecastAll(input)
        const json = options.json === true || options.format === 'json'
        shell.print(
          json ? canonicalJson({ ...about, forecasts }) : forecastCsv(forecasts.map(asRow)),
        )
        if (!options.quiet) shell.say(aboutText(about))
        return
      }
      const { productId, storeId, ...span } = question(options)
      const answer = forecastDays({
        ...input,
        productId,
        ...(storeId !== undefined && { storeId }),
        ...span,
      })
      if (options.json) {
        shell.print(canonicalJson({ ...about, ...answer }))
        return
      }
      for (const it of answer.forecasts) {
        const whole = it.from === `${options.month?.label}-01`
        shell.print(answerText(it, whole ? options.month?.label : undefined))
      }
      if (answer.evaluatedUntil) {
        shell.say(
          `The model was evaluated for days up to ${answer.evaluatedUntil}; beyond, its intervals are a guess.`,
        )
      }
      if (!options.quiet) shell.say(aboutText(about))
    })
}

/**
 * The model in production, or the challenger: where its folder is named, and where the production
 * model is of other data or has learnt from later days than those that may be seen.
 */
async function modelFor(
  shell: Shell,
  { out, data, contract, recipe, asOf }: ForecastOptions,
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

function question({ product, store, month, from, to }: ForecastOptions) {
  const span = month ?? (from !== undefined && to !== undefined ? { from, to } : undefined)
  if (product === undefined || !span) {
    throw new UserError('a forecast needs a product and days, or --all', {
      remedy:
        'Such as: cd4ml forecast --product 1042 --month 2026-12, or --from 2026-12-01 --to 2026-12-24.',
    })
  }
  return { productId: product, storeId: store, from: span.from, to: span.to }
}

function parseMonth(text: string): Month {
  const [year, month] = text.split('-').map(Number)
  const from = /^\d{4}-\d{2}$/.test(text) ? dayFromCivil(year, month, 1) : undefined
  if (from === undefined) throw new InvalidArgumentError('It must be a month such as 2026-12.')
  return { label: text, from, to: from + daysInMonth(year, month) - 1 }
}

function asRow({ from, ...rest }: SeriesForecast) {
  return { ...rest, period: from }
}

function answerText(it: SeriesForecast & { to: string }, month: string | undefined): string {
  const period = month ?? `${it.from} to ${it.to}`
  const insteadOf =
    it.basis === 'category' ? { category: it.category ?? 'all products' } : undefined
  return forecastAnswer({ ...it, period, insteadOf })
}

function aboutText({ model, source, trainedThrough }: Record<string, string>): string {
  return `Forecast by ${source}: ${model}, trained through ${trainedThrough}.`
}
