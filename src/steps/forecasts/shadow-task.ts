import type { Day } from '../../base/day.ts'
import { UserError } from '../../base/errors.ts'
import type { Frequency } from '../../demand/calendar.ts'
import { modelFrom } from '../../forecasting/model-file.ts'
import { openForecaster } from '../../ordering/forecaster-of-model.ts'
import type { Plan } from '../../sales/plan/plan.ts'
import type { DailyTotals } from '../../sales/totals/daily-totals.ts'
import { distributionsText } from './distributions-text.ts'

/** What a thread is asked to forecast of the sales that production forecasts from. */
export type ShadowTask = {
  /** Of `model.json`. */
  bytes: Uint8Array
  totals: DailyTotals
  plan: Plan
  asOf?: Day
  /** The periods of production. */
  frequency: Frequency
}

/** The forecasts, as they are published. Throws a `UserError` where the model cannot make them. */
export function shadowTask({ bytes, totals, plan, asOf, frequency }: ShadowTask): string {
  const model = modelFrom(bytes, 'model.json')
  const own = model.recipe.frequency
  if (own !== frequency) {
    throw new UserError(`it forecasts by the ${own}, and production by the ${frequency}`)
  }
  const forecaster = openForecaster({ model, totals, plan, ...(asOf !== undefined && { asOf }) })
  return distributionsText(forecaster.distributions(), own)
}
