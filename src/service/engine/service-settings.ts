import { type ProjectSettings, readProjectSettings } from '../../base/project-settings.ts'
import { type DecisionReason, readDecisionReasons } from '../../ordering/decision-reasons.ts'

/** What a chain says of itself beside model and sales, which the service follows with these. */
export type ServiceSettings = ProjectSettings & { reasons: readonly DecisionReason[] }

/** Reads `project.yml` and `decisions.yml` of a folder. Throws a `UserError` where one is wrong. */
export async function readServiceSettings(project: string): Promise<ServiceSettings> {
  return {
    ...(await readProjectSettings(project)),
    reasons: await readDecisionReasons(project),
  }
}
