import { git } from '../../base/git.ts'
import { counted } from '../../base/wording.ts'
import type { RecordedEvent } from '../../ledger/events/event.ts'
import {
  collectedSoFar,
  MOST_EVENTS,
  readEvents,
  writtenEvents,
} from '../../ledger/events/event-files.ts'
import { eventIdOf } from '../../ledger/events/event-id.ts'
import { type KnownEvents, knownEvents } from '../../ledger/events/known-events.ts'
import type { Appended, AppendToBranch, LedgerFiles } from '../../ledger/ledger.ts'
import { publishedOrderEvents } from '../../ledger/published-order-events.ts'
import { type AnsweredTable, answeredTable } from '../../ledger/replies/answered.ts'
import { knownSeries } from '../../ledger/replies/known-series.ts'
import type { Reply } from '../../ledger/replies/reply.ts'
import { type SettledLine, settleReplies } from '../../ledger/replies/settle-replies.ts'
import {
  type DecisionFile,
  type DecisionFilesOptions,
  readDecisionFiles,
} from '../data/decision-files.ts'

export type DecisionsRecorded = {
  /** What became of each file. */
  files: AnsweredTable[]
  /** How many decisions and reports are new in the ledger. */
  events: number
} & (Appended | { outcome: 'none' })

/**
 * Puts on the branch of the ledger what the files in the folder `decisions` of the data say and the
 * ledger does not: decisions on the orders that were published, with these orders, and what arrived
 * and sold. The same files again add nothing, and whoever records the same commit writes the same
 * bytes; a row that was changed replaces what it said before, and one that was taken out stays
 * recorded.
 */
export async function recordDecisions(
  append: AppendToBranch,
  options: DecisionFilesOptions,
): Promise<DecisionsRecorded> {
  const files = await readDecisionFiles(options)
  if (files.length === 0) return { files: [], events: 0, outcome: 'none' }
  const at = await momentOfCommit(options.project)
  let settled: Settled = { files: [], events: [], replies: 0 }
  const appended = await append(async (ledger) => {
    settled = await settledFiles(ledger, files, at)
    return {
      files: await eventFiles(ledger, settled.events),
      message: `Record ${counted(settled.replies, 'decision')} from files`,
    }
  })
  return { files: settled.files, events: settled.replies, ...appended }
}

/** The ledger of what is in git: there is one in a repository, so its id need not be its own. */
const IN_GIT = '00000000-0000-8000-8000-636434676974'

type Settled = {
  files: DecisionsRecorded['files']
  /** Decisions and reports, and the orders that they are about. */
  events: RecordedEvent[]
  replies: number
}

async function settledFiles(
  ledger: LedgerFiles,
  files: readonly DecisionFile[],
  at: string,
): Promise<Settled> {
  const { events: there } = await readEvents(ledger, IN_GIT)
  const [known, written] = [knownEvents(there), knownEvents(there)]
  const { events: orders, newest } = await publishedOrderEvents(ledger, daysIn(files))
  known.add(orders)
  const options = {
    log: known,
    seriesOf: knownSeries(newest.map(({ data }) => data)),
    source: '/cd4ml/files',
    by: 'files',
    at,
    newId: (said: string) => eventIdOf(at, said),
  }
  const result: Settled = { files: [], events: [], replies: 0 }
  for (const { name, read } of files) {
    if (read.outcome === 'refused') {
      result.files.push(answeredTable(name, read))
      continue
    }
    const settled = await settleReplies(read, options)
    const replies = settled.flatMap((it) => (it.outcome === 'new' ? [it.event] : []))
    known.add(replies)
    result.replies += replies.length
    const added = [...(await ordersOf(replies, known, written)), ...replies]
    written.add(added)
    result.events.push(...added)
    const lines = settled.map(answered)
    result.files.push(answeredTable(name, { outcome: 'read', lines }))
  }
  return result
}

/** The orders that were decided on and that no file of events has yet. */
async function ordersOf(
  replies: readonly RecordedEvent[],
  known: KnownEvents,
  written: KnownEvents,
): Promise<RecordedEvent[]> {
  const ids = replies.flatMap((event) =>
    event.type === 'cd4ml.decision.v1' ? [event.data.of.id] : [],
  )
  const there = await written.byId(ids)
  return [...(await known.byId(ids)).values()].filter(({ id }) => !there.has(id))
}

function daysIn(files: readonly DecisionFile[]): Set<string> {
  const replies = files.flatMap(({ read }): Reply[] =>
    read.outcome === 'refused'
      ? []
      : read.lines.flatMap((it) => (it.outcome === 'said' ? [it.reply] : [])),
  )
  return new Set(
    replies.flatMap((it) =>
      it.kind === 'decision' && it.of.by === 'order day' ? [it.of.day] : [],
    ),
  )
}

function answered(it: SettledLine) {
  if (it.outcome !== 'new') return it
  return { line: it.line, about: it.about, outcome: 'taken' as const, id: it.event.id }
}

async function eventFiles(ledger: LedgerFiles, events: readonly RecordedEvent[]) {
  const files = new Map<string, Uint8Array>()
  let { cursor, files: number } = await collectedSoFar(ledger, IN_GIT)
  for (let from = 0; from < events.length; from += MOST_EVENTS) {
    const part = events.slice(from, from + MOST_EVENTS)
    number++
    const next = `${IN_GIT}.0.${number}`
    const written = { ledger: IN_GIT, after: cursor, cursor: next, events: part }
    const { path, bytes } = writtenEvents(written, number)
    files.set(path, bytes)
    cursor = next
  }
  return files
}

/** ISO 8601 in UTC: when the files became what they are. */
async function momentOfCommit(project: string): Promise<string> {
  const seconds = await git(project, ['show', '--no-patch', '--format=%ct', 'HEAD'])
  return new Date(1000 * Number(seconds)).toISOString()
}
