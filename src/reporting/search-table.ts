import type { Search, SearchedCandidate } from '../evaluation/search.ts'
import type { Table } from './evaluation-table.ts'
import { counted, metricLabels, metricValue, percent, shortened } from './format.ts'

/** What the search tried: the chosen candidate first, then the others, the lowest loss first. */
export function searchTable({ candidates }: Search): Table {
  const loss = (candidate: SearchedCandidate) => candidate.loss ?? Number.POSITIVE_INFINITY
  const ordered = [...candidates].sort(
    (a, b) =>
      Number(b.chosen) - Number(a.chosen) ||
      (b.weight ?? 0) - (a.weight ?? 0) ||
      loss(a) - loss(b) ||
      0,
  )
  return {
    headers: ['Candidate', metricLabels.weightedQuantileLoss, 'Share of the forecast'],
    rows: ordered.map((candidate) => [
      shortened(candidate.name, 120),
      metricValue('weightedQuantileLoss', candidate.loss),
      candidate.chosen ? percent(candidate.weight ?? 1) : '',
    ]),
  }
}

/** How many candidates were judged on which origins, as a sentence. */
export function searchSentence({ candidates, origins }: Search): string {
  const tried = counted(candidates.length, 'candidate')
  if (origins.length === 0) return `${tried}; the history is too short to judge them.`
  return `${tried}, each judged on ${counted(origins.length, 'origin')}: ${origins.join(', ')}.`
}
