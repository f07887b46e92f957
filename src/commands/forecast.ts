import { canonicalJson } from '../base/canonical-json.ts'
import type { Day } from '../base/day.ts'
import { UserError } from '../base/errors.ts'
import type { SeriesForecast, SpanQuestion } from '../ordering/forecaster.ts'
import { terminalText } from '../reporting/aligned-columns.ts'
import { forecastAnswer, forecastCsv } from '../reporting/forecast-table.ts'
import type { Month } from './options.ts'
import {
  aboutText,
  type ForecastingOptions,
  orderingFor,
  readyToForecast,
} from './ready-to-forecast.ts'
import type { Shell } from './shell.ts'

type ForecastOptions = ForecastingOptions & {
  product?: string
  store?: string
  month?: Month
  from?: Day
  to?: Day
  all?: true
  format: 'csv' | 'json'
}

export async function forecastCommand(shell: Shell, options: ForecastOptions): Promise<void> {
  const ready = await readyToForecast(shell, options)
  if (!ready) return
  const { forecaster, about } = ready
  if (options.all) {
    const forecasts = forecaster.all()
    const json = options.json === true || options.format === 'json'
    shell.print(json ? canonicalJson({ ...about, forecasts }) : forecastCsv(forecasts))
    if (!options.quiet) shell.say(aboutText(about))
    return
  }
  const asked = question(options)
  const answer = forecaster.span(asked)
  const orders = forecaster.order(await orderingFor(shell, options), asked)
  if (options.json) {
    shell.print(canonicalJson({ ...about, ...answer, orders }))
    return
  }
  for (const [i, it] of answer.forecasts.entries()) {
    const whole = it.from === `${options.month?.label}-01`
    shell.print(answerText(it, whole ? options.month?.label : undefined))
    if (orders[i].outcome !== 'unknown') shell.print(terminalText(orders[i].reason, 400))
  }
  if (answer.evaluatedUntil) {
    shell.say(
      `The model was evaluated for days up to ${answer.evaluatedUntil}; beyond, its intervals are a guess.`,
    )
  }
  if (!options.quiet) shell.say(aboutText(about))
}

function question({ product, store, month, from, to }: ForecastOptions): SpanQuestion {
  const span = month ?? (from !== undefined && to !== undefined ? { from, to } : undefined)
  if (product === undefined || !span) {
    throw new UserError('a forecast needs a product and days, or --all', {
      remedy:
        'Such as: cd4ml forecast --product 1042 --month 2026-12, or --from 2026-12-01 --to 2026-12-24.',
    })
  }
  const { from: first, to: last } = span
  return {
    productId: product,
    ...(store !== undefined && { storeId: store }),
    from: first,
    to: last,
  }
}

function answerText(it: SeriesForecast & { to: string }, month: string | undefined): string {
  return forecastAnswer(it, month ?? `${it.from} to ${it.to}`)
}
