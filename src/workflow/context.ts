import { readFile } from 'node:fs/promises'
import { type Static, Type } from 'typebox'
import { UserError } from '../base/errors.ts'
import { checker, parseJson } from '../base/schema.ts'
import { nullable, openObject } from '../base/schema-parts.ts'
import type { WorkflowRun } from '../ledger/run-record.ts'
import type { RunOrigin } from '../steps/model/recorded-run.ts'

/** Where an action runs, and what started it. */
export type Context = {
  /** Folder of the checked out repository. */
  project: string
  /** `owner/name`. */
  repository: string
  apiUrl: string
  /** Page of the repository, such as `https://github.com/shop/demand`. */
  repositoryUrl: string
  /** What the ledger keeps of the workflow's run. */
  run: WorkflowRun
  /** The branch that was pushed, or that a pull request wants to merge; absent for a tag. */
  branch?: string
  /** The commit that was pushed, or that a pull request wants to merge. */
  commit?: string
  /** Set where a pull request started the workflow. */
  pullRequest?: { number: number; fromFork: boolean }
}

/**
 * Reads the variables that GitHub sets for every step, and the file of the event.
 * Throws a `UserError` where one is missing: then this is no step of a workflow.
 */
export async function readContext(env: NodeJS.ProcessEnv): Promise<Context> {
  const repository = variable(env, 'GITHUB_REPOSITORY')
  const event = variable(env, 'GITHUB_EVENT_NAME')
  const repositoryUrl = `${env.GITHUB_SERVER_URL ?? 'https://github.com'}/${repository}`
  const branch = branchOf(env)
  const asked = await pullRequestOf(env.GITHUB_EVENT_PATH)
  const commit = asked ? asked.head.sha : env.GITHUB_SHA
  return {
    project: variable(env, 'GITHUB_WORKSPACE'),
    repository,
    apiUrl: env.GITHUB_API_URL ?? 'https://api.github.com',
    repositoryUrl,
    run: { url: `${repositoryUrl}/actions/runs/${variable(env, 'GITHUB_RUN_ID')}`, event },
    ...(branch && { branch }),
    ...(commit && { commit }),
    ...(asked && {
      // The repository that a fork was made in may be gone by now.
      pullRequest: { number: asked.number, fromFork: asked.head.repo?.full_name !== repository },
    }),
  }
}

/** What the ledger keeps of where a run comes from. */
export function runOrigin({ run, branch }: Context): RunOrigin {
  return { workflow: run, ...(branch && { branch }) }
}

function variable(env: NodeJS.ProcessEnv, name: string): string {
  const value = env[name]
  if (value) return value
  throw new UserError(`the variable ${name} is not set, so this is no step of a workflow`, {
    remedy: 'Run this action with uses: in a workflow; on your machine, use npx cd4ml.',
  })
}

function branchOf(env: NodeJS.ProcessEnv): string | undefined {
  if (env.GITHUB_HEAD_REF) return env.GITHUB_HEAD_REF
  return env.GITHUB_REF?.startsWith('refs/heads/') ? env.GITHUB_REF_NAME : undefined
}

const PullRequestEvent = openObject({
  number: Type.Integer({ minimum: 1 }),
  head: openObject({
    sha: Type.Optional(Type.String()),
    repo: nullable(openObject({ full_name: Type.String() })),
  }),
})
type PullRequestEvent = Static<typeof PullRequestEvent>

async function pullRequestOf(eventFile: string | undefined): Promise<PullRequestEvent | undefined> {
  if (!eventFile) return undefined
  const event = parseJson(await readFile(eventFile, 'utf8'), eventFile)
  return checkEvent(event, eventFile).pull_request
}

const checkEvent = checker(openObject({ pull_request: Type.Optional(PullRequestEvent) }))
