import { isDeepStrictEqual } from 'node:util'
import { UserError } from '../../base/errors.ts'
import { counted } from '../../base/wording.ts'
import type { GitHub } from '../../github/client.ts'
import { appendTo } from '../../github/ledger-branch.ts'
import {
  type Collected,
  collectedSoFar,
  MOST_EVENTS,
  writtenEvents,
} from '../../ledger/events/event-files.ts'
import type { Appended } from '../../ledger/ledger.ts'
import { ledgerOf } from '../../ledger/sql/cursor.ts'
import type { ServiceEvents } from './service-events.ts'

export type EventsCollected = Appended & {
  /** How many events are new on the branch. */
  events: number
  /** Why the service has more, or may have; undefined where all is there. */
  unfinished: string | undefined
}

/**
 * Puts on the branch of the ledger what a service has recorded since: where to go on follows from
 * what the branch holds, and both change in one commit, so that nothing is there twice and nothing is
 * lost, however often this runs and wherever it ends. Throws a `UserError` where nothing could be got.
 */
export async function collectEvents(
  github: GitHub,
  service: ServiceEvents,
): Promise<EventsCollected> {
  const { cursor } = await service.page(undefined, 1)
  const ledger = cursor === undefined ? undefined : ledgerOf(cursor)
  let got: Got = NOTHING
  const appended = await appendTo(github)(async (files) => {
    if (ledger === undefined) return { files: got.files, message: '' }
    const known = await collectedSoFar(files, ledger)
    if (!isDeepStrictEqual(got.after, known)) got = await newEvents(service, ledger, known)
    return { files: got.files, message: `Record ${counted(got.events, 'event')}` }
  })
  return { ...appended, events: got.events, unfinished: got.unfinished }
}

type Got = {
  after: Collected | undefined
  /** To be written, by their paths. */
  files: ReadonlyMap<string, Uint8Array>
  events: number
  unfinished: string | undefined
}

const NOTHING: Got = { after: undefined, files: new Map(), events: 0, unfinished: undefined }

/** What the service has since, page by page. Where it fails on the way, what came whole is kept. */
async function newEvents(service: ServiceEvents, ledger: string, after: Collected): Promise<Got> {
  const files = new Map<string, Uint8Array>()
  const ids = new Set<string>()
  const result = (unfinished?: string): Got => ({ after, files, events: ids.size, unfinished })
  for (let { cursor } = after; files.size < MOST_FILES; ) {
    try {
      const page = await service.page(cursor, MOST_EVENTS)
      if (page.cursor === undefined || page.events.length === 0) return result()
      refuseOther(page.cursor, ledger)
      for (const { id } of page.events) {
        if (ids.has(id)) throw new UserError(`the service tells the event ${id} twice`)
      }
      const file = { ledger, after: cursor, cursor: page.cursor, events: page.events }
      const { path, bytes } = writtenEvents(file, after.files + 1 + files.size)
      files.set(path, bytes)
      for (const { id } of page.events) ids.add(id)
      cursor = page.cursor
    } catch (error) {
      if (!(error instanceof UserError) || files.size === 0) throw error
      return result(error.message)
    }
  }
  return result(`there may be more than ${MOST_FILES * MOST_EVENTS} events`)
}

/** A run takes what a large chain records in weeks; the next one goes on. */
const MOST_FILES = 100

function refuseOther(cursor: string, ledger: string): void {
  if (ledgerOf(cursor) === ledger) return
  throw new UserError(`the service went on with another ledger than ${ledger}`, {
    remedy: 'See that all its replicas use one database.',
  })
}
