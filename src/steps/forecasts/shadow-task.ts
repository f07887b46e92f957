import type { Day } from '../../base/day.ts'
import { UserError } from '../../base/errors.ts'
import type { Frequency } from '../../demand/calendar.ts'
import { aboutArtifact, artifactOfFiles } from '../../registry/model-parts.ts'
import type { Plan } from '../../sales/plan/plan.ts'
import type { DailyTotals } from '../../sales/totals/daily-totals.ts'
import type { PartedBy } from '../../sales/totals/parts.ts'
import { distributionsText } from './distributions-text.ts'
import { forecasterOf } from './open-forecasts.ts'

/** What a thread is asked to forecast of the sales that production forecasts from. */
export type ShadowTask = {
  /** Of the model, by their paths. */
  files: ReadonlyMap<string, Uint8Array>
  /** By what a model in parts parts the sales. */
  partedBy?: PartedBy
  totals: DailyTotals
  plan: Plan
  asOf?: Day
  /** The periods of production. */
  frequency: Frequency
}

/** The forecasts, as they are published. Throws a `UserError` where the model cannot make them. */
export async function shadowTask(task: ShadowTask): Promise<string> {
  const { files, partedBy, totals, plan, asOf, frequency } = task
  const artifact = artifactOfFiles(files.get('model.json')!, files)
  const own = aboutArtifact(artifact).recipe.frequency
  if (own !== frequency) {
    throw new UserError(`it forecasts by the ${own}, and production by the ${frequency}`)
  }
  const sales = { totals, plan, ...(asOf !== undefined && { asOf }) }
  const forecaster = await forecasterOf(artifact, sales, async () => partedBy ?? new Map())
  return distributionsText(forecaster.distributions(), own)
}
