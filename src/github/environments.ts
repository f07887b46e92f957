import type { GitHub } from './client.ts'
import { unlessMissing } from './failure.ts'
import { type Answer, isNotInThePlan, unlessHidden } from './settings.ts'

/** An environment of a repository: which branches get its secrets, and what these are called. */
export type Environment = {
  branches: 'all' | 'protected' | string[]
  secrets: string[]
}

/** The environment of a name. Private repositories have none in a free plan. */
export async function readEnvironment(
  github: GitHub,
  name: string,
): Promise<Answer<Environment> | 'none' | 'not in the plan'> {
  try {
    return (await unlessHidden(knownEnvironment(github, name))) ?? 'none'
  } catch (error) {
    if (isNotInThePlan(error)) return 'not in the plan'
    throw error
  }
}

async function knownEnvironment(
  { api, owner, repo }: GitHub,
  environment_name: string,
): Promise<Environment | undefined> {
  const of = { owner, repo, environment_name }
  const found = await unlessMissing(api.rest.repos.getEnvironment(of))
  if (found === undefined) return undefined
  const policy = found.data.deployment_branch_policy
  const secrets = await api.paginate(api.rest.actions.listEnvironmentSecrets, of)
  const names = secrets.map(({ name }) => name)
  if (!policy) return { branches: 'all', secrets: names }
  if (policy.protected_branches) return { branches: 'protected', secrets: names }
  const { data } = await api.rest.repos.listDeploymentBranchPolicies(of)
  return { branches: data.branch_policies.map(({ name = '' }) => name), secrets: names }
}
