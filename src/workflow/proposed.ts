import type { Language } from '../base/language.ts'
import type { PromotionOutcome } from '../github/promotion-pull-request.ts'
import type { Manifest } from '../registry/manifest.ts'
import type { Review } from '../registry/proposal.ts'
import { inlineText, link } from '../reporting/markdown.ts'
import type { RequestText } from '../reporting/request-text.ts'
import { summaryTexts } from '../reporting/texts/summaries.ts'
import type { ActionResult } from './action.ts'
import type { Context } from './context.ts'

/** Where the pull request is reviewed. Checks wait for a person where the workflow itself opens it. */
export function reviewOf(
  { repositoryUrl, run }: Context,
  tokens: { token: string; 'workflow-token': string },
): Review {
  const isWorkflow = tokens.token === tokens['workflow-token']
  return {
    repository: repositoryUrl,
    run: run.url,
    checks: isWorkflow ? 'wait for approval' : 'start by themselves',
  }
}

/** What is answered where the challenger may not be promoted. */
export function notProposed(reasons: string[], language: Language): ActionResult {
  const list = reasons.map((reason) => `- ${inlineText(reason)}\n`).join('')
  return {
    outputs: { outcome: 'refused' },
    summary: `## ${summaryTexts[language].notProposed}\n\n${list}`,
    refusal: reasons.join(' '),
  }
}

/** What is answered where a rollback holds the challenger back, which is no failure. */
export function held(reason: string, language: Language): ActionResult {
  return {
    outputs: { outcome: 'held', problem: reason },
    summary: `## ${summaryTexts[language].isHeldBack}\n\n⏸️ ${inlineText(reason)}\n`,
    annotations: [{ level: 'notice', title: 'Held back', message: reason }],
  }
}

/** What is answered for a version that can be proposed. */
export function proposed(
  result: PromotionOutcome & { manifest: Manifest; text: RequestText; untold?: string },
  language: Language,
): ActionResult {
  const say = summaryTexts[language]
  const { outcome, manifest, text } = result
  const { version } = manifest
  const title = `## ${inlineText(text.title)}\n`
  if (outcome === 'stale') {
    return {
      outputs: { outcome, version, problem: result.reason },
      summary: `${title}\n⚠️ **${say.stale}** ${inlineText(result.reason)}\n`,
      annotations: [{ level: 'warning', title: 'Not proposed', message: result.reason }],
    }
  }
  const { number, url } = result
  const pull = say.proposals[outcome](link(`#${number}`, url))
  if (outcome === 'stays closed' || outcome === 'waits') {
    return {
      outputs: { outcome, number, url, version, problem: result.reason },
      summary: `${title}\n⚪ **${pull}** ${inlineText(result.reason)}\n`,
      annotations: [{ level: 'notice', title: `#${number} ${outcome}`, message: result.reason }],
    }
  }
  const after = result.replaces === undefined ? '' : say.after(`#${result.replaces}`)
  return {
    outputs: { outcome, number, url, version, commit: result.commit },
    summary: `${title}\n✅ ${pull}${after}.\n\n${text.body}`,
    ...(result.untold !== undefined && {
      annotations: [{ level: 'warning', title: 'It does not say why now', message: result.untold }],
    }),
  }
}
