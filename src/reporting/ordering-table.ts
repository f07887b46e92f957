import type { Language } from '../base/language.ts'
import type {
  Evaluation,
  OrderingComparison,
  OrderingResult,
} from '../evaluation/gate/evaluation.ts'
import type { Table } from './evaluation-table.ts'
import { evaluationTexts } from './texts/evaluation.ts'
import { numbersIn } from './texts/numbers.ts'
import { notSimulatedReason } from './verdict-text.ts'

/** What the ordering simulation is, or why there is none, as a sentence or two. */
export function orderingSentence(ordering: OrderingComparison, language: Language): string {
  return ordering.outcome === 'not simulated'
    ? notSimulatedReason(ordering.reason, language)
    : evaluationTexts[language].ordered(ordering)
}

/** One row for everybody who orders, the models last; none where nothing was simulated. */
export function orderingTable(
  { ordering }: Pick<Evaluation, 'ordering'>,
  language: Language,
): Table {
  const { sides: names, ordering: say } = evaluationTexts[language]
  if (ordering?.outcome !== 'simulated') return { headers: say.headers, rows: [] }
  const { lastPeriod, buyer, baseline, champion, challenger } = ordering
  const sides: [string, OrderingResult | undefined][] = [
    [say.lastPeriod, lastPeriod],
    [say.buyer, buyer],
    [names['seasonal naive'], baseline],
    [names.champion, champion],
    [names.challenger, challenger],
  ]
  return {
    headers: say.headers,
    rows: sides.flatMap(([name, result]) =>
      result === undefined ? [] : [[name, ...cells(result, lastPeriod, language)]],
    ),
  }
}

function cells(result: OrderingResult, lastPeriod: OrderingResult, language: Language): string[] {
  const { integer, percent, signedPercent } = numbersIn[language]
  const { serviceLevel, short, expired, lostMargin, urgentReorders, waste, holding, cost } = result
  return [
    serviceLevel === undefined ? '–' : percent(serviceLevel),
    ...[short, expired, lostMargin, urgentReorders, waste, holding, cost].map(integer),
    result === lastPeriod || lastPeriod.cost === 0 ? '' : signedPercent(cost / lastPeriod.cost - 1),
  ]
}
