import { resolve } from 'node:path'
import { outlineOf } from '../../src/registry/challenger.ts'
import { inputsIn, readInputs } from '../../src/steps/data/inputs.ts'
import { train } from '../../src/steps/model/train.ts'
import { projectFits, withHistories } from '../../src/steps/model/with-history.ts'
import { actionOf } from '../../src/workflow/action.ts'
import { runOrigin } from '../../src/workflow/context.ts'
import { day, optional, path } from '../../src/workflow/inputs.ts'
import { invalidData } from '../../src/workflow/invalid-data.ts'
import { trainingSummary } from '../../src/workflow/summaries.ts'

const inputs = {
  data: path,
  contract: optional(path),
  recipe: path,
  'as-of': optional(day),
  out: path,
}

export const run = actionOf({ title: 'Train the challenger', inputs }, async (action) => {
  const { project, today, language } = action
  const { 'as-of': asOf, out, ...names } = action.inputs
  const sales = await readInputs(inputsIn(project, await today(), { ...names, asOf }))
  if (sales.outcome === 'invalid') {
    return invalidData(sales.report, { outcome: 'invalid' }, await language())
  }
  const trained = await withHistories(
    sales,
    (histories) =>
      train({
        inputs: sales,
        histories,
        out: resolve(project, out),
        origin: runOrigin(action),
      }),
    { store: projectFits(project) },
  )
  const { training } = trained
  return {
    outputs: {
      outcome: 'trained',
      model: outlineOf(trained).name,
      'model-sha256': training.model,
      candidates: training.search.candidates.length,
    },
    summary: trainingSummary(trained, await language()),
  }
})
