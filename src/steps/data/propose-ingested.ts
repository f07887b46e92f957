import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Day } from '../../base/day.ts'
import { UserError } from '../../base/errors.ts'
import { git } from '../../base/git.ts'
import type { Language } from '../../base/language.ts'
import type { GitHub } from '../../github/client.ts'
import { branchHead, type FileChange, moveBranch, writeCommit } from '../../github/git-data.ts'
import { closePullRequest } from '../../github/kept-pull-request.ts'
import { type DataFileChange, dataChanges } from '../../registry/merged-data.ts'
import { requireRecordable } from '../../registry/recordable.ts'
import type { ValidationReport } from '../../sales/checks/validation-report.ts'
import type { Doubtful } from '../../sales/warehouse/doubts.ts'
import type { Ingested } from '../../sales/warehouse/ingested.ts'
import { ingest } from './ingest.ts'
import { checkSales, inputsIn } from './inputs.ts'
import { type RequestedSales, requestSales } from './propose-sales.ts'

/** The one branch on which the sales of a warehouse are proposed, rewritten in place. */
export const WAREHOUSE_BRANCH = 'sales/warehouse'

export type ProposeIngestedInput = {
  /** Top folder of a checkout of `main`; its data folder is rewritten. */
  repo: string
  today: Day
  /** The days to ask for, and what may be so though it is doubtful, as of `ingest`. */
  from?: Day
  until?: Day
  accept: ReadonlySet<Doubtful>
  /** Variables of the job, such as the one with the connection string. */
  environment: NodeJS.ProcessEnv
  /** Aborted where somebody wants it to end: the warehouse is asked no longer. */
  signal: AbortSignal
  /** Whether the pull request may merge itself. */
  mayMerge: boolean
  /** Page of the run. */
  run: string
  language: Language
}

export type ProposedIngested = { ingested: Ingested } & (
  | { outcome: 'nothing new' }
  | { outcome: 'invalid'; report: ValidationReport }
  | RequestedSales
)

/**
 * Asks the warehouse for what `main` does not have yet, validates all sales with it, and keeps one
 * pull request of the branch of warehouses. The branch is one commit on top of `main`: what waits from
 * earlier nights is in it, since `main` does not have it yet either. Where nothing is new, nothing
 * happens, but that a pull request with what the warehouse has taken back is closed.
 *
 * Throws a `UserError` as `ingest` does, where git ignores what came, and where somebody else moves the
 * branch meanwhile.
 */
export async function proposeIngested(
  github: GitHub,
  input: ProposeIngestedInput,
): Promise<ProposedIngested> {
  const { repo, today, language } = input
  const { data, contract, recipe } = inputsIn(repo, today, { data: 'data' })
  const ingested = await ingest({
    ...input,
    project: repo,
    data,
    contract,
    recipe,
    dryRun: false,
  })
  const written = ingested.files.filter(({ change }) => change !== 'removed')
  // What git does not see would be proposed to nobody, and be new again every night.
  await requireRecordable(repo, {
    data: { folder: data, files: written.map(({ file }) => join(data, file)) },
    files: [],
  })
  const changes = await dataChanges(repo, 'HEAD', await treeWithData(repo))
  if (changes.length === 0) {
    await closePullRequest(github, { branch: WAREHOUSE_BRANCH, base: 'main' })
    return { ingested, outcome: 'nothing new' }
  }
  const { outcome, report } = await checkSales(inputsIn(repo, today, { data: 'data' }))
  if (outcome === 'invalid') return { ingested, outcome, report }
  const commit = await keepBranch(github, repo, changes)
  const request = { branch: WAREHOUSE_BRANCH, commit, changes, report, ingested }
  return { ingested, ...(await requestSales(github, { ...input, ...request, language })) }
}

/** The tree of the checkout with its data folder as it is now. */
async function treeWithData(repo: string): Promise<string> {
  await git(repo, ['add', '--all', '--', 'data'])
  return (await git(repo, ['write-tree'])).trim()
}

/** The commit of the branch: the one that it has, where that is the same on the same base. */
async function keepBranch(
  github: GitHub,
  repo: string,
  changes: DataFileChange[],
): Promise<string> {
  const [base, baseTree] = (await git(repo, ['rev-parse', 'HEAD', 'HEAD^{tree}']))
    .trim()
    .split('\n')
  const files = new Map<string, FileChange>()
  for (const { path, change } of changes) {
    files.set(path, change === 'removed' ? 'deleted' : await readFile(join(repo, path)))
  }
  const before = await branchHead(github, WAREHOUSE_BRANCH)
  const message = 'Add the sales of the warehouse'
  const commit = await writeCommit(github, { parents: [base], baseTree, files, message })
  if (before && before.tree === commit.tree && before.parents.join() === base) return before.commit
  const moved = await moveBranch(github, WAREHOUSE_BRANCH, {
    to: commit.commit,
    ...(before && { from: before.commit }),
    force: true,
  })
  if (moved === 'moved') return commit.commit
  throw new UserError(`the branch ${WAREHOUSE_BRANCH} was moved by somebody else meanwhile`, {
    remedy: 'Run the workflow again: it makes the branch anew from main.',
  })
}
