import type { PromotionOutcome } from '../github/promotion-pull-request.ts'
import type { Manifest } from '../registry/manifest.ts'
import type { Review } from '../registry/proposal.ts'
import { inlineText, link } from '../reporting/markdown.ts'
import type { RequestText } from '../reporting/pull-request.ts'
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
export function notProposed(reasons: string[]): ActionResult {
  const list = reasons.map((reason) => `- ${inlineText(reason)}\n`).join('')
  return {
    outputs: { outcome: 'refused' },
    summary: `## The challenger is not proposed\n\n${list}`,
    refusal: reasons.join(' '),
  }
}

/** What is answered where a rollback holds the challenger back, which is no failure. */
export function held(reason: string): ActionResult {
  return {
    outputs: { outcome: 'held', problem: reason },
    summary: `## The challenger is held back\n\n⏸️ ${inlineText(reason)}\n`,
    annotations: [{ level: 'notice', title: 'Held back', message: reason }],
  }
}

/** What is answered for a version that can be proposed. */
export function proposed(
  result: PromotionOutcome & { manifest: Manifest; text: RequestText },
): ActionResult {
  const { outcome, manifest, text } = result
  const { version } = manifest
  const title = `## ${inlineText(text.title)}\n`
  if (outcome === 'stale') {
    return {
      outputs: { outcome, version, problem: result.reason },
      summary: `${title}\n⚠️ **Not proposed.** ${inlineText(result.reason)}\n`,
      annotations: [{ level: 'warning', title: 'Not proposed', message: result.reason }],
    }
  }
  const { number, url } = result
  const pull = link(`#${number}`, url)
  if (outcome === 'stays closed' || outcome === 'waits') {
    return {
      outputs: { outcome, number, url, version, problem: result.reason },
      summary: `${title}\n⚪ **${pull} ${outcome}.** ${inlineText(result.reason)}\n`,
      annotations: [{ level: 'notice', title: `#${number} ${outcome}`, message: result.reason }],
    }
  }
  const after = result.replaces === undefined ? '' : `, after #${result.replaces}, which was closed`
  return {
    outputs: { outcome, number, url, version, commit: result.commit },
    summary: `${title}\n✅ Pull request ${pull}: ${outcome}${after}.\n\n${text.body}`,
  }
}
