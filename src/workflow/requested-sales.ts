import { inlineText, link } from '../reporting/markdown.ts'
import type { RequestedSales } from '../steps/data/propose-sales.ts'
import type { ActionResult } from './action.ts'

/** What an action answers that keeps a pull request of new sales. */
export function requestedSales(requested: RequestedSales): ActionResult {
  const { outcome, number, url, body, merging } = requested
  const stays = merging !== 'by a person' && merging.outcome === 'refused' && merging.reason
  return {
    outputs: {
      outcome,
      number,
      url,
      merging: merging === 'by a person' ? merging : merging.outcome,
    },
    summary: `## Pull request ${link(`#${number}`, url)}: ${outcome}\n\n${stays ? `⚠️ It does not merge itself: ${inlineText(stays)}\n\n` : ''}${body}`,
    ...(stays && {
      annotations: [
        { level: 'warning', title: 'It does not merge itself', message: `${stays}\n${REMEDY}` },
      ],
    }),
  }
}

const REMEDY =
  'Tick "Allow auto-merge" under Settings > General > Pull Requests; private repositories need a paid plan for it. Until then, a person merges.'
