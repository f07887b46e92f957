import type { GitHub } from './client.ts'
import { unlessMissing } from './failure.ts'

/**
 * When the last run of a workflow (`retrain.yml`) began on a branch that ended well, as an ISO
 * instant; undefined where there is none that GitHub still knows.
 */
export async function lastSuccess(
  github: GitHub,
  workflowFile: string,
  branch: string,
): Promise<string | undefined> {
  const runs = unlessMissing(
    runsOn(github, branch, { workflow_id: workflowFile, status: 'success' }),
  )
  const [run] = (await runs) ?? []
  return run && (run.run_started_at ?? run.created_at)
}

/**
 * The newest runs of a workflow on a branch of this repository, at most a hundred: also those that
 * wait. None that a pull request started: it brings a workflow file of its own, title and all, and
 * the branch of a fork may have the same name.
 */
export async function runsOn(
  { api, owner, repo }: GitHub,
  branch: string,
  asked: { workflow_id: string | number; status?: 'success' },
) {
  const { data } = await api.rest.actions.listWorkflowRuns({
    owner,
    repo,
    branch,
    per_page: 100,
    ...asked,
  })
  return data.workflow_runs.filter(({ event }) => !event.startsWith('pull_request'))
}

/** When a workflow was added to the repository, as an ISO instant; undefined where it is not there. */
export async function addedAt(
  { api, owner, repo }: GitHub,
  workflowFile: string,
): Promise<string | undefined> {
  const workflow = await unlessMissing(
    api.rest.actions.getWorkflow({ owner, repo, workflow_id: workflowFile }),
  )
  return workflow?.data.created_at
}

/** A run, as the list of a workflow's runs shows it. */
export type ListedRun = { title: string; isOver: boolean }

/** The newest runs of a workflow on `main`. */
export async function newestRuns(github: GitHub, workflowFile: string): Promise<ListedRun[]> {
  const runs = await runsOn(github, 'main', { workflow_id: workflowFile })
  return runs.map(({ display_title, status }) => ({
    title: display_title,
    isOver: status === 'completed',
  }))
}

/** Starts a workflow of `main`, as its page does. */
export async function startWorkflow(
  { api, owner, repo }: GitHub,
  workflowFile: string,
  inputs: Record<string, string>,
): Promise<void> {
  await api.rest.actions.createWorkflowDispatch({
    owner,
    repo,
    workflow_id: workflowFile,
    ref: 'main',
    inputs,
  })
}
