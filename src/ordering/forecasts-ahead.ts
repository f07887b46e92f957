import { remembered } from '../base/remembered.ts'
import { season } from '../demand/calendar.ts'
import type { Panel } from '../demand/panel.ts'
import { families } from '../forecasting/families/families.ts'
import {
  type Forecast,
  fitContext,
  forecast,
  type Model,
  spanForecaster,
  spanMeans,
} from '../forecasting/model.ts'

/** What a model says of the periods after a panel. */
export type ForecastsAhead = {
  forecast: Forecast
  /** Of one series on some days: mean and quantiles. */
  span: ReturnType<typeof spanForecaster>
  /** What seasonal naive would have said of them: the mean. */
  baseline: ReturnType<typeof spanMeans>
}

/**
 * A function that forecasts so many periods ahead. Each is made when it is first asked for, and then
 * kept.
 */
export function forecastsAhead(model: Model, panel: Panel): (periods: number) => ForecastsAhead {
  const made = new Map<number, ForecastsAhead>()
  return (periods) => remembered(made, periods, () => lazily(model, panel, periods))
}

/** A forecast of all series is there for whoever orders, and the spans of it for whoever asks. */
function lazily(model: Model, panel: Panel, periods: number): ForecastsAhead {
  const whole = forecast(model, panel, periods)
  let span: ForecastsAhead['span'] | undefined
  let baseline: ForecastsAhead['baseline'] | undefined
  return {
    forecast: whole,
    span(...asked) {
      span ??= spanForecaster(model, panel, whole)
      return span(...asked)
    },
    baseline(...asked) {
      baseline ??= spanMeans(panel, { ...whole, mean: seasonalNaive(model, panel, periods) })
      return baseline(...asked)
    },
  }
}

function seasonalNaive({ recipe }: Model, panel: Panel, periods: number): Float64Array {
  const family = families['seasonal-naive']
  const context = { ...fitContext(recipe), season: season(panel.frequency) }
  return family.forecast(panel, periods, family.fit(panel, {}, context))
}
