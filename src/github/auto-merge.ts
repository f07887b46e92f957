import type { GitHub } from './client.ts'

export type Merging =
  /** It merges itself as soon as the rules of the branch are met. */
  | { outcome: 'waits for the rules' }
  /** No rule was in the way. */
  | { outcome: 'merged' }
  | { outcome: 'refused'; reason: string }

/**
 * Has GitHub merge a pull request when all that the rules of its base ask for is there, or merges it
 * at once where that is so already. `commit` is what has been looked at: nothing later is merged by
 * this call.
 */
export async function mergeWhenReady(
  github: GitHub,
  pull: { number: number; id: string; commit: string },
): Promise<Merging> {
  const method = await mergeMethod(github)
  try {
    await github.api.graphql(ENABLE, {
      pull: pull.id,
      head: pull.commit,
      how: method.toUpperCase(),
    })
    return { outcome: 'waits for the rules' }
  } catch (error) {
    const reason = refusalOf(error)
    // GitHub refuses to wait where there is nothing that it could wait for.
    if (reason !== undefined && !/in (clean|unstable) status/i.test(reason)) {
      return { outcome: 'refused', reason }
    }
    if (reason === undefined) throw error
  }
  const { owner, repo } = github
  await github.api.rest.pulls.merge({
    owner,
    repo,
    pull_number: pull.number,
    sha: pull.commit,
    merge_method: method,
  })
  return { outcome: 'merged' }
}

/** Leaves the merging to a person again. */
export async function stopMerging(github: GitHub, { id }: { id: string }): Promise<void> {
  await github.api.graphql(DISABLE, { pull: id })
}

const ENABLE = `
  mutation ($pull: ID!, $head: GitObjectID!, $how: PullRequestMergeMethod!) {
    enablePullRequestAutoMerge(
      input: { pullRequestId: $pull, expectedHeadOid: $head, mergeMethod: $how }
    ) {
      clientMutationId
    }
  }
`

const DISABLE = `
  mutation ($pull: ID!) {
    disablePullRequestAutoMerge(input: { pullRequestId: $pull }) {
      clientMutationId
    }
  }
`

async function mergeMethod({ api, owner, repo }: GitHub): Promise<'merge' | 'squash'> {
  const { data } = await api.rest.repos.get({ owner, repo })
  return data.allow_merge_commit === false ? 'squash' : 'merge'
}

/** What GraphQL says to a question that it understood. */
function refusalOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || error.name !== 'GraphqlResponseError') return undefined
  return error.message.replace(/^Request failed due to following response errors:\s*-?\s*/, '')
}
