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
