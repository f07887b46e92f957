import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { TSchema } from 'typebox'
import type { Language } from '../../base/language.ts'
import type { EventLog } from '../../ledger/events/event-log.ts'
import type { ServiceSettings } from '../engine/service-settings.ts'
import type { Scope } from '../http/identity.ts'
import { type Prepared, type Recording, recorded } from '../recording/prepared.ts'
import { AskedFormat, answerFormat, answerLanguage } from './answer-format.ts'
import { type Body, type Records, recordsIn } from './body.ts'
import type { CsvColumns } from './csv-records.ts'
import {
  answerKept,
  idempotency,
  keptAnswer,
  otherRequest,
  RecordingHeaders,
  type WrittenAnswer,
} from './idempotency.ts'
import { answerTo, type CsvColumn, type ItemPlace, type Told } from './items.ts'
import { recordedResponses, recordsBody } from './schemas.ts'

/** A route by which records come in, and are answered once the ledger has what follows from them. */
export type RecordingRoute<T, Item extends ItemPlace> = {
  url: string
  /** What clients that are made from the document call it. */
  operationId: string
  scope: Scope
  summary: string
  description: string
  /** Of one record, as the document says it. */
  record: TSchema
  /** Of one record that is answered. */
  item: TSchema
  /** The columns that CSV can have. */
  columns(): CsvColumns
  prepare(values: unknown[], by: Recording & { person: string }): Promise<Prepared<T>>
  /** Without a body, where all that there is can be asked for. */
  prepareAll?(by: Recording): Promise<Prepared<T>>
  tell(made: T, language: Language): Told<(place: ItemPlace) => Item>
  /** Of the answer as CSV. */
  answerColumns: CsvColumn<Item>[]
}

/** What all of these routes need. */
export type RecordingParts = {
  log: EventLog
  /** The language is that of sentences, where nothing else is asked for. */
  settings(): Pick<ServiceSettings, 'language'>
  now(): Date
}

export function addRecordingRoute<T, Item extends ItemPlace>(
  app: FastifyInstance,
  { log, settings, now }: RecordingParts,
  route: RecordingRoute<T, Item>,
): void {
  app.withTypeProvider<TypeBoxTypeProvider>().post(
    route.url,
    {
      config: { scope: route.scope },
      schema: {
        tags: ['records'],
        operationId: route.operationId,
        summary: route.summary,
        description: route.description,
        querystring: AskedFormat,
        headers: RecordingHeaders,
        body: recordsBody(route.record),
        response: recordedResponses(route.item),
      },
    },
    async (request, reply) => {
      const body = bodyOf(request)
      const ofAll = body === undefined ? route.prepareAll : undefined
      const records = ofAll ? NO_RECORDS : recordsIn(body, route.columns())
      const format = answerFormat(request.query, request, records.style)
      const language = answerLanguage(request.query, request, settings().language)
      const asked = { text: body?.text ?? '', format, language }
      const { 'idempotency-key': given } = request.headers
      const key = given === undefined ? undefined : idempotency(given, request, asked)
      const by = {
        source: SOURCE,
        time: now().toISOString(),
        person: request.identity.pseudonym,
      }
      const prepared = await (ofAll ? ofAll(by) : route.prepare(unrefused(records), by))
      const answer = (known: ReadonlyMap<string, string>) =>
        answerTo(
          records,
          prepared.answers(known).map((made) => route.tell(made, language)),
          { format, columns: route.answerColumns, requestId: request.id },
        )
      return sent(reply, await recordedAnswer(log, prepared, answer, key))
    },
  )
}

const SOURCE = '/cd4ml/service'

const NO_RECORDS: Records = { kind: 'list', values: [] }

// The parser has made it; its schema is for the document.
function bodyOf({ body }: FastifyRequest): Body | undefined {
  return (body ?? undefined) as Body | undefined
}

function unrefused({ values, refused }: Records): unknown[] {
  return refused && refused.size > 0 ? values.filter((_, index) => !refused.has(index)) : values
}

/** Records, then answers; under a key, what was answered under it before. */
async function recordedAnswer<T>(
  log: EventLog,
  { answers: _answers, ...append }: Prepared<T>,
  answer: (known: ReadonlyMap<string, string>) => WrittenAnswer,
  key: { owner: string; key: string; digest: string } | undefined,
): Promise<WrittenAnswer> {
  if (key === undefined) {
    const [written] = await recorded(log, { ...append, answers: (known) => [answer(known)] })
    return written
  }
  let made: WrittenAnswer | undefined
  const request = {
    ...key,
    answer(known: ReadonlyMap<string, string>) {
      made = answer(known)
      return keptAnswer(made)
    },
  }
  const appended = await log.append({ ...append, request })
  if (appended.outcome === 'other request') throw otherRequest()
  if (appended.outcome === 'repeated') return answerKept(appended.answer)
  return made ?? answer(appended.known)
}

function sent(reply: FastifyReply, { status, type, text }: WrittenAnswer): FastifyReply {
  return reply.status(status).header('content-type', type).send(text)
}
