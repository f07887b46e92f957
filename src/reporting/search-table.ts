import { counted, percent, shortened } from '../base/wording.ts'
import type { Search, SearchedCandidate } from '../evaluation/search/search-result.ts'
import { metricLabels } from './comparing.ts'
import type { Table } from './evaluation-table.ts'
import { metricValue } from './format.ts'

/**
 * What the search tried: first what was chosen, by its share; then the others, those judged on most
 * origins first, of these the lowest loss.
 */
export function searchTable({ candidates }: Search): Table {
  const loss = (candidate: SearchedCandidate) => candidate.loss ?? Number.POSITIVE_INFINITY
  const ordered = [...candidates].sort(
    (a, b) =>
      Number(b.chosen) - Number(a.chosen) ||
      (b.weight ?? 0) - (a.weight ?? 0) ||
      b.origins - a.origins ||
      loss(a) - loss(b) ||
      0,
  )
  return {
    headers: ['Candidate', metricLabels.weightedQuantileLoss, 'Origins', 'Share of the forecast'],
    rows: ordered.map((candidate) => [
      shortened(candidate.name, 120),
      metricValue('weightedQuantileLoss', candidate.loss),
      String(candidate.origins),
      candidate.chosen ? percent(candidate.weight ?? 1) : '',
    ]),
  }
}

/** How many candidates were judged on which origins, as a sentence. */
export function searchSentence({ candidates, origins }: Search): string {
  const tried = counted(candidates.length, 'candidate')
  if (origins.length === 0) return `${tried}; the history is too short to judge them.`
  const leftOut = candidates.filter((it) => it.origins === 0).length
  const dropped = candidates.some((it) => it.origins > 0 && it.origins < origins.length)
  const judged = dropped ? 'judged on up to' : 'each judged on'
  return [
    `${tried}, ${judged} ${counted(origins.length, 'origin')}: ${origins.join(', ')}.`,
    ...(dropped ? ['The better half of a family goes on to more origins.'] : []),
    ...(leftOut > 0 ? [`The budget of the recipe had no time for ${leftOut} of them.`] : []),
  ].join(' ')
}
