import { unlessMistaken } from '../base/errors.ts'
import { blobId } from '../base/git.ts'
import { counted } from '../base/wording.ts'
import { isWhole } from './content.ts'
import type { ForecastRecord } from './forecast-record.ts'
import {
  type Appended,
  type AppendToBranch,
  contentsOf,
  filesOf,
  type LedgerEvent,
  type LedgerFiles,
  type LedgerTree,
  rewritten,
} from './ledger.ts'

export type Files = ReadonlyMap<string, Uint8Array>

/** What is computed from the ledger as it is before these events, such as its README. */
export type Derive = (before: LedgerFiles, events: readonly LedgerEvent[]) => Promise<Files>

/** Adds events to a branch, with what is derived from the ledger that they are added to. */
export async function appendEvents(
  append: AppendToBranch,
  events: readonly LedgerEvent[],
  derive: Derive,
): Promise<Appended> {
  const added = {
    files: new Map(events.flatMap((event) => [...filesOf(event)])),
    contents: new Map(events.flatMap((event) => [...contentsOf(event)])),
  }
  return await append(async (ledger) => {
    const derived = await derive(ledger, events)
    return { files: await changes(ledger, added, derived), message: messageOf(events) }
  })
}

/** The files that the ledger has not yet, or not with these bytes. */
async function changes(
  ledger: LedgerTree,
  added: { files: Files; contents: Files },
  derived: Files,
): Promise<Files> {
  const changed = new Map<string, Uint8Array>()
  for (const [path, bytes] of added.contents) {
    if (!(await isThere(ledger, path, bytes))) changed.set(path, bytes)
  }
  for (const [path, bytes] of added.files) {
    const id = await ledger.idAt(path)
    if (id === undefined) changed.set(path, bytes)
    else if (id !== blobId(bytes)) throw rewritten(path)
  }
  for (const [path, bytes] of derived) {
    if ((await ledger.idAt(path)) !== blobId(bytes)) changed.set(path, bytes)
  }
  return changed
}

/** Whether the ledger has the content: these bytes, or others that unpack to the same. */
async function isThere(ledger: LedgerTree, path: string, bytes: Uint8Array) {
  const id = await ledger.idAt(path)
  if (id === undefined || id === blobId(bytes)) return id !== undefined
  const known = await unlessMistaken(async () => await ledger.read(path))
  return known !== undefined && isWhole(path, known)
}

function messageOf(events: readonly LedgerEvent[]): string {
  const runs = events.filter(({ kind }) => kind === 'run').length
  const parts = [
    ...(runs > 0 ? [counted(runs, 'run')] : []),
    ...events.flatMap((event) => (event.kind === 'forecasts' ? [forecastsIn(event.record)] : [])),
  ]
  return `Record ${parts.join(', ')}`
}

function forecastsIn(record: ForecastRecord): string {
  return record.outcome === 'made' ? `forecasts of version ${record.version}` : 'missing forecasts'
}
