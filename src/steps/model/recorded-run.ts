import { canonicalJson } from '../../base/canonical-json.ts'
import { exitCodeOf } from '../../base/exit-code.ts'
import { gitMaybe } from '../../base/git.ts'
import { momentIn } from '../../base/project-settings.ts'
import { shortened } from '../../base/wording.ts'
import type { Recipe } from '../../forecasting/recipe.ts'
import { projectLedger } from '../../ledger/folder-ledger.ts'
import { recordId } from '../../ledger/ledger.ts'
import type { Run, RunRecord, RunVerdict } from '../../ledger/run-record.ts'
import type { TrainingRecord } from '../../registry/challenger.ts'
import { recipeSettings } from '../../reporting/recipe-diff.ts'
import type { ModelInputs } from '../data/inputs.ts'

/** What a run found, to be kept in its record. */
export type RunOutcome = Pick<Run, 'searched'> &
  Partial<Pick<Run, 'model' | 'metrics'>> &
  RunVerdict

/**
 * What only the shell knows: of a workflow its run, and the branch where git has checked out none; of
 * a person the name that the run was given; of a simulation the moment, which then stands still.
 */
export type RunOrigin = Pick<RunRecord, 'workflow' | 'branch' | 'name'> & {
  /** ISO 8601 in UTC; the project's own without it. */
  at?: string
}

/** Leaves the record of a run under `.cd4ml/runs`, whether the work succeeds or fails. */
export async function recorded<T>(
  kind: RunRecord['kind'],
  { project, recipe: written, fingerprint, lineage }: ModelInputs,
  { at, ...origin }: RunOrigin,
  work: () => Promise<{ result: T; outcome: RunOutcome }>,
): Promise<T> {
  const startedAt = at ?? (await momentIn(project))
  const record = async (outcome: RunOutcome, exitCode: number) => {
    const commit = await gitMaybe(project, ['rev-parse', '--verify', '--quiet', 'HEAD'])
    const branch = await gitMaybe(project, ['symbolic-ref', '--quiet', '--short', 'HEAD'])
    const { recipe, data, asOf } = fingerprint
    const endedAt = at ?? (await momentIn(project))
    const run: Omit<RunRecord, 'id'> = {
      format: 'cd4ml-run/1',
      kind,
      startedAt,
      seconds: (Date.parse(endedAt) - Date.parse(startedAt)) / 1000,
      ...(asOf && { asOf }),
      ...(commit && { commit }),
      ...(branch && { branch }),
      ...origin,
      recipe,
      data,
      settings: settingsOf(written),
      committed: lineage !== undefined,
      exitCode,
      ...outcome,
    }
    const id = recordId(startedAt, canonicalJson(run))
    await projectLedger(project).append([{ kind: 'run', record: { id, ...run } }])
  }
  try {
    const { result, outcome } = await work()
    await record(outcome, 0)
    return result
  } catch (error) {
    // On a full disk there may be no room for the record either: what counts is the first error.
    await record({ searched: [] }, exitCodeOf(error)).catch(() => {})
    throw error
  }
}

function settingsOf(recipe: Recipe): Record<string, string> {
  const settings = [...recipeSettings(recipe)].map(([key, value]) => [key, shortened(value, 300)])
  return Object.fromEntries(settings)
}

/** What a training's search tried, as a run record holds it. */
export function searchedOf({ search }: TrainingRecord): RunRecord['searched'] {
  return search.candidates
}
