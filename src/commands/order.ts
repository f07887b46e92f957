import { canonicalJson } from '../base/canonical-json.ts'
import { orderCsv, orderText } from '../reporting/order-table.ts'
import {
  aboutText,
  type ForecastingOptions,
  orderingFor,
  readyToForecast,
} from './ready-to-forecast.ts'
import type { Shell } from './shell.ts'

type OrderOptions = ForecastingOptions & { format: 'text' | 'csv' | 'json' }

export async function orderCommand(shell: Shell, options: OrderOptions): Promise<void> {
  const ordering = await orderingFor(shell, options)
  const ready = await readyToForecast(shell, options)
  if (!ready) return
  const { forecaster, about } = ready
  const orders = forecaster.order(ordering)
  if (options.json || options.format === 'json') {
    shell.print(canonicalJson({ ...about, orders }))
  } else {
    shell.print(options.format === 'csv' ? orderCsv(orders) : orderText(orders))
  }
  if (!options.quiet) shell.say(aboutText(about))
}
