import { setImmediate } from 'node:timers/promises'
import { UserError } from '../../base/errors.ts'
import { git, gitMaybe } from '../../base/git.ts'
import { BoundedMap } from '../../base/remembered.ts'
import type { RecordedEvent } from '../../ledger/events/event.ts'
import { readEvents } from '../../ledger/events/event-files.ts'
import { LEDGER_BRANCH } from '../../ledger/leaderboard.ts'
import { type LedgerTree, type LeftOut, readRecords } from '../../ledger/ledger.ts'
import type { RunRecord } from '../../ledger/run-record.ts'
import { listFiles, readObjects } from '../../registry/objects.ts'
import { commitOf, firstRef, isRepository } from '../../registry/repository.ts'

/** The newest commit of the branch of records that this clone knows; undefined where it has none. */
export async function ledgerCommit(project: string): Promise<string | undefined> {
  if (!(await isRepository(project))) return undefined
  const refs = [`refs/remotes/origin/${LEDGER_BRANCH}`, `refs/heads/${LEDGER_BRANCH}`]
  return (await firstRef(project, refs))?.commit
}

/**
 * The ledger as it was when a commit of the base was made; undefined where there was none, or where
 * this clone lacks the commit.
 */
export async function ledgerWhen(
  repo: string,
  ledger: string,
  commit: string,
): Promise<string | undefined> {
  const newest = ['rev-list', '--max-count=1']
  const dated = await gitMaybe(repo, [...newest, '--timestamp', commit])
  if (dated === undefined) return undefined
  const [made] = dated.split(' ')
  const then = await git(repo, [...newest, '--first-parent', `--min-age=${made}`, ledger])
  return then.trim() || undefined
}

/**
 * The runs of the ledger at a commit, but for what is no run record. Throws a `UserError` where this
 * clone lacks the commit.
 */
export async function ledgerRuns(repo: string, commit: string): Promise<RunRecord[]> {
  if ((await commitOf(repo, commit)) === undefined) {
    throw new UserError(`the commit ${commit.slice(0, 12)} of the ledger is not in this clone`, {
      remedy: 'Run git fetch, then try again.',
    })
  }
  return (await readRecords(ledgerFilesAt(repo, commit), { kind: 'run' })).records
}

/**
 * The events that were collected on the branch of records, as this clone knows it, and what of them is
 * left out; undefined where it has no such branch.
 */
export async function collectedEvents(
  project: string,
): Promise<{ events: RecordedEvent[]; leftOut: LeftOut[] } | undefined> {
  const ledger = await clonedLedger(project)
  return ledger && (await readEvents(ledger))
}

/** The files of the branch of records, as this clone knows it; undefined where it has no such branch. */
export async function clonedLedger(project: string): Promise<LedgerTree | undefined> {
  const commit = await ledgerCommit(project)
  return commit === undefined ? undefined : ledgerFilesAt(project, commit)
}

/**
 * The files of a commit. All of them are listed at once, and the records of a folder are read with its
 * names, since each call of git takes longer than they do; what they name is read when it is asked for,
 * all that is asked for at once by one call.
 */
export function ledgerFilesAt(repo: string, commit: string): LedgerTree {
  let listed: Promise<Map<string, string>> | undefined
  const ids = () => {
    listed ??= plainFiles(repo, commit)
    return listed
  }
  const records = new Map<string, Buffer | undefined>()
  const blob = blobReader(repo)
  return {
    async names(folder) {
      const all = await ids()
      const paths = [...all.keys()].filter((path) => path.startsWith(`${folder}/`))
      const below = paths.map((path) => path.slice(folder.length + 1))
      const read = below.filter(isRecord).map((path) => `${folder}/${path}`)
      const contents = await blobs(
        repo,
        read.map((path) => all.get(path)!),
      )
      for (const [i, path] of read.entries()) records.set(path, contents[i])
      return [...new Set(below.map((path) => path.split('/', 1)[0]))]
    },
    async read(path) {
      if (records.has(path)) return records.get(path)
      const id = (await ids()).get(path)
      return id === undefined ? undefined : await blob(id)
    },
    idAt: async (path) => (await ids()).get(path),
  }
}

/** Reads blobs by their ids; those that are asked for at once, by one call. */
function blobReader(repo: string): (id: string) => Promise<Buffer | undefined> {
  let asked: { ids: string[]; contents: Promise<(Buffer | undefined)[]> } | undefined
  return async (id) => {
    if (!asked) {
      const ids: string[] = []
      const contents = setImmediate().then(() => {
        asked = undefined
        return blobs(repo, ids)
      })
      asked = { ids, contents }
    }
    const { ids, contents } = asked
    const index = ids.push(id) - 1
    return (await contents)[index]
  }
}

async function plainFiles(repo: string, commit: string): Promise<Map<string, string>> {
  const key = `${repo} ${commit}`
  const known = listings.get(key)
  if (known) return known
  const files = (await listFiles(repo, commit)).filter(({ mode }) => mode.startsWith('100'))
  const listing = new Map(files.map(({ path, id }) => [path, id]))
  listings.set(key, listing)
  return listing
}

/** What was listed last: a step appends to what another has just read. */
const listings = new BoundedMap<string, Map<string, string>>(4)

/** What was read last, by its id, which says all of it: who looks every week reads what is new. */
const known = new Map<string, Buffer>()
let knownBytes = 0
const MOST_KNOWN = 64 * 1024 ** 2

async function blobs(repo: string, ids: string[]): Promise<(Buffer | undefined)[]> {
  const missing = ids.filter((id) => !known.has(id))
  const read = await readObjects(repo, missing)
  const found = new Map(missing.map((id, index) => [id, read[index]]))
  const contents = ids.map((id) => known.get(id) ?? found.get(id))
  for (const [id, content] of found) {
    if (content === undefined) continue
    known.set(id, content)
    knownBytes += content.length
  }
  for (const [id, { length }] of known) {
    if (knownBytes <= MOST_KNOWN) break
    known.delete(id)
    knownBytes -= length
  }
  return contents
}

function isRecord(path: string): boolean {
  return /^[^/]+\.json$|^[^/]+\/record\.json$/.test(path)
}
