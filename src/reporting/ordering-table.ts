import { counted, integer, percent } from '../base/wording.ts'
import type {
  Evaluation,
  OrderingComparison,
  OrderingResult,
} from '../evaluation/gate/evaluation.ts'
import type { Table } from './evaluation-table.ts'
import { signedPercent } from './format.ts'
import { notSimulatedReason } from './verdict-text.ts'

/** What the ordering simulation is, or why there is none, as a sentence or two. */
export function orderingSentence(ordering: OrderingComparison): string {
  if (ordering.outcome === 'not simulated') return notSimulatedReason(ordering.reason)
  const { series, from, through } = ordering
  return `${counted(series, 'series', 'series')} ordered by each from ${from} to ${through} in a simulation, from the same stock and for the same demand. Costs are lost margin, urgent reorders, waste and keeping, in the currency of the sales.`
}

/** One row for everybody who orders, the models last; none where nothing was simulated. */
export function orderingTable({ ordering }: Pick<Evaluation, 'ordering'>): Table {
  const headers = [
    'Ordered by',
    'Service level',
    'Units short',
    'Units expired',
    'Lost margin',
    'Urgent reorders',
    'Waste',
    'Keeping',
    'Cost',
    'Against last period',
  ]
  if (ordering?.outcome !== 'simulated') return { headers, rows: [] }
  const { lastPeriod, buyer, baseline, champion, challenger } = ordering
  const sides: [string, OrderingResult | undefined][] = [
    ['What sold last period', lastPeriod],
    ['The buyer, in truth', buyer],
    ['Seasonal naive', baseline],
    ['Champion', champion],
    ['Challenger', challenger],
  ]
  return {
    headers,
    rows: sides.flatMap(([name, result]) =>
      result === undefined ? [] : [[name, ...cells(result, lastPeriod)]],
    ),
  }
}

function cells(result: OrderingResult, lastPeriod: OrderingResult): string[] {
  const { serviceLevel, short, expired, lostMargin, urgentReorders, waste, holding, cost } = result
  return [
    serviceLevel === undefined ? '–' : percent(serviceLevel),
    ...[short, expired, lostMargin, urgentReorders, waste, holding, cost].map(integer),
    result === lastPeriod || lastPeriod.cost === 0 ? '' : signedPercent(cost / lastPeriod.cost - 1),
  ]
}
