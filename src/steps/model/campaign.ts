import { UserError } from '../../base/errors.ts'
import { git, gitMaybe } from '../../base/git.ts'
import type { Campaign } from '../../evaluation/gate/campaign.ts'
import { projectLedger } from '../../ledger/folder-ledger.ts'
import { LEDGER_BRANCH } from '../../ledger/leaderboard.ts'
import { type LedgerFiles, readRecords } from '../../ledger/ledger.ts'
import type { RunRecord } from '../../ledger/run-record.ts'
import { type Try, tryNumber } from '../../ledger/tries.ts'
import { digest, type Manifest } from '../../registry/manifest.ts'
import { listFiles, readObjects } from '../../registry/objects.ts'
import { commitOf, isRepository } from '../../registry/repository.ts'

/**
 * Which try against what is in production a challenger is, by the ledger as it was last fetched;
 * undefined where it is none (`tryNumber`). Runs on this machine make the number larger, never
 * smaller, so that what the required check counts, which has the ledger alone, is at most this.
 */
export async function readCampaign(
  project: string,
  tried: Try,
  production: Manifest | undefined,
): Promise<Campaign | undefined> {
  const champion = production && (await tryOf(project, production))
  const ledger = await ledgerCommit(project)
  const recorded = ledger === undefined ? [] : await ledgerRuns(project, ledger)
  const { records: own } = await projectLedger(project).read({ kind: 'run' })
  const all = [...new Map([...recorded, ...own].map((run) => [run.id, run])).values()].sort(inOrder)
  const numbers = [recorded, all].map((runs) => tryNumber(runs, tried, champion))
  const tries = Math.max(...numbers.map((number) => number ?? 0))
  return tries === 0 ? undefined : { tries, ...(ledger !== undefined && { ledger }) }
}

/**
 * The same by the ledger at one of its commits alone: as what a challenger must have been judged at
 * the least. Throws a `UserError` where this clone lacks the commit.
 */
export async function countTries(
  repo: string,
  ledger: string,
  tried: Try,
  production: Manifest | undefined,
): Promise<number | undefined> {
  const champion = production && (await tryOf(repo, production))
  return tryNumber(await ledgerRuns(repo, ledger), tried, champion)
}

/** What a version was, as a try. Its recipe is that of no other where this clone lacks the file. */
export async function tryOf(repo: string, { files, lineage }: Manifest): Promise<Try> {
  const known = await isRepository(repo)
  const [recipe] = known ? await readObjects(repo, [lineage.recipe.object]) : []
  return {
    model: files['model.json'],
    recipe: recipe ? digest(recipe) : '',
    code: lineage.code.object,
  }
}

/** The newest commit of the branch of records that this clone knows; undefined where it has none. */
export async function ledgerCommit(project: string): Promise<string | undefined> {
  if (!(await isRepository(project))) return undefined
  return (
    (await commitOf(project, `refs/remotes/origin/${LEDGER_BRANCH}`)) ??
    (await commitOf(project, `refs/heads/${LEDGER_BRANCH}`))
  )
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

/** The runs of the ledger at a commit, oldest first. What is no run record is no try. */
async function ledgerRuns(repo: string, commit: string): Promise<RunRecord[]> {
  if ((await commitOf(repo, commit)) === undefined) {
    throw new UserError(`the commit ${commit.slice(0, 12)} of the ledger is not in this clone`, {
      remedy: 'Run git fetch, then try again.',
    })
  }
  const { records } = await readRecords(filesAt(repo, commit), { kind: 'run' })
  return records.sort(inOrder)
}

/** The files of a commit; those of a folder are read at once. */
function filesAt(repo: string, commit: string): LedgerFiles {
  const contents = new Map<string, Buffer | undefined>()
  return {
    async names(folder) {
      const files = (await listFiles(repo, commit, folder)).filter(({ type }) => type === 'blob')
      const ids = files.map(({ id }) => id)
      for (const [i, content] of (await readObjects(repo, ids)).entries()) {
        contents.set(files[i].path, content)
      }
      return files.map(({ path }) => path.slice(folder.length + 1))
    },
    read: async (path) => contents.get(path),
  }
}

/**
 * In the order of time: of workflow runs, which GitHub numbers, and within one by the moment, which
 * its record says itself and could have made earlier.
 */
function inOrder(a: RunRecord, b: RunRecord): number {
  return workflowNumber(a) - workflowNumber(b) || (a.id < b.id ? -1 : Number(a.id > b.id))
}

function workflowNumber({ workflow }: RunRecord): number {
  return Number(/\/runs\/(\d{1,15})$/.exec(workflow?.url ?? '')?.[1] ?? 0)
}
