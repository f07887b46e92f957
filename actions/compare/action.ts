import { resolve } from 'node:path'
import type { Annotation } from '../../src/reporting/annotations.ts'
import { noChampionText } from '../../src/reporting/no-champion-text.ts'
import { inputsIn, readInputs } from '../../src/steps/data/inputs.ts'
import { compare } from '../../src/steps/model/compare.ts'
import { projectFits, withHistories } from '../../src/steps/model/with-history.ts'
import { fetchedBranch } from '../../src/steps/promotion/base-branch.ts'
import { actionOf } from '../../src/workflow/action.ts'
import { runOrigin } from '../../src/workflow/context.ts'
import { day, optional, path, revision } from '../../src/workflow/inputs.ts'
import { invalidData } from '../../src/workflow/invalid-data.ts'
import { comparisonSummary } from '../../src/workflow/summaries.ts'

const inputs = {
  data: path,
  contract: optional(path),
  recipe: path,
  'as-of': optional(day),
  out: path,
  policy: path,
  rows: path,
  base: revision,
}

export const run = actionOf(
  { title: 'Compare challenger and champion', inputs },
  async (action) => {
    const { project, today, language } = action
    const { 'as-of': asOf, out, policy, rows, base, ...names } = action.inputs
    const sales = await readInputs(inputsIn(project, await today(), { ...names, asOf }))
    if (sales.outcome === 'invalid') return invalidData(sales.report, {}, await language())
    const branch = await fetchedBranch(project, base)
    const compared = await withHistories(
      sales,
      (histories) =>
        compare({
          inputs: sales,
          histories,
          policy: resolve(project, policy),
          base: branch,
          out: resolve(project, out),
          rows: resolve(project, rows),
          origin: runOrigin(action),
        }),
      { store: projectFits(project) },
    )
    const { evaluation, championOf, held } = compared
    const { decision, decidedBy } = evaluation
    const difference = evaluation.differences[decidedBy]
    return {
      outputs: {
        verdict: decision.verdict,
        decision: decision.decision,
        metric: decidedBy,
        difference: difference?.estimate,
        'difference-low': difference?.low,
        'difference-high': difference?.high,
      },
      summary: comparisonSummary(compared, await language()),
      annotations: [
        ...(championOf === undefined ? [] : [otherSales(championOf, names.data)]),
        ...(held === undefined ? [] : [heldBack(held)]),
      ],
    }
  },
)

function heldBack(message: string): Annotation {
  return { level: 'notice', title: 'Held back by a rollback', message }
}

function otherSales(championOf: string, data: string): Annotation {
  return {
    level: 'notice',
    title: 'No champion for these sales',
    message: noChampionText(championOf, data),
  }
}
