import { type Static, Type } from 'typebox'
import { object } from '../../base/schema-parts.ts'
import { DecisionData, eventId } from '../../ledger/events/event.ts'
import type { EventLog } from '../../ledger/events/event-log.ts'
import { moment } from '../../ledger/run-record.ts'
import type { ServiceSettings } from '../engine/service-settings.ts'
import {
  Decided,
  type DecisionOutcome,
  prepareDecisions,
  type RecordedDecision,
} from '../recording/decisions.ts'
import { columnsOf } from './csv-records.ts'
import { type CsvColumn, type ItemPlace, placeInRequest, told } from './items.ts'
import type { RecordingRoute } from './recording-routes.ts'

/** A decision as the ledger has it. */
export const DecisionShown = object({
  id: eventId,
  time: moment,
  ...DecisionData.properties,
  supersedes: Type.Optional(eventId),
})
export type DecisionShown = Static<typeof DecisionShown>

const DecisionItem = object({
  ...placeInRequest,
  status: Type.Literal(200),
  ...DecisionShown.properties,
})
type DecisionItem = Static<typeof DecisionItem>

/** `POST /v1/decisions`. */
export function decisionsRoute({
  log,
  settings,
}: {
  log: EventLog
  settings(): Pick<ServiceSettings, 'reasons'>
}): RecordingRoute<DecisionOutcome, DecisionItem> {
  return {
    url: '/v1/decisions',
    operationId: 'recordDecisions',
    scope: 'decide',
    summary: 'Decisions',
    description:
      'What a buyer did with a forecast or an order, by the id that it was answered with: followed it, changed it to another quantity for a reason of GET /v1/reasons, or none yet. On one forecast or order one decision counts: another says by supersedes which it corrects.',
    record: Decided,
    item: DecisionItem,
    columns: () => columnsOf(Decided),
    prepare: (decisions, by) =>
      prepareDecisions({ log, reasons: settings().reasons }, decisions, by),
    tell: (outcome) => told(outcome, decisionItem),
    answerColumns: decisionColumns,
  }
}

export function decisionShown({ id, time, data, supersedes }: RecordedDecision): DecisionShown {
  return { id, time, ...data, ...(supersedes !== undefined && { supersedes }) }
}

export const decisionColumns: CsvColumn<DecisionShown>[] = [
  ['id', ({ id }) => id],
  ['time', ({ time }) => time],
  ['product', ({ product }) => product],
  ['store', ({ store }) => store],
  ['on', ({ of }) => of.type],
  ['of', ({ of }) => of.id],
  ['decision', ({ decision }) => decision],
  ['quantity', ({ quantity }) => quantity],
  ['reason', ({ reason }) => reason],
  ['by', ({ by }) => by],
  ['supersedes', ({ supersedes }) => supersedes],
]

function decisionItem(event: RecordedDecision, place: ItemPlace): DecisionItem {
  return { ...place, status: 200, ...decisionShown(event) }
}
