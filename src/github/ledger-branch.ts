import { UserError, unlessMistaken } from '../base/errors.ts'
import { counted } from '../base/wording.ts'
import { isWhole } from '../ledger/content.ts'
import type { ForecastRecord } from '../ledger/forecast-record.ts'
import { LEDGER_BRANCH } from '../ledger/leaderboard.ts'
import {
  type Appended,
  type AppendToBranch,
  contentsOf,
  filesOf,
  type Ledger,
  type LedgerEvent,
  type LedgerFiles,
  NO_FILES,
  readRecords,
  rewritten,
} from '../ledger/ledger.ts'
import type { GitHub } from './client.ts'
import { blobId, branchHead, type GitTree, moveBranch, openTree, writeCommit } from './git-data.ts'

export type Files = ReadonlyMap<string, Uint8Array>

/** What is computed from the ledger as it is before these events, such as its README. */
export type Derive = (before: LedgerFiles, events: readonly LedgerEvent[]) => Promise<Files>

/** The ledger that everybody sees: a branch, which begins with the first event. */
export function ledgerBranch(github: GitHub, derive: Derive) {
  return {
    append: (events) => append(github, events, derive),
    async read(query) {
      const head = await branchHead(github, LEDGER_BRANCH)
      return await readRecords(head ? openTree(github, head.tree) : NO_FILES, query)
    },
  } satisfies Ledger
}

/** Adds events, with what is derived from the ledger that they are added to. */
async function append(
  github: GitHub,
  events: readonly LedgerEvent[],
  derive: Derive,
): Promise<Appended> {
  const added = {
    files: new Map(events.flatMap((event) => [...filesOf(event)])),
    contents: new Map(events.flatMap((event) => [...contentsOf(event)])),
  }
  return await appendPlanned(github, async (ledger) => {
    const derived = await derive(ledger ?? NO_FILES, events)
    return { files: await changes(ledger, added, derived), message: messageOf(events) }
  })
}

/** The branch on GitHub, for steps that may write to one in a clone as well. */
export function appendTo(github: GitHub): AppendToBranch {
  return (plan) => appendPlanned(github, (tree) => plan(tree ?? NO_FILES))
}

/** What a commit is to put on the branch as it is. */
export type Plan = (ledger: GitTree | undefined) => Promise<{ files: Files; message: string }>

/**
 * Puts on the branch what is planned, in one commit. Where another run has moved the branch
 * meanwhile, all is planned again on top of that, so that no record and no derived file is lost.
 * Throws a `UserError` where the branch keeps being moved.
 */
export async function appendPlanned(github: GitHub, plan: Plan): Promise<Appended> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const head = await branchHead(github, LEDGER_BRANCH)
    const { files, message } = await plan(head && openTree(github, head.tree))
    if (files.size === 0) return { outcome: 'unchanged', commit: head?.commit }
    const { commit } = await writeCommit(github, {
      parents: head ? [head.commit] : [],
      ...(head && { baseTree: head.tree }),
      files,
      message,
    })
    const move = { to: commit, ...(head && { from: head.commit }) }
    if ((await moveBranch(github, LEDGER_BRANCH, move)) === 'moved') {
      return { outcome: 'appended', commit }
    }
    await github.pause(attempt)
  }
  throw new UserError(
    `the branch ${LEDGER_BRANCH} was moved by others ${ATTEMPTS} times while this run wrote its records`,
    { remedy: 'Run the job again: the records are still in its artifacts and in .cd4ml/.' },
  )
}

const ATTEMPTS = 30

/** The files that the ledger has not yet, or not with these bytes. */
async function changes(
  ledger: GitTree | undefined,
  added: { files: Files; contents: Files },
  derived: Files,
): Promise<Files> {
  const changed = new Map<string, Uint8Array>()
  for (const [path, bytes] of added.contents) {
    if (!(await isThere(ledger, path, bytes))) changed.set(path, bytes)
  }
  for (const [path, bytes] of added.files) {
    const id = await ledger?.idAt(path)
    if (id === undefined) changed.set(path, bytes)
    else if (id !== blobId(bytes)) throw rewritten(path)
  }
  for (const [path, bytes] of derived) {
    if ((await ledger?.idAt(path)) !== blobId(bytes)) changed.set(path, bytes)
  }
  return changed
}

/** Whether the ledger has the content: these bytes, or others that unpack to the same. */
async function isThere(ledger: GitTree | undefined, path: string, bytes: Uint8Array) {
  const id = await ledger?.idAt(path)
  if (id === undefined || id === blobId(bytes)) return id !== undefined
  const known = await unlessMistaken(async () => await ledger?.read(path))
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
