import { canonicalJson } from '../base/canonical-json.ts'
import { type Day, isoFromDay } from '../base/day.ts'
import { UserError } from '../base/errors.ts'
import { type WhatIf, whatIfOf } from '../ordering/what-if.ts'
import { terminalText } from '../reporting/aligned-columns.ts'
import { orderReason } from '../reporting/order-reason.ts'
import { oldText, orderCsv, orderExcelCsv, orderText } from '../reporting/order-table.ts'
import { seriesName } from '../reporting/series-name.ts'
import { orderTexts } from '../reporting/texts/order.ts'
import { productAsked } from './product-option.ts'
import {
  type ForecastingOptions,
  orderingFor,
  readyToForecast,
  sayStandIns,
  withReasons,
} from './ready-to-forecast.ts'
import type { Shell } from './shell.ts'

type OrderOptions = ForecastingOptions &
  WhatIf & {
    from?: Day
    to?: Day

    product?: string
    store?: string
    format: 'text' | 'csv' | 'excel' | 'json'
  }

export async function orderCommand(shell: Shell, options: OrderOptions): Promise<void> {
  if (options.store !== undefined && options.product === undefined) {
    throw new UserError('--store needs --product', {
      remedy: 'Such as: cd4ml order --product 1042 --store 7.',
    })
  }
  const inputs = whatIfOf(options)
  if (inputs && options.product === undefined) {
    throw new UserError('what if needs --product', {
      remedy: 'Such as: cd4ml order --product 1042 --discount 20.',
    })
  }
  const ordering = await orderingFor(shell, options)
  const ready = await readyToForecast(shell, options)
  if (!ready) return
  const { forecaster, about } = ready
  const language = await shell.language()
  const { product, store, from, to } = options
  const asked = product !== undefined && {
    ...(await productAsked(shell, forecaster, { product, store })),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(inputs && { inputs }),
  }
  const orders = forecaster.order(ordering, asked || undefined)
  const format = options.json ? 'json' : options.format
  const day = isoFromDay(forecaster.orderDay)
  const sales = ready.salesAge()
  if (format === 'json') {
    const standIns = ready.standIns(asked || undefined)
    shell.print(
      canonicalJson({ ...about, ...standIns, day, sales, orders: withReasons(orders, language) }),
    )
  } else if (format === 'csv') {
    shell.print(orderCsv(orders, language))
  } else if (format === 'excel') {
    shell.print(orderExcelCsv(orders, language))
  } else if (asked) {
    const { inStore } = orderTexts[language]
    for (const order of orders) {
      const sentence = `${seriesName(order, inStore)}: ${orderReason(order, language)}`
      shell.print(terminalText(sentence, 400))
    }
  } else {
    shell.print(orderText(orders, { day, age: sales }, language))
  }
  sayStandIns(shell, ready, language, asked || undefined)
  const isSaid = format === 'text' && !asked
  if (!isSaid && sales.days > sales.rhythm) shell.say(oldText(sales, day, language))
  if (!options.quiet) shell.say(ready.aboutText(language))
}
