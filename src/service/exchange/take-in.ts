import { createHash, randomUUIDv7 } from 'node:crypto'
import { canonicalJson } from '../../base/canonical-json.ts'
import type { Day } from '../../base/day.ts'
import type { Language } from '../../base/language.ts'
import { CannotSupersede, type EventLog } from '../../ledger/events/event-log.ts'
import { placeOf } from '../../ledger/events/place.ts'
import type { AnsweredLine, RefusedTable, TakenIn } from '../../ledger/replies/answered.ts'
import { knownSeries } from '../../ledger/replies/known-series.ts'
import { TableRefused } from '../../ledger/replies/reply.ts'
import { type ReplyTable, readReplyTable } from '../../ledger/replies/reply-table.ts'
import {
  type ReplyEvent,
  type SettledLine,
  settleReplies,
} from '../../ledger/replies/settle-replies.ts'
import type { DecisionReason } from '../../ordering/decision-reasons.ts'
import type { Engine } from '../engine/engine.ts'

export type TakeInParts = {
  engine: Engine
  log: EventLog
  language: Language
  reasons: readonly DecisionReason[]
}

export type TakeInAs = {
  today: Day
  /** The moment at which it is recorded, ISO 8601 in UTC. */
  at: string
  /** Whether these bytes are known to have been taken in before. */
  isAgain: boolean
}

/** Who writes down what comes by file, and who decided where a row does not say. */
export const EXCHANGE = { source: '/cd4ml/exchange', by: 'exchange' }

/**
 * Takes a table into the ledger, each line by itself and each of them once: what was recorded of a
 * line of the same bytes stays what that line is answered, whatever happened since, and whether or
 * not the process that recorded it lived to say so. Rejects with `LedgerUnavailable`; then the same
 * bytes can be taken in again.
 */
export async function takeIn(
  bytes: Buffer,
  { engine, log, language, reasons }: TakeInParts,
  { today, at, isAgain }: TakeInAs,
): Promise<TakenIn> {
  const table = await tableIn(bytes, { language, reasons, today })
  if (table.outcome === 'refused') return table
  const { kind, columns } = table
  const digest = createHash('sha256').update(bytes).digest('hex')
  const options = {
    log,
    seriesOf: knownSeries(engine.current().series),
    ...EXCHANGE,
    at,
    newId: () => randomUUIDv7(),
  }
  const answers = new Map<number, AnsweredLine>()
  let open = table.lines
  for (let turn = 0; open.length > 0; turn++) {
    if (turn > MOST_TURNS) throw new Error('others decide on the same over and over')
    const settled = await settleReplies({ kind, columns, lines: open }, options)
    const again = new Set<number>()
    for (const part of partsOf(settled)) {
      const done = await Promise.all(part.map((it) => take(it, { log, digest, turn, isAgain })))
      for (const [i, answer] of done.entries()) {
        if (answer === 'again') again.add(part[i].line)
        else answers.set(part[i].line, answer)
      }
    }
    // Somebody else has decided on the same in between: what stands now is looked at again.
    open = open.filter(({ line }) => again.has(line))
  }
  return { outcome: 'read', lines: table.lines.flatMap(({ line }) => answers.get(line) ?? []) }
}

const MOST_TURNS = 20

async function tableIn(
  bytes: Buffer,
  options: Parameters<typeof readReplyTable>[1],
): Promise<(ReplyTable & { outcome: 'read' }) | RefusedTable> {
  try {
    return { outcome: 'read', ...(await readReplyTable(bytes, options)) }
  } catch (error) {
    if (!(error instanceof TableRefused)) throw error
    return { outcome: 'refused', problem: error.problem, line: error.line }
  }
}

/** So many are recorded at a time: they share a flush. */
function* partsOf<T>(values: readonly T[]): Generator<T[]> {
  for (let from = 0; from < values.length; from += 500) yield values.slice(from, from + 500)
}

async function take(
  settled: SettledLine,
  {
    log,
    digest,
    turn,
    isAgain,
  }: { log: EventLog; digest: string; turn: number } & Pick<TakeInAs, 'isAgain'>,
): Promise<AnsweredLine | 'again'> {
  if (settled.outcome !== 'new') return settled
  const { line, about, event, note } = settled
  const earlier = isAgain ? await saidBefore(log, event) : undefined
  if (earlier !== undefined) return { line, about, outcome: 'known', id: earlier }
  const person = 'by' in event.data ? event.data.by : EXCHANGE.by
  const append = {
    events: [event],
    once: new Map([[event.id, placeOf(event)]]),
    ...(note !== undefined && { notes: new Map([[event.id, { person, text: note }]]) }),
    request: {
      owner: EXCHANGE.source,
      key: `${digest} ${line} ${turn}`,
      digest,
      // Where something else stands in its place already, it was not recorded at this turn.
      answer: (known: ReadonlyMap<string, string>) => (known.has(event.id) ? '' : event.id),
    },
  }
  const appended = await log.append(append).catch((error) => {
    if (error instanceof CannotSupersede) return undefined
    throw error
  })
  if (appended === undefined) return 'again'
  if (appended.outcome === 'other request') throw new Error(`line ${line} was two at once`)
  if (appended.outcome === 'appended') {
    return appended.known.size > 0 ? 'again' : { line, about, outcome: 'taken', id: event.id }
  }
  return appended.answer === '' ? 'again' : { line, about, outcome: 'known', id: appended.answer }
}

/**
 * The event by which an earlier file has said this, whatever was said since: requests are forgotten
 * after a while, files in `done/` are not.
 */
async function saidBefore(log: EventLog, event: ReplyEvent): Promise<string | undefined> {
  const { type, subject } = event
  const before = await log.find({ type, subjects: [subject], superseded: true, limit: 1000 })
  const said = canonicalJson(event.data)
  return before.find((it) => it.source === EXCHANGE.source && canonicalJson(it.data) === said)?.id
}
