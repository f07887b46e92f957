import type { GitHub } from '../../github/client.ts'
import { type KeptComment, keepComment } from '../../github/comment.ts'
import { statusOf } from '../../github/failure.ts'
import { openPullRequests } from '../../github/pull-requests.ts'

/** The pull request that started the workflow; without one, those of the branch are looked for. */
export type Where = { pullRequest: number | undefined; branch: string | undefined }

export type Reported =
  | KeptComment
  /** The branch has no open pull request. */
  | { outcome: 'none' }
  /** The token may not comment, such as that of a pull request from a fork. */
  | { outcome: 'forbidden'; problem: string }

/** Keeps the comment on an experiment where the pull requests are that propose its branch. */
export async function reportExperiment(
  github: GitHub,
  where: Where,
  body: string,
): Promise<Reported> {
  try {
    const numbers = await pullRequestsAt(github, where)
    const kept: KeptComment[] = []
    for (const issue of numbers) kept.push(await keepComment(github, { issue, key: KEY, body }))
    return kept.find(({ outcome }) => outcome !== 'unchanged') ?? kept[0] ?? { outcome: 'none' }
  } catch (error) {
    if (statusOf(error) !== 403 || !(error instanceof Error)) throw error
    return { outcome: 'forbidden', problem: error.message }
  }
}

const KEY = 'experiment'

async function pullRequestsAt(github: GitHub, { pullRequest, branch }: Where): Promise<number[]> {
  if (pullRequest !== undefined) return [pullRequest]
  if (branch === undefined) return []
  const open = await openPullRequests(github, branch)
  return open.filter(({ fromFork }) => !fromFork).map(({ number }) => number)
}
