import { join } from 'node:path'
import { type Day, dayFromIso, isoFromDay } from '../../base/day.ts'
import { UserError, unlessMistaken } from '../../base/errors.ts'
import { remembered } from '../../base/remembered.ts'
import type { FieldProblem } from '../../base/schema.ts'
import type { Json } from '../../base/schema-parts.ts'
import { type UnitsSold, unitsSoldIn } from '../../demand/units-sold.ts'
import { evaluationFrom } from '../../evaluation/gate/evaluation.ts'
import { type QuestionCheck, questionCheck } from '../../forecasting/question-check.ts'
import type { QuestionSchema } from '../../forecasting/question-schema.ts'
import type { Basis } from '../../ledger/events/event.ts'
import { readOrdering } from '../../ordering/buying-terms.ts'
import type { Forecaster } from '../../ordering/forecaster.ts'
import { salesAge } from '../../ordering/sales-age.ts'
import type { ProductQuestion } from '../../ordering/series-index.ts'
import { aboutArtifact } from '../../registry/model-parts.ts'
import { contentOf, PRODUCTION } from '../../registry/production.ts'
import { dataDigest } from '../../sales/plan/data-digest.ts'
import { seriesId } from '../../sales/totals/daily-totals.ts'
import { inputsIn } from '../../steps/data/inputs.ts'
import {
  committedData,
  modelInProduction,
  openForecasts,
} from '../../steps/forecasts/open-forecasts.ts'
import type {
  Answered,
  DaysOfSeries,
  ForecastAnswered,
  InProduction,
  OrderAnswered,
  ProductView,
  RefusedQuestion,
} from './engine.ts'
import { productView } from './product-view.ts'
import {
  type AskedForecast,
  askedForecast,
  askedProduct,
  noAnswerProblems,
  seriesProblems,
} from './questions.ts'
import { shownSeries } from './shown-series.ts'

/** A folder with a version in production and its sales. */
export type ProductionPlace = {
  project: string
  today: Day
  /** Git id of the folder of its sales, where whoever laid it out knows it. */
  data?: string
}

/** One version with one state of the sales: what it says never changes. */
export type LoadedProduction = {
  now: Omit<InProduction, 'refused' | 'shadow'>
  forecasts(questions: readonly unknown[]): Answered<ForecastAnswered>[]
  orders(questions?: readonly unknown[]): Answered<OrderAnswered[]>[]
  product(product: string, store?: string): ProductView | undefined
  sold(spans: readonly DaysOfSeries[]): (UnitsSold | undefined)[]
}

/**
 * Verifies the version in production of a folder and validates its sales, and answers by them.
 * Throws a `UserError` where nothing is in production, or anything of it cannot be believed.
 */
export async function loadProduction(place: ProductionPlace): Promise<LoadedProduction> {
  const { project, today } = place
  const inProduction = await modelInProduction(project)
  if (!inProduction) {
    throw new UserError('no model is in production yet', {
      file: PRODUCTION,
      remedy: 'Promote one first: npx cd4ml pipeline, then merge its proposal.',
    })
  }
  const { artifact, source } = inProduction
  const { manifest } = source.version
  // Of an older format it says nothing here, and the model answers all the same.
  const evaluation = unlessMistaken(() =>
    evaluationFrom(contentOf(source.version, 'evaluation.json'), `${PRODUCTION}/evaluation.json`),
  )
  const ordering = await readOrdering(project)
  const options = inputsIn(project, today, { data: 'data' })
  const opened = await openForecasts(artifact, options)
  if (opened.outcome === 'invalid') {
    const [{ file, explanation }] = opened.report.findings
    throw new UserError(`the sales cannot be used: ${explanation}`, {
      ...(file !== undefined && { file: join('data', file) }),
      remedy: 'npx cd4ml validate says all that is wrong with them.',
    })
  }
  const { forecaster, totals, plan } = opened
  const orderDay = forecaster.orderDay
  const age = salesAge(totals, orderDay - 1, today)
  const basis: Basis = {
    version: manifest.version,
    model: manifest.files['model.json'],
    data: place.data ?? (await committedData(project, options.data)) ?? dataDigest(totals, plan),
    salesThrough: age.through,
  }
  const { name, trainedThrough } = aboutArtifact(artifact)
  const now = {
    basis,
    modelName: name,
    trainedThrough,
    orderDay: isoFromDay(orderDay),
    inputs: forecaster.inputs(),
    series: forecaster.series.map(shownSeries),
    age,
  }
  const ordersOf = rememberedOrders(forecaster, ordering)
  let unitsSold: ReturnType<typeof unitsSoldIn> | undefined
  return {
    now,
    forecasts: forecastsBy(forecaster),
    orders: ordersBy(forecaster, now.inputs, ordersOf),
    product(product, store) {
      const asked = askedProduct({ product, store })
      const found = forecaster.seriesOf(asked)
      if (found.outcome !== 'found' || found.indices.length !== 1) return undefined
      return productView(forecaster, found.indices[0], evaluation, ordersOf(asked)[0])
    },
    sold(spans) {
      unitsSold ??= unitsSoldIn(totals, orderDay - 1)
      const soldIn = unitsSold
      return spans.map(({ from, to, ...series }) => {
        const [first, last] = [from, to].map(dayFromIso)
        if (first === undefined || last === undefined) return undefined
        return soldIn(seriesId(askedProduct(series)), first, last)
      })
    },
  }
}

/** Answers questions that the model takes, by its forecasts. */
export function forecastsBy(forecaster: Forecaster): LoadedProduction['forecasts'] {
  const checks = new WeakMap<QuestionSchema, QuestionCheck>()
  const checkOf = (inputs: QuestionSchema) =>
    remembered(checks, inputs, () => questionCheck(inputs))
  const all = forecaster.inputs()
  const check = checkOf(all)
  /** Of a model in parts, one part may take less than another. */
  const checkOfPart = (asked: AskedForecast): FieldProblem[] => {
    const found = forecaster.seriesOf(asked.product)
    if (!asked.inputs || found.outcome !== 'found') return []
    const own = forecaster.inputs(found.indices[0])
    return own === all ? [] : checkOf(own)(questionOf(asked))
  }
  return (questions) =>
    questions.map((question) => {
      const problems = check(question)
      if (problems.length > 0) return refused(problems)
      const asked = askedForecast(question as Record<string, Json>)
      if (asked.outcome === 'refused') return asked
      const untaken = checkOfPart(asked)
      return untaken.length > 0 ? refused(untaken) : answerTo(forecaster, asked)
    })
}

function answerTo(forecaster: Forecaster, asked: AskedForecast): Answered<ForecastAnswered> {
  const { product, days, inputs } = asked
  const problems = seriesProblems(forecaster, product)
  if (problems.length > 0) return refused(problems)
  const span = { ...product, from: days.from, to: days.to, ...(inputs && { inputs }) }
  const noAnswer = forecaster.noAnswer(span)
  if (noAnswer) return { ...refused(noAnswerProblems(noAnswer, days)), noAnswer }
  const { from, to, series: found, evaluatedUntil } = forecaster.spanDistributions(span)
  const [standIn] = forecaster.standIns(product)
  const [{ basis, mean, quantiles, baseline, withoutPlan, ...named }] = found
  return {
    outcome: 'answered',
    answer: {
      ...shownSeries(named),
      from,
      to,
      ...(inputs && { inputs }),
      mean,
      quantiles,
      restsOn: basis,
      ...(standIn && { standsIn: standIn.by }),
      baseline: { mean: baseline() },
      ...(withoutPlan && { withoutPlan }),
      ...(evaluatedUntil && { evaluatedUntil }),
    },
  }
}

/** The same as it was asked, by its days. */
function questionOf({ product, days, inputs }: AskedForecast): Record<string, Json> {
  const { productId, storeId } = product
  return {
    product: productId,
    ...(storeId !== undefined && { store: storeId }),
    from: isoFromDay(days.from),
    to: isoFromDay(days.to),
    ...inputs,
  }
}

type OrdersOf = (question?: ProductQuestion) => OrderAnswered[]

function rememberedOrders(
  forecaster: Forecaster,
  ordering: Awaited<ReturnType<typeof readOrdering>>,
): OrdersOf {
  const kept = new Map<string, OrderAnswered[]>()
  return (question) =>
    remembered(kept, JSON.stringify(question ?? null), () =>
      forecaster.advise(ordering, question).map(({ order, costs }) => {
        const expected = costs()
        return { order, ...(expected && { costs: expected }) }
      }),
    )
}

function ordersBy(
  forecaster: Forecaster,
  { properties, ...inputs }: QuestionSchema,
  ordersOf: OrdersOf,
): LoadedProduction['orders'] {
  const { product, store } = properties
  const check = questionCheck({
    $schema: inputs.$schema,
    type: inputs.type,
    properties: { product, ...(store && { store }) },
    required: ['product'],
    additionalProperties: false,
  })
  return (questions) => {
    if (!questions) return [{ outcome: 'answered', answer: ordersOf() }]
    return questions.map((question) => {
      const problems = check(question)
      if (problems.length > 0) return refused(problems)
      const asked = askedProduct(question as Record<string, unknown>)
      const found = forecaster.seriesOf(asked)
      if (found.outcome !== 'found') return refused(noAnswerProblems(found))
      return { outcome: 'answered', answer: ordersOf(asked) }
    })
  }
}

function refused(problems: FieldProblem[]): RefusedQuestion {
  return { outcome: 'refused', problems }
}
