import type { Day } from '../base/day.ts'
import { UserError } from '../base/errors.ts'
import { buildPanel, describedSeries, type Panel, type Series } from '../demand/panel.ts'
import type { Model } from '../forecasting/model.ts'
import { type ModelInParts, modelOfPart, partsName } from '../forecasting/model-in-parts.ts'
import { type QuestionSchema, questionsOfAny } from '../forecasting/question-schema.ts'
import type { Plan } from '../sales/plan/plan.ts'
import { planOfPart } from '../sales/plan/plan-of-part.ts'
import { type DailyTotals, seriesId } from '../sales/totals/daily-totals.ts'
import { knownOn } from '../sales/totals/known-totals.ts'
import { type PartedBy, salesOfChain, seriesByPart, totalsOfSeries } from '../sales/totals/parts.ts'
import { type AskedDays, askedDays } from './asked-days.ts'
import type { Ordering } from './buying-terms.ts'
import {
  type Distributions,
  Forecaster,
  type KnownSeries,
  type OrderQuestion,
  type SeriesAdvice,
  type SpanDistributions,
  type SpanQuestion,
  type StandIn,
} from './forecaster.ts'
import { lastKnownDay, openForecaster } from './forecaster-of-model.ts'
import { noAnswerError } from './no-answer.ts'
import { type ProductQuestion, type SeriesIndex, seriesIndex } from './series-index.ts'

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
  return new ForecasterOfParts(input)
}

class ForecasterOfParts extends Forecaster {
  readonly series: readonly Series[]
  readonly orderDay: Day
  protected readonly index: SeriesIndex
  readonly #input: PartsForecasterInput
  readonly #chainPanel: Panel
  /** Of each series, its part. */
  readonly #partOf: readonly string[]
  readonly #open: (part: string) => OpenPart

  constructor(input: PartsForecasterInput) {
    super()
    const { index: model, totals, partedBy, asOf } = input
    const parts = seriesByPart(totals, partedBy)
    refuseForeign(model, parts)
    const chainPanel = buildPanel(salesOfChain(totals), {
      frequency: model.recipe.frequency,
      ignoreStock: true,
      ...(asOf !== undefined && { asOf }),
    })
    this.series = describedSeries(knownOn(totals, asOf))
    this.orderDay = lastKnownDay(totals, chainPanel, asOf) + 1
    this.index = seriesIndex(this)
    this.#input = input
    this.#chainPanel = chainPanel
    const ids = this.series.map(seriesId)
    this.#partOf = partOfEach(ids, totals, parts)
    const places = new Map(ids.map((id, place) => [id, place]))
    this.#open = keptOpen((name) => this.#openPart(name, parts, places))
  }

  known(place: number): KnownSeries {
    const { forecaster, row } = this.#rowOf(place)
    return forecaster.known(row)
  }

  inputs(place?: number): QuestionSchema {
    if (place !== undefined) return this.#rowOf(place).forecaster.inputs()
    const { index, modelIn } = this.#input
    return questionsOfAny(index.parts.map(({ file }) => modelIn(file).inputs))
  }

  standIns(product?: ProductQuestion): StandIn[] {
    return this.#partsOf(product && this.placesOf(product)).flatMap((name) => {
      const { part, standsIn } = modelOfPart(this.#input.index, name)
      return standsIn ? [{ part: name, by: part.name }] : []
    })
  }

  distributions(): Distributions {
    let from: Distributions['from'] = []
    const series = this.#ofAll((part) => {
      const made = part.distributions()
      from = made.from
      return made.series
    })
    return { from, series }
  }

  spanDistributions(question: SpanQuestion): SpanDistributions {
    let said: SpanDistributions | undefined
    const series = this.#ofProduct(question, (part) => {
      said = part.spanDistributions(question)
      return said.series
    })
    return { ...said!, series }
  }

  advise(ordering: Ordering, product?: OrderQuestion): SeriesAdvice[] {
    return product
      ? this.#ofProduct(product, (part) => part.advise(ordering, product))
      : this.#ofAll((part) => part.advise(ordering))
  }

  protected daysAsked(from: Day, to: Day): AskedDays {
    return askedDays(this.#chainPanel, this.#input.index.recipe.horizon, from, to)
  }

  /** What each part says of all its series. */
  #ofAll<T>(ask: (part: Forecaster) => readonly T[]): T[] {
    const said = new Array<T>(this.series.length)
    for (const name of this.#partsOf()) {
      const { forecaster, placeOf } = this.#open(name)
      const answers = ask(forecaster)
      for (const [row, place] of placeOf.entries()) {
        if (place !== undefined) said[place] = answers[row]
      }
    }
    return said
  }

  /** What each part of a product says of its series there. */
  #ofProduct<T>(product: ProductQuestion, ask: (part: Forecaster) => readonly T[]): T[] {
    const places = this.placesOf(product)
    const said = new Map<number | undefined, T>()
    for (const name of this.#partsOf(places)) {
      const { forecaster, placeOf } = this.#open(name)
      const answers = ask(forecaster)
      const found = forecaster.seriesOf(product)
      if (found.outcome !== 'found') throw noAnswerError(found)
      for (const [at, row] of found.indices.entries()) said.set(placeOf[row], answers[at])
    }
    return places.map((place) => said.get(place)!)
  }

  /** The parts of the series at these places, or of all, each once. */
  #partsOf(places?: readonly number[]): string[] {
    return [...new Set(places ? places.map((place) => this.#partOf[place]) : this.#partOf)]
  }

  #rowOf(place: number): { forecaster: Forecaster; row: number } {
    const { forecaster, placeOf } = this.#open(this.#partOf[place])
    return { forecaster, row: placeOf.indexOf(place) }
  }

  #openPart(name: string, parts: SeriesOfParts, places: ReadonlyMap<string, number>): OpenPart {
    const forecaster = openPart(this.#input, parts, name)
    const placeOf = forecaster.series.map((one) => {
      const place = places.get(seriesId(one))
      return place !== undefined && this.#partOf[place] === name ? place : undefined
    })
    const { panel } = forecaster.known(0)
    return { forecaster, placeOf, cells: panel.series.length * panel.periods }
  }
}

type SeriesOfParts = ReadonlyMap<string, readonly number[]>

/**
 * The sales on which a part is forecast, by the series of each part: where the model of another part
 * stands in, beside that part's.
 */
export function salesOfPart(
  totals: DailyTotals,
  parts: SeriesOfParts,
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
  parts: SeriesOfParts,
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
function partOfEach(ids: readonly string[], totals: DailyTotals, parts: SeriesOfParts): string[] {
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
