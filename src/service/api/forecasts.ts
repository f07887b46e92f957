import { type Static, Type } from 'typebox'
import { json, object, openObject, record as recordOf } from '../../base/schema-parts.ts'
import { LEVELS } from '../../forecasting/levels.ts'
import { eventId, ForecastData } from '../../ledger/events/event.ts'
import type { Answered, Engine } from '../engine/engine.ts'
import { prepareForecasts, type RecordedForecast } from '../recording/forecasts.ts'
import { columnsOf } from './csv-records.ts'
import { type CsvColumn, type ItemPlace, placeInRequest } from './items.ts'
import type { RecordingRoute } from './recording-routes.ts'
import {
  basisColumns,
  basisProperties,
  Interval,
  Quantiles,
  seriesColumns,
  seriesOf,
  seriesProperties,
} from './schemas.ts'

const { from, to, mean, restsOn, baseline, withoutPlan } = ForecastData.properties

/** A forecast as it is answered. */
const ForecastItem = object({
  ...placeInRequest,
  status: Type.Literal(200),
  /** By which the ledger has it, and by which a decision names it. */
  id: eventId,
  ...seriesProperties,
  from,
  to,
  inputs: Type.Optional(recordOf(json)),
  mean,
  quantiles: Quantiles,
  interval80: Interval,
  interval95: Interval,
  restsOn,
  /** Its part of the chain has no model of its own yet: the part whose model has forecast it. */
  standsIn: Type.Optional(Type.String()),
  /** The days beyond were not part of the model's evaluation. */
  evaluatedUntil: Type.Optional(Type.String({ format: 'date' })),
  baseline,
  withoutPlan,
  ...basisProperties,
})
type ForecastItem = Static<typeof ForecastItem>

/** `POST /v1/forecasts`. */
export function forecastsRoute(
  engine: Engine,
): RecordingRoute<Answered<RecordedForecast>, ForecastItem> {
  return {
    url: '/v1/forecasts',
    operationId: 'askForecasts',
    scope: 'read',
    summary: 'Forecasts',
    description:
      'How many units of a product will sell on some days. What can be asked, GET /v1/inputs says: it is the model in production that says so.',
    record: openObject({ product: Type.String({ examples: ['1016'] }) }),
    item: ForecastItem,
    columns: () => columnsOf(engine.current().inputs),
    prepare: (questions, by) => prepareForecasts(engine, questions, by),
    tell: (answered) =>
      answered.outcome === 'refused'
        ? { refused: 422, problems: answered.problems }
        : { items: [(place) => forecastItem(answered.answer, place)] },
    answerColumns,
  }
}

function forecastItem(
  {
    inputs,
    quantiles,
    standsIn,
    evaluatedUntil,
    baseline,
    withoutPlan,
    basis,
    ...made
  }: RecordedForecast,
  place: ItemPlace,
): ForecastItem {
  return {
    ...place,
    status: 200,
    id: made.id,
    ...seriesOf(made),
    from: made.from,
    to: made.to,
    ...(inputs && { inputs }),
    mean: made.mean,
    quantiles: Object.fromEntries(quantiles.map((units, i) => [LEVEL_NAMES[i], units])),
    interval80: [quantiles[P10], quantiles[P90]],
    interval95: [quantiles[0], quantiles[LEVELS.length - 1]],
    restsOn: made.restsOn,
    ...(standsIn !== undefined && { standsIn }),
    ...(evaluatedUntil && { evaluatedUntil }),
    ...(baseline && { baseline }),
    ...(withoutPlan && { withoutPlan }),
    ...basis,
  }
}

const LEVEL_NAMES = LEVELS.map(String)
const P10 = LEVELS.indexOf(0.1)
const P90 = LEVELS.indexOf(0.9)

const answerColumns: CsvColumn<ForecastItem>[] = [
  ['id', ({ id }) => id],
  ...seriesColumns,
  ['from', ({ from }) => from],
  ['to', ({ to }) => to],
  ['mean', ({ mean }) => mean],
  ...LEVEL_NAMES.map(
    (level): CsvColumn<ForecastItem> => [`q${level}`, ({ quantiles }) => quantiles[level]],
  ),
  ['restsOn', ({ restsOn }) => restsOn],
  ['evaluatedUntil', ({ evaluatedUntil }) => evaluatedUntil],
  ['baseline', ({ baseline }) => baseline?.mean],
  ['withoutPlan', ({ withoutPlan }) => withoutPlan?.mean],
  ...basisColumns,
]
