import type { GitHub } from './client.ts'
import { unlessMissing } from './failure.ts'

/**
 * When the last run of a workflow (`retrain.yml`) began on a branch that ended well, as an ISO
 * instant; undefined where there is none that GitHub still knows.
 */
export async function lastSuccess(
  { api, owner, repo }: GitHub,
  workflowFile: string,
  branch: string,
): Promise<string | undefined> {
  const runs = await unlessMissing(
    api.rest.actions.listWorkflowRuns({
      owner,
      repo,
      workflow_id: workflowFile,
      branch,
      status: 'success',
      per_page: 1,
    }),
  )
  const [run] = runs?.data.workflow_runs ?? []
  return run && (run.run_started_at ?? run.created_at)
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

/** The newest runs of a workflow, at most a hundred: also those that wait. */
export async function newestRuns(
  { api, owner, repo }: GitHub,
  workflowFile: string,
): Promise<ListedRun[]> {
  const { data } = await api.rest.actions.listWorkflowRuns({
    owner,
    repo,
    workflow_id: workflowFile,
    per_page: 100,
  })
  return data.workflow_runs.map(({ display_title, status }) => ({
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
