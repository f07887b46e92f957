import type { Language } from '../../src/base/language.ts'
import { connect } from '../../src/github/client.ts'
import { findingAnnotations } from '../../src/reporting/annotations.ts'
import { type ProposedSales, proposeSales } from '../../src/steps/data/propose-sales.ts'
import { type ActionResult, actionOf } from '../../src/workflow/action.ts'
import { choice, revision, token } from '../../src/workflow/inputs.ts'
import { invalidData } from '../../src/workflow/invalid-data.ts'
import { requestedSales } from '../../src/workflow/requested-sales.ts'

const inputs = {
  token,
  branch: revision,
  commit: revision,
  merge: choice('itself', 'by a person'),
}

export const run = actionOf({ title: 'Propose the new sales', inputs }, async (action) => {
  const { token, branch, commit, merge } = action.inputs
  const language = await action.language()
  const proposed = await proposeSales(connect({ ...action, token }), {
    repo: action.project,
    today: await action.today(),
    branch,
    commit,
    mayMerge: merge === 'itself',
    run: action.run.url,
    language,
  })
  return told(proposed, language)
})

function told(proposed: ProposedSales, language: Language): ActionResult {
  const { outcome } = proposed
  if (outcome === 'nothing new') {
    return { outputs: { outcome }, summary: '⚪ These sales are on main already.\n' }
  }
  if (outcome === 'invalid') {
    const { report } = proposed
    return {
      ...invalidData(report, { outcome }, language),
      annotations: findingAnnotations(report.findings, 'data'),
    }
  }
  return requestedSales(proposed)
}
