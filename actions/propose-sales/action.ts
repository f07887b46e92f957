import type { Language } from '../../src/base/language.ts'
import { connect } from '../../src/github/client.ts'
import { findingAnnotations } from '../../src/reporting/annotations.ts'
import { inlineText, link } from '../../src/reporting/markdown.ts'
import { type ProposedSales, proposeSales } from '../../src/steps/data/propose-sales.ts'
import { type ActionResult, actionOf } from '../../src/workflow/action.ts'
import { choice, revision, token } from '../../src/workflow/inputs.ts'
import { invalidData } from '../../src/workflow/invalid-data.ts'

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
  const { report } = proposed
  if (outcome === 'invalid') {
    return {
      ...invalidData(report, { outcome }, language),
      annotations: findingAnnotations(report.findings, 'data'),
    }
  }
  const { number, url, body, merging } = proposed
  const pull = link(`#${number}`, url)
  const stays = merging !== 'by a person' && merging.outcome === 'refused' && merging.reason
  return {
    outputs: {
      outcome,
      number,
      url,
      merging: merging === 'by a person' ? merging : merging.outcome,
    },
    summary: `## Pull request ${pull}: ${outcome}\n\n${stays ? `⚠️ It does not merge itself: ${inlineText(stays)}\n\n` : ''}${body}`,
    ...(stays && {
      annotations: [
        { level: 'warning', title: 'It does not merge itself', message: `${stays}\n${REMEDY}` },
      ],
    }),
  }
}

const REMEDY =
  'Tick "Allow auto-merge" under Settings > General > Pull Requests; private repositories need a paid plan for it. Until then, a person merges.'
