import { isoFromDay } from '../../base/day.ts'
import { sum } from '../../base/sum.ts'
import { firstDay } from '../../demand/calendar.ts'
import { isCensored } from '../../demand/panel.ts'
import type { Evaluation } from '../../evaluation/gate/evaluation.ts'
import { LEVELS } from '../../forecasting/levels.ts'
import type { Forecaster, KnownSeries } from '../../ordering/forecaster.ts'
import { seriesId } from '../../sales/totals/daily-totals.ts'
import type { OrderAnswered, ProductView } from './engine.ts'
import { shownSeries } from './shown-series.ts'

/** All that a page about the series at this place in the panel shows. */
export function productView(
  forecaster: Forecaster,
  index: number,
  evaluation: Evaluation | undefined,
  order: OrderAnswered | undefined,
): ProductView {
  const series = forecaster.series[index]
  const known = forecaster.known(index)
  const stock = known.supply?.stock
  const backtest = backtestOf(evaluation, seriesId(series))
  return {
    ...shownSeries(series),
    history: historyOf(known),
    ahead: aheadOf(known),
    frequency: known.panel.frequency,
    ...(stock && {
      stock: stock.map(({ units, lastDay }) => ({
        units,
        ...(Number.isFinite(lastDay) && { lastDay: isoFromDay(lastDay) }),
      })),
    }),
    ...(order && { order }),
    ...(backtest && { backtest }),
  }
}

/** From its first offer on. */
function historyOf({ panel, row }: KnownSeries): ProductView['history'] {
  const { frequency, firstPeriod, periods, units } = panel
  return Array.from({ length: periods }, (_, t) => {
    const cell = row * periods + t
    return {
      from: isoFromDay(firstDay(frequency, firstPeriod + t)),
      units: units[cell],
      censored: isCensored(panel, cell),
    }
  }).filter((period) => !Number.isNaN(period.units))
}

function aheadOf({ ahead, row }: KnownSeries): ProductView['ahead'] {
  const { frequency, firstPeriod, horizon, mean, quantiles } = ahead
  const levels = LEVELS.length
  return Array.from({ length: horizon }, (_, h) => {
    const cell = row * horizon + h
    return {
      from: isoFromDay(firstDay(frequency, firstPeriod + h)),
      mean: mean[cell],
      quantiles: [...quantiles.subarray(cell * levels, (cell + 1) * levels)],
    }
  })
}

/** Of the products that an evaluation tells of: by how much of what sold the forecasts were off. */
function backtestOf(evaluation: Evaluation | undefined, id: string): ProductView['backtest'] {
  const { worst = [], best = [], largest = [] } = evaluation?.products ?? {}
  const change = [...worst, ...best].find((it) => seriesId(it) === id)
  const course = largest.find((it) => seriesId(it) === id)
  const [actual, own, reference] = change
    ? [change.actual, change.challengerError, change.referenceError]
    : course
      ? [sum(course.actual), off(course, 'challenger'), off(course, 'reference')]
      : [0, 0, 0]
  if (actual <= 0) return undefined
  const isNaive = evaluation?.champion === undefined
  return { wape: own / actual, ...(isNaive && { naiveWape: reference / actual }) }
}

type Course = NonNullable<Evaluation['products']>['largest'][number]

function off(course: Course, by: 'challenger' | 'reference'): number {
  return sum(course.actual.map((units, i) => Math.abs(units - course[by][i])))
}
