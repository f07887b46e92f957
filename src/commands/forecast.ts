import { canonicalJson } from '../base/canonical-json.ts'
import type { Day } from '../base/day.ts'
import { UserError } from '../base/errors.ts'
import type { Language } from '../base/language.ts'
import type { SeriesForecast } from '../ordering/forecaster.ts'
import { type WhatIf, whatIfOf } from '../ordering/what-if.ts'
import { terminalText } from '../reporting/aligned-columns.ts'
import {
  forecastAnswer,
  forecastCsv,
  forecastExcelCsv,
  forecastText,
} from '../reporting/forecast-table.ts'
import { orderReason } from '../reporting/order-reason.ts'
import { forecastTexts } from '../reporting/texts/forecast.ts'
import { numbersIn } from '../reporting/texts/numbers.ts'
import { productAsked } from './product-option.ts'
import {
  type ForecastingOptions,
  orderingFor,
  readyToForecast,
  sayStandIns,
  withReasons,
} from './ready-to-forecast.ts'
import type { Shell } from './shell.ts'
import type { Month } from './written-days.ts'

type ForecastOptions = ForecastingOptions &
  WhatIf & {
    product?: string
    store?: string
    month?: Month
    from?: Day
    to?: Day
    all?: true
    format: 'text' | 'csv' | 'excel' | 'json'
  }

export async function forecastCommand(shell: Shell, options: ForecastOptions): Promise<void> {
  const ready = await readyToForecast(shell, options)
  if (!ready) return
  const { forecaster, about } = ready
  const language = await shell.language()
  if (options.all) {
    const format = options.json ? 'json' : options.format
    const forecasts = forecaster.all()
    if (format === 'json') shell.print(canonicalJson({ ...about, ...ready.standIns(), forecasts }))
    else shell.print(tables[format](forecasts, language))
    sayStandIns(shell, ready, language)
    if (!options.quiet) shell.say(ready.aboutText(language))
    return
  }
  const { product, ...days } = question(options)
  const inputs = whatIfOf(options)
  const asked = {
    ...(await productAsked(shell, forecaster, product)),
    ...days,
    ...(inputs && { inputs }),
  }
  const answer = forecaster.span(asked)
  const orders = forecaster.order(await orderingFor(shell, options), asked)
  if (options.json) {
    const standIns = ready.standIns(asked)
    shell.print(
      canonicalJson({ ...about, ...standIns, ...answer, orders: withReasons(orders, language) }),
    )
    return
  }
  for (const [i, it] of answer.forecasts.entries()) {
    shell.print(forecastAnswer(it, periodText(it, options.month, language), language))
    if (orders[i].outcome !== 'unknown') {
      shell.print(terminalText(orderReason(orders[i], language), 400))
    }
  }
  sayStandIns(shell, ready, language, asked)
  if (answer.evaluatedUntil) {
    const day = numbersIn[language].day(answer.evaluatedUntil)
    shell.say(forecastTexts[language].evaluatedUntil(day))
  }
  if (!options.quiet) shell.say(ready.aboutText(language))
}

const tables = {
  text: forecastText,
  csv: (forecasts: SeriesForecast[]) => forecastCsv(forecasts),
  excel: forecastExcelCsv,
}

type Asked = { product: { product: string; store?: string }; from: Day; to: Day }

function question({ product, store, month, from, to }: ForecastOptions): Asked {
  const span = month ?? (from !== undefined && to !== undefined ? { from, to } : undefined)
  if (product === undefined || !span) {
    throw new UserError('a forecast needs a product and days, or --all', {
      remedy:
        'Such as: cd4ml forecast --product 1042 --month 2026-12, or --from 2026-12-01 --to 2026-12-24.',
    })
  }
  return {
    product: { product, ...(store !== undefined && { store }) },
    from: span.from,
    to: span.to,
  }
}

/** The month by its name where all of it is still to come, otherwise the days. */
function periodText(
  { from, to }: { from: string; to: string },
  month: Month | undefined,
  language: Language,
): string {
  const say = forecastTexts[language]
  const { day } = numbersIn[language]
  return month && from === `${month.label}-01` ? say.month(from) : say.days(day(from), day(to))
}
