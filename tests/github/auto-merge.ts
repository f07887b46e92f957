import { OBJECT, TEXT } from './body-check.ts'
import { authorise, type Identity } from './identity.ts'
import { mergeableBase, mergePull } from './merge.ts'
import { allPulls, type PullIssue } from './pulls.ts'
import { Refusal } from './refusal.ts'
import type { Answer, Call, Route } from './routing.ts'
import type { State } from './state.ts'

/** Merging when the rules are met, which GitHub has in GraphQL alone: the two mutations for it. */
export const graphqlRoute: Route = {
  verb: 'post',
  path: '/graphql',
  needs: [],
  body: { required: ['query'], properties: { query: TEXT, variables: OBJECT } },
  handle: async (call) => {
    try {
      return await answered(call)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      // GraphQL answers 200, and says in the answer what it refuses.
      return { status: 200, body: { data: null, errors: [{ message: error.message }] } }
    }
  },
}

/** What is told to merge itself, and can now, is merged. */
export async function mergeWhatIsReady(state: State): Promise<void> {
  for (const issue of allPulls(state)) {
    const { autoMerge } = issue.pull
    if (issue.state !== 'open' || !autoMerge) continue
    try {
      await mergePull(state, autoMerge.by, issue, { merge_method: autoMerge.method })
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
    }
  }
}

type Request = { query: string; variables?: { pull?: string; head?: string; how?: string } }

async function answered({ state, identity, body }: Call): Promise<Answer> {
  const { query, variables = {} } = body as Request
  const [, mutation] = /\b((?:en|dis)ablePullRequestAutoMerge)\b/.exec(query) ?? []
  if (!mutation) throw new Refusal(400, `This GraphQL is not known here: ${query}`)
  authorise(identity, ['contents: write'])
  authorise(identity, ['pull-requests: write'])
  const issue = allPulls(state).find(({ id }) => `PR_${id}` === variables.pull)
  if (!issue) throw new Refusal(404, `Could not resolve to a node with the id '${variables.pull}'.`)
  if (mutation === 'enablePullRequestAutoMerge') await enable(state, identity, issue, variables)
  else issue.pull.autoMerge = null
  return { status: 200, body: { data: { [mutation]: { clientMutationId: null } } } }
}

async function enable(
  state: State,
  by: Identity,
  issue: PullIssue,
  { head, how = 'MERGE' }: NonNullable<Request['variables']>,
): Promise<void> {
  if (!state.options.allow_auto_merge) {
    throw new Refusal(422, 'Auto merge is not allowed for this repository')
  }
  if (head !== issue.pull.head.commit) {
    throw new Refusal(422, "The head branch's commit is another than the expected one")
  }
  const merge_method = how === 'SQUASH' ? 'squash' : 'merge'
  if (await isReady(state, issue, merge_method)) {
    throw new Refusal(422, 'Pull request Pull request is in clean status')
  }
  issue.pull.autoMerge = { by, method: merge_method }
}

async function isReady(
  state: State,
  issue: PullIssue,
  merge_method: 'merge' | 'squash',
): Promise<boolean> {
  try {
    await mergeableBase(state, issue, { merge_method })
    return true
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return false
  }
}
