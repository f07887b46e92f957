import type { Day } from '../base/day.ts'
import { UserError } from '../base/errors.ts'
import { buildPanel, describedSeries } from '../demand/panel.ts'
import type { Model } from '../forecasting/model.ts'
import { type ModelInParts, modelOfPart, partsName } from '../forecasting/model-in-parts.ts'
import { questionsOfAny } from '../forecasting/question-schema.ts'
import type { Plan } from '../sales/plan/plan.ts'
import { planOfPart } from '../sales/plan/plan-of-part.ts'
import { type DailyTotals, seriesId } from '../sales/totals/daily-totals.ts'
import { knownOn } from '../sales/totals/known-totals.ts'
import { type PartedBy, salesOfChain, seriesByPart, totalsOfSeries } from '../sales/totals/parts.ts'
import { askedDays } from './asked-days.ts'
import {
  type Distributions,
  type Forecaster,
  forecastsOf,
  lastKnownDay,
  openForecaster,
  type SpanAnswer,
  type SpanDistributions,
} from './forecaster.ts'
import { noAnswerError } from './no-answer.ts'
import { type ProductQuestion, seriesIndex } from './series-index.ts'

export type PartsForecasterInput = {
  index: ModelInParts
  /** The model in a file of the index. */
  modelIn(file: string): Model
  partedBy: PartedBy
  /** Of the whole chain. */
  totals: DailyTotals
  plan?: Plan
  asOf?: Day
}

/**
 * A model in parts with the sales of its chain, asked as one of all series is. A part is opened when it
 * is asked for, by its own model on its own sales; those asked last stay open, as many as memory holds
 * easily. All forecast the same periods: those after the last one that is over for the chain.
 *
 * A part without a model of its own is forecast by that of the part with most series, as series that
 * are new there. Throws a `UserError` where none of the parts is in the sales.
 */
export function forecasterOfParts(input: PartsForecasterInput): Forecaster {
  const { index: model, modelIn, totals, asOf } = input
  const { horizon, frequency } = model.recipe
  const parts = seriesByPart(totals, input.partedBy)
  refuseForeign(model, parts)
  const chainPanel = buildPanel(salesOfChain(totals), {
    frequency,
    ignoreStock: true,
    ...(asOf !== undefined && { asOf }),
  })
  const series = describedSeries(knownOn(totals, asOf))
  const places = new Map(series.map((one, place) => [seriesId(one), place]))
  const partOf = partOfEach(series.map(seriesId), totals, parts)
  const names = [...new Set(partOf)]
  const index = seriesIndex({ series })

  const open = keptOpen((name) => {
    const forecaster = openPart(input, parts, name)
    const placeOf = forecaster.series.map((one) => {
      const place = places.get(seriesId(one))
      return place !== undefined && partOf[place] === name ? place : undefined
    })
    const { panel } = forecaster.known(0)
    return { forecaster, placeOf, cells: panel.series.length * panel.periods }
  })
  const rowAt = (place: number) => {
    const { forecaster, placeOf } = open(partOf[place])
    return { forecaster, row: placeOf.indexOf(place) }
  }
  const partsOf = (product: ProductQuestion) => {
    const found = index.seriesOf(product)
    if (found.outcome !== 'found') throw noAnswerError(found)
    return { places: found.indices, asked: new Set(found.indices.map((place) => partOf[place])) }
  }
  /** What each part of a product says of its series there. */
  const ofProduct = <T>(product: ProductQuestion, ask: (part: Forecaster) => readonly T[]): T[] => {
    const { places, asked } = partsOf(product)
    const said = new Map<number | undefined, T>()
    for (const name of asked) {
      const { forecaster, placeOf } = open(name)
      const answers = ask(forecaster)
      const found = forecaster.seriesOf(product)
      if (found.outcome !== 'found') throw noAnswerError(found)
      for (const [at, row] of found.indices.entries()) said.set(placeOf[row], answers[at])
    }
    return places.map((place) => said.get(place)!)
  }
  /** What each part says of all its series. */
  const ofAll = <T>(ask: (part: Forecaster) => readonly T[]): T[] => {
    const said = new Array<T>(series.length)
    for (const name of names) {
      const { forecaster, placeOf } = open(name)
      const answers = ask(forecaster)
      for (const [row, place] of placeOf.entries()) {
        if (place !== undefined) said[place] = answers[row]
      }
    }
    return said
  }
  const distributions = (): Distributions => {
    let from: Distributions['from'] = []
    const said = ofAll((part) => {
      const made = part.distributions()
      from = made.from
      return made.series
    })
    return { from, series: said }
  }

  return {
    ...index,
    series,
    known(place) {
      const { forecaster, row } = rowAt(place)
      return forecaster.known(row)
    },
    inputs(place) {
      if (place !== undefined) return rowAt(place).forecaster.inputs()
      return questionsOfAny(model.parts.map(({ file }) => modelIn(file).inputs))
    },
    standIns(product) {
      const asked = product ? [...partsOf(product).asked] : names
      return asked.flatMap((name) => {
        const { part, standsIn } = modelOfPart(model, name)
        return standsIn ? [{ part: name, by: part.name }] : []
      })
    },
    all: () => forecastsOf(distributions()),
    distributions,
    spanDistributions(question) {
      let said: SpanDistributions | undefined
      const series = ofProduct(question, (part) => {
        said = part.spanDistributions(question)
        return said.series
      })
      return { ...said!, series }
    },
    span(question) {
      let said: SpanAnswer | undefined
      const forecasts = ofProduct(question, (part) => {
        said = part.span(question)
        return said.forecasts
      })
      return { ...said!, forecasts }
    },
    noAnswer({ from, to, ...product }) {
      const found = index.seriesOf(product)
      if (found.outcome !== 'found') return found
      const days = askedDays(chainPanel, horizon, from, to)
      return days.outcome === 'ahead' ? undefined : days
    },
    orderDay: () => lastKnownDay(totals, chainPanel, asOf) + 1,
    advise: (ordering, product) =>
      product
        ? ofProduct(product, (part) => part.advise(ordering, product))
        : ofAll((part) => part.advise(ordering)),
    order: (ordering, product) =>
      product
        ? ofProduct(product, (part) => part.order(ordering, product))
        : ofAll((part) => part.order(ordering)),
  }
}

/**
 * The sales on which a part is forecast, by the series of each part: where the model of another part
 * stands in, beside that part's.
 */
export function salesOfPart(
  totals: DailyTotals,
  parts: ReadonlyMap<string, readonly number[]>,
  model: Pick<ModelInParts, 'parts'>,
  name: string,
): DailyTotals {
  const own = parts.get(name) ?? []
  const { part, standsIn } = modelOfPart(model, name)
  const beside = standsIn ? (parts.get(part.name) ?? []) : []
  return totalsOfSeries(
    totals,
    [...own, ...beside].sort((a, b) => a - b),
  )
}

function openPart(
  { index, modelIn, totals, plan, asOf }: PartsForecasterInput,
  parts: ReadonlyMap<string, readonly number[]>,
  name: string,
): Forecaster {
  const sales = salesOfPart(totals, parts, index, name)
  return openForecaster({
    model: modelIn(modelOfPart(index, name).part.file),
    totals: sales,
    ...(plan && { plan: planOfPart(plan, sales) }),
    ...(asOf !== undefined && { asOf }),
  })
}

type OpenPart = {
  forecaster: Forecaster
  /** Where each of its series stands among all; undefined for those that are not of this part. */
  placeOf: (number | undefined)[]
  cells: number
}

/** Opens what is not open, and forgets what was not asked for longest where that would be too much. */
function keptOpen(openNew: (name: string) => OpenPart): (name: string) => OpenPart {
  const kept = new Map<string, OpenPart>()
  return (name) => {
    const part = kept.get(name)
    kept.delete(name)
    let room = MOST_OPEN_CELLS - (part?.cells ?? 0)
    for (const [other, { cells }] of [...kept].reverse()) {
      room -= cells
      if (room < 0) kept.delete(other)
    }
    const opened = part ?? openNew(name)
    kept.set(name, opened)
    return opened
  }
}

/** Each takes some 100 bytes, with what is forecast from it. */
const MOST_OPEN_CELLS = 10e6

/** The part of each of these series. */
function partOfEach(
  ids: readonly string[],
  totals: DailyTotals,
  parts: ReadonlyMap<string, readonly number[]>,
): string[] {
  const names = new Map<string, string>()
  for (const [name, members] of parts) {
    for (const one of members) names.set(seriesId(totals.series[one]), name)
  }
  return ids.map((id) => names.get(id)!)
}

function refuseForeign(model: ModelInParts, parts: ReadonlyMap<string, unknown>): void {
  if (model.parts.some(({ name }) => parts.has(name))) return
  throw new UserError(
    `the model knows none of the ${parts.size} parts of the sales: of its ${partsName(model)}, none is of any of them`,
    { remedy: 'Name the folder of the challenger that was trained on these sales with --out.' },
  )
}
