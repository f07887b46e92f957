import { resolve } from 'node:path'
import { modelName } from '../../src/forecasting/model.ts'
import { inputsIn, readInputs } from '../../src/steps/data/inputs.ts'
import { train } from '../../src/steps/model/train.ts'
import { projectFits, withHistory } from '../../src/steps/model/with-history.ts'
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
  const challenger = await withHistory(
    sales,
    (history) =>
      train({
        inputs: sales,
        history,
        out: resolve(project, out),
        origin: runOrigin(action),
      }),
    { store: projectFits(project) },
  )
  const { model, training } = challenger
  return {
    outputs: {
      outcome: 'trained',
      model: modelName(model),
      'model-sha256': training.model,
      candidates: training.search.candidates.length,
    },
    summary: trainingSummary(challenger, await language()),
  }
})
