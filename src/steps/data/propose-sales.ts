import type { Day } from '../../base/day.ts'
import type { Language } from '../../base/language.ts'
import { type Merging, mergeWhenReady, stopMerging } from '../../github/auto-merge.ts'
import type { GitHub } from '../../github/client.ts'
import { type KeptPullRequest, keepPullRequest } from '../../github/kept-pull-request.ts'
import {
  checkOutData,
  type DataFileChange,
  mergedData,
  type WhoMerges,
  whoMerges,
} from '../../registry/merged-data.ts'
import { newSalesText, newSalesTitle } from '../../reporting/new-sales-request.ts'
import type { ValidationReport } from '../../sales/checks/validation-report.ts'
import type { Ingested } from '../../sales/warehouse/ingested.ts'
import { checkSales, inputsIn } from './inputs.ts'

export type ProposeSalesInput = {
  /** Top folder of a checkout of `main` with its whole history; its data folder is rewritten. */
  repo: string
  today: Day
  /** Branch that was pushed, and the commit that it stood at. */
  branch: string
  commit: string
  /** Whether the pull request may merge itself. */
  mayMerge: boolean
  /** Page of the run. */
  run: string
  language: Language
}

export type ProposedSales =
  | { outcome: 'nothing new' }
  | { outcome: 'invalid'; report: ValidationReport }
  | RequestedSales

/** The pull request that brings the sales. */
export type RequestedSales = KeptPullRequest & {
  report: ValidationReport
  body: string
  merging: Merging | 'by a person'
}

/**
 * Validates what merging a branch of new sales would make, by the code of `main`, and keeps one pull
 * request of the branch, which merges itself where that is allowed. Where the sales are those of
 * `main` already, nothing happens. What changes the contract or removes a file waits for a person.
 * Throws a `UserError` where the branch changes anything but data.
 */
export async function proposeSales(
  github: GitHub,
  input: ProposeSalesInput,
): Promise<ProposedSales> {
  const { repo, today, commit } = input
  const { tree, changes } = await mergedData(repo, 'HEAD', commit)
  if (changes.length === 0) return { outcome: 'nothing new' }
  await checkOutData(repo, tree)
  const { outcome, report } = await checkSales(inputsIn(repo, today, { data: 'data' }))
  if (outcome === 'invalid') return { outcome, report }
  return await requestSales(github, { ...input, changes, report })
}

/** Keeps one pull request of the branch, at this commit of which the sales can be used. */
export async function requestSales(
  github: GitHub,
  input: Pick<ProposeSalesInput, 'branch' | 'commit' | 'mayMerge' | 'run' | 'language'> & {
    changes: DataFileChange[]
    report: ValidationReport
    /** What a warehouse was asked, where the sales come from one. */
    ingested?: Ingested
  },
): Promise<RequestedSales> {
  const { branch, commit, changes, report, ingested, mayMerge, run, language } = input
  const merges = whoMerges(changes, mayMerge)
  const body = newSalesText(
    { changes, report, merges, run, ...(ingested && { ingested }) },
    language,
  )
  const title = newSalesTitle({ changes, report }, language)
  const kept = await keepPullRequest(github, { branch, base: 'main', title, body })
  return { ...kept, report, body, merging: await merge(github, { ...kept, commit }, merges) }
}

async function merge(
  github: GitHub,
  pull: KeptPullRequest & { commit: string },
  merges: WhoMerges,
): Promise<Merging | 'by a person'> {
  if (merges !== 'itself') {
    if (pull.mergesItself) await stopMerging(github, pull)
    return 'by a person'
  }
  return pull.mergesItself ? { outcome: 'waits for the rules' } : await mergeWhenReady(github, pull)
}
