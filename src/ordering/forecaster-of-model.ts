import { type Day, dayFromIso, isoFromDay } from '../base/day.ts'
import { UserError } from '../base/errors.ts'
import { BoundedMap, remembered } from '../base/remembered.ts'
import { firstDay, lastDay } from '../demand/calendar.ts'
import { buildPanel, endOf, type Panel, type Series } from '../demand/panel.ts'
import { planOn, planWith } from '../demand/panel-plan.ts'
import { LEVELS } from '../forecasting/levels.ts'
import { type Forecast, horizonUntil, type Model } from '../forecasting/model.ts'
import { type QuestionSchema, takesPlan } from '../forecasting/question-schema.ts'
import type { Plan } from '../sales/plan/plan.ts'
import { type DailyTotals, lastSaleDay, seriesId } from '../sales/totals/daily-totals.ts'
import { type AskedDays, askedDays, MOST_HORIZONS } from './asked-days.ts'
import { type Ordering, termsOf } from './buying-terms.ts'
import {
  type Described,
  type Distributions,
  Forecaster,
  type KnownSeries,
  type OrderQuestion,
  type SeriesAdvice,
  type SpanDistributions,
  type SpanQuestion,
  type StandIn,
} from './forecaster.ts'
import { noAnswerError } from './no-answer.ts'
import { lastDayToCover } from './order-decision.ts'
import { type PlannedAhead, plannedAhead } from './planned-ahead.ts'
import { type SeriesIndex, seriesIndex } from './series-index.ts'
import { type Supply, supplyAsOf } from './supply.ts'
import { plannedIf, whatIfOf } from './what-if.ts'

export type ForecasterInput = {
  model: Model
  totals: DailyTotals
  /** What was planned; a model that takes no plan knows nothing of it. */
  plan?: Plan
  /** The forecaster knows nothing later than this day; without one, all that the totals hold. */
  asOf?: Day
}

/**
 * Builds the panel of the sales. Forecasts are made when they are first asked for, and then kept: a
 * question costs what its own answer costs. Throws a `UserError` where the model knows none of the
 * series, or has learnt from later days.
 */
export function openForecaster(input: ForecasterInput): Forecaster {
  return new ForecasterOfModel(input)
}

class ForecasterOfModel extends Forecaster {
  readonly series: readonly Series[]
  readonly orderDay: Day
  protected readonly index: SeriesIndex
  readonly #input: ForecasterInput
  readonly #horizon: number
  readonly #panel: Panel
  readonly #asPlanned: PlannedAhead
  readonly #whatIfs = new BoundedMap<string, PlannedAhead>(MOST_WHAT_IFS)
  #supply: Map<string, Supply> | undefined

  constructor(input: ForecasterInput) {
    super()
    const { model, totals, asOf } = input
    const panel = panelOf(input)
    if (!totals.chain) refuseForeign(model, panel)
    refuseSeen(model, panel)
    this.series = panel.series
    this.orderDay = lastKnownDay(totals, panel, asOf) + 1
    this.index = seriesIndex(panel)
    this.#input = input
    this.#horizon = model.recipe.horizon
    this.#panel = panel
    this.#asPlanned = plannedAhead(model, panel)
  }

  known(row: number): KnownSeries {
    const panel = this.#panel
    const supply = this.#supplyThen().get(seriesId(panel.series[row]))
    return { panel, row, ahead: this.#forecast(), supply }
  }

  inputs(): QuestionSchema {
    return this.#input.model.inputs
  }

  standIns(): StandIn[] {
    return []
  }

  distributions(): Distributions {
    return allDistributions(this.#panel, this.#forecast())
  }

  spanDistributions(question: SpanQuestion): SpanDistributions {
    const { from, to } = question
    const places = this.placesOf(question)
    const { start, periods, evaluatedUntil } = this.#daysAhead(from, to)
    const asked = this.#plannedAhead(question)
    const { forecast, span, baseline } = asked.ahead(periods)
    return {
      from: isoFromDay(start),
      to: isoFromDay(to),
      series: places.map((i) => ({
        ...described(this.series[i]),
        basis: forecast.basis[i],
        ...span(i, start, to),
        baseline: () => baseline(i, start, to),
        ...(asked.isPlanned(i, start, to) && {
          withoutPlan: { mean: asked.unplanned(periods).span(i, start, to).mean },
        }),
      })),
      ...(evaluatedUntil !== undefined && { evaluatedUntil: isoFromDay(evaluatedUntil) }),
    }
  }

  advise(ordering: Ordering, product?: OrderQuestion): SeriesAdvice[] {
    const places = product ? this.placesOf(product) : [...this.series.keys()]
    const allDays = { from: this.orderDay, to: endOfHorizon(this.#panel, this.#horizon) }
    const asked = product ? this.#plannedAhead({ ...allDays, ...product }) : this.#asPlanned
    const adviceOf = asked.adviser(ordering, () => ({
      ordering,
      periods: periodsToOrderFor(this.#panel, ordering, this.orderDay, this.#horizon),
      supply: this.#supplyThen(),
      day: this.orderDay,
    }))
    return places.map((i) => {
      const { advice, costs } = adviceOf(i)
      return { order: { ...described(this.series[i]), ...advice }, costs }
    })
  }

  protected daysAsked(from: Day, to: Day): AskedDays {
    return askedDays(this.#panel, this.#horizon, from, to)
  }

  #daysAhead(from: Day, to: Day): Extract<AskedDays, { outcome: 'ahead' }> {
    const days = this.daysAsked(from, to)
    if (days.outcome !== 'ahead') throw noAnswerError(days)
    return days
  }

  #forecast(): Forecast {
    return this.#asPlanned.ahead(this.#horizon).forecast
  }

  /** What comes as it is planned, or as the inputs of the question plan it. */
  #plannedAhead(question: SpanQuestion): PlannedAhead {
    const asked = whatIfOf(question.inputs)
    if (!asked) return this.#asPlanned
    const { model } = this.#input
    const coming = { ...question, from: this.#daysAhead(question.from, question.to).start }
    const row = plannedIf(asked, coming, { inputs: model.inputs, today: this.orderDay })
    return remembered(this.#whatIfs, JSON.stringify(row), () => {
      const plan = planWith(this.#panel.plan, row)
      return plannedAhead(model, { ...this.#panel, plan })
    })
  }

  #supplyThen(): Map<string, Supply> {
    const { totals, asOf = Number.POSITIVE_INFINITY } = this.#input
    this.#supply ??= supplyAsOf(totals, this.orderDay - 1, asOf)
    return this.#supply
  }
}

/** Each keeps its forecasts of all series. */
const MOST_WHAT_IFS = 8

function panelOf({ model, totals, plan, asOf }: ForecasterInput): Panel {
  const { frequency, censoring } = model.recipe
  return buildPanel(totals, {
    frequency,
    ignoreStock: !censoring,
    ...(plan && takesPlan(model.inputs) && { plan: planOn(plan, asOf) }),
    ...(asOf !== undefined && { asOf }),
  })
}

function refuseForeign(model: Model, panel: Panel): void {
  const known = new Set(model.series)
  if (panel.series.some((series) => known.has(seriesId(series)))) return
  throw new UserError(
    `the model knows none of the ${panel.series.length} series in the sales: it was trained on others`,
    { remedy: 'Name the folder of the challenger that was trained on these sales with --out.' },
  )
}

function refuseSeen({ trainedThrough }: Model, panel: Panel): void {
  const learnt = dayFromIso(trainedThrough) ?? Number.POSITIVE_INFINITY
  if (learnt <= endOf(panel)) return
  throw new UserError(
    `the model has learnt from sales up to ${trainedThrough}, but the forecast starts after ${isoFromDay(endOf(panel))}: it has seen what it should forecast`,
    { remedy: 'Train with the same --as-of and --out first, then forecast with them.' },
  )
}

/** Sales of the unfinished period are known too, and count against the stock. */
export function lastKnownDay(totals: DailyTotals, panel: Panel, asOf: Day | undefined): Day {
  return Math.max(endOf(panel), lastSaleDay(totals, asOf) ?? endOf(panel))
}

function allDistributions(
  panel: Panel,
  { basis, mean, quantiles, horizon }: Forecast,
): Distributions {
  const ahead = Array.from({ length: horizon }, (_, h) => h)
  const levels = LEVELS.length
  return {
    from: ahead.map((h) =>
      isoFromDay(firstDay(panel.frequency, panel.firstPeriod + panel.periods + h)),
    ),
    series: panel.series.map((series, i) => ({
      ...described(series),
      basis: basis[i],
      mean: ahead.map((h) => mean[i * horizon + h]),
      quantiles: ahead.map((h) => {
        const cell = i * horizon + h
        return [...quantiles.subarray(cell * levels, (cell + 1) * levels)]
      }),
    })),
  }
}

function endOfHorizon({ frequency, firstPeriod, periods }: Panel, horizon: number): Day {
  return lastDay(frequency, firstPeriod + periods + horizon - 1)
}

/** As far as the longest of the terms needs, where anything honest can be said of it. */
function periodsToOrderFor(panel: Panel, ordering: Ordering, day: Day, horizon: number): number {
  const last = Math.max(
    ...panel.series.map((series) => lastDayToCover(termsOf(ordering, series), day)),
  )
  return Math.min(Math.max(horizon, horizonUntil(panel, last)), MOST_HORIZONS * horizon)
}

function described({ productId, storeId, name, category }: Series): Described {
  return {
    productId,
    ...(storeId !== undefined && { storeId }),
    ...(name !== undefined && { name }),
    ...(category !== undefined && { category }),
  }
}
