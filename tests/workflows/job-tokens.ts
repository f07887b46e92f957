import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'

/**
 * GitHub gives each job a token that may do what its `permissions` say; act gives all jobs the same.
 * So in the workflows of the folder (which act reads; jobs check out their own), each job's token
 * becomes a variable, also where an action takes it by default. Returns the variables. Jobs with
 * `id-token: write`, and no others, are told where they get a token that says who they are.
 */
export async function giveTokens(
  repo: string,
  tokenFor: (permissions: string[]) => string,
  issuer: string | undefined,
): Promise<Record<string, string>> {
  const tokens: Record<string, string> = {}
  const folder = join(repo, '.github', 'workflows')
  for (const file of await readdir(folder)) {
    const workflow: Workflow = parse(await readFile(join(folder, file), 'utf8'))
    for (const [id, job] of Object.entries(workflow.jobs)) {
      const name = `TOKEN_${Object.keys(tokens).length}`
      const permissions = Object.entries(job.permissions ?? {})
      tokens[name] = tokenFor(permissions.map(([scope, access]) => `${scope}: ${access}`))
      const ours = (job.steps ?? []).filter(({ uses }) => uses?.startsWith('./'))
      for (const step of ours) step.with = { ...(await defaults(repo, step)), ...step.with }
      if (issuer !== undefined && job.permissions?.['id-token'] === 'write') {
        job.env = { ...job.env, ...identified(issuer) }
      }
      const text = JSON.stringify(job).replaceAll(TOKEN, `vars.${name}`)
      workflow.jobs[id] = JSON.parse(text)
    }
    await writeFile(join(folder, file), stringify(workflow))
  }
  return tokens
}

type Workflow = { jobs: Record<string, Job> }
type Job = {
  permissions?: Record<string, string>
  env?: Record<string, string>
  steps?: Step[]
}
type Step = { uses?: string; with?: Record<string, string> }
type Action = { inputs?: Record<string, { default?: unknown }> }

const TOKEN = /github\.token|secrets\.GITHUB_TOKEN/g

function identified(issuer: string): Record<string, string> {
  return {
    ACTIONS_ID_TOKEN_REQUEST_URL: `${issuer}/token?run=1`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'of the job',
  }
}

/** The inputs of an action that are the token unless they are given. */
async function defaults(repo: string, { uses = '' }: Step): Promise<Record<string, string>> {
  const text = await readFile(join(repo, uses, 'action.yml'), 'utf8').catch(() => '')
  const { inputs = {} }: Action = parse(text) ?? {}
  const tokens = Object.entries(inputs).filter(([, input]) => String(input.default).match(TOKEN))
  return Object.fromEntries(tokens.map(([name, input]) => [name, String(input.default)]))
}
