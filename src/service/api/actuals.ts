import { type Static, Type } from 'typebox'
import { object } from '../../base/schema-parts.ts'
import { ActualData, eventId } from '../../ledger/events/event.ts'
import type { EventLog } from '../../ledger/events/event-log.ts'
import { moment } from '../../ledger/run-record.ts'
import type { Engine } from '../engine/engine.ts'
import type { ServiceSettings } from '../engine/service-settings.ts'
import {
  type ActualOutcome,
  prepareActuals,
  type RecordedActual,
  Sold,
} from '../recording/actuals.ts'
import { columnsOf } from './csv-records.ts'
import { type CsvColumn, type ItemPlace, placeInRequest, told } from './items.ts'
import type { RecordingRoute } from './recording-routes.ts'

/** What sold, as the ledger has it. */
export const ActualShown = object({
  id: eventId,
  time: moment,
  ...ActualData.properties,
  supersedes: Type.Optional(eventId),
})
export type ActualShown = Static<typeof ActualShown>

const ActualItem = object({
  ...placeInRequest,
  status: Type.Literal(200),
  ...ActualShown.properties,
})
type ActualItem = Static<typeof ActualItem>

/** `POST /v1/actuals`. */
export function actualsRoute({
  engine,
  log,
  settings,
}: {
  engine: Engine
  log: EventLog
  settings(): Pick<ServiceSettings, 'timeZone'>
}): RecordingRoute<ActualOutcome, ActualItem> {
  return {
    url: '/v1/actuals',
    operationId: 'recordActuals',
    scope: 'record',
    summary: 'What sold',
    description:
      'How many units of a product really sold, on days that are over. Of the same days one report counts: another says by supersedes which it corrects. What the sales files say needs no report.',
    record: Sold,
    item: ActualItem,
    columns: () => columnsOf(Sold),
    prepare: (reports, by) =>
      prepareActuals({ engine, log, timeZone: settings().timeZone }, reports, by),
    tell: (outcome) => told(outcome, actualItem),
    answerColumns: actualColumns,
  }
}

export function actualShown({ id, time, data, supersedes }: RecordedActual): ActualShown {
  return { id, time, ...data, ...(supersedes !== undefined && { supersedes }) }
}

export const actualColumns: CsvColumn<ActualShown>[] = [
  ['id', ({ id }) => id],
  ['time', ({ time }) => time],
  ['product', ({ product }) => product],
  ['store', ({ store }) => store],
  ['from', ({ from }) => from],
  ['to', ({ to }) => to],
  ['units', ({ units }) => units],
  ['censoredDays', ({ censoredDays }) => censoredDays],
  ['source', ({ source }) => source.from],
  ['supersedes', ({ supersedes }) => supersedes],
]

function actualItem(event: RecordedActual, place: ItemPlace): ActualItem {
  return { ...place, status: 200, ...actualShown(event) }
}
