import type { Language } from '../base/language.ts'
import { shortened } from '../base/wording.ts'
import type { Search, SearchedCandidate } from '../evaluation/search/search-result.ts'
import type { Table } from './evaluation-table.ts'
import { metricValue } from './format.ts'
import { evaluationTexts } from './texts/evaluation.ts'
import { numbersIn } from './texts/numbers.ts'

/**
 * What the search tried: first what was chosen, by its share; then the others, those judged on most
 * origins first, of these the lowest loss.
 */
export function searchTable({ candidates }: Search, language: Language): Table {
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
    headers: evaluationTexts[language].candidates,
    rows: ordered.map((candidate) => [
      shortened(candidate.name, 120),
      metricValue('weightedQuantileLoss', candidate.loss, language),
      String(candidate.origins),
      candidate.chosen ? numbersIn[language].percent(candidate.weight ?? 1) : '',
    ]),
  }
}

/** How many candidates were judged on which origins, as a sentence. */
export function searchSentence({ candidates, origins }: Search, language: Language): string {
  const say = evaluationTexts[language]
  const tried = say.tried(candidates.length)
  if (origins.length === 0) return `${tried}; ${say.tooShort}`
  const leftOut = candidates.filter((it) => it.origins === 0).length
  const dropped = candidates.some((it) => it.origins > 0 && it.origins < origins.length)
  return [
    `${tried}, ${say.judged(dropped, origins)}`,
    ...(dropped ? [say.betterHalf] : []),
    ...(leftOut > 0 ? [say.noTimeFor(leftOut)] : []),
  ].join(' ')
}
