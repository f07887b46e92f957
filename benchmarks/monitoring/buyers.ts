import { alignedColumns } from '../../src/reporting/aligned-columns.ts'
import { type Promised, percent, shareOf } from './figures.ts'
import {
  type BuyerKind,
  buyerKinds,
  reported,
  simulatedChain,
  trueGain,
} from './simulated-buyers.ts'

/** What is reported of buyers whose truth is known, and how often the intervals hold it. */
export function buyers(): Promised[] {
  const figures = buyerKinds.flatMap((kind) => figuresOf(kind))
  console.log(
    alignedColumns({
      headers: ['Buyer', 'Adds in', 'In truth', 'Reported', 'Interval holds', 'Censored'],
      rows: figures.map(({ kind, measure, truth, mean, holds, censored }) => [
        kind,
        measure,
        truth.toFixed(3),
        mean.toFixed(3),
        percent(holds),
        percent(censored),
      ]),
    }),
  )
  return figures.flatMap(({ kind, measure, truth, mean, holds }) => [
    { what: `what ${kind} adds in ${measure} is told`, holds: Math.abs(mean / truth - 1) < 0.15 },
    { what: `the interval holds of ${kind} in ${measure}`, holds: holds >= 0.9 },
  ])
}

const CHAINS = 200
const CHAINS_OF_TRUTH = 4000

function figuresOf(kind: BuyerKind) {
  const truths = trueGain(kind, CHAINS_OF_TRUTH)
  const reports = Array.from({ length: CHAINS }, (_, seed) => reportOf(kind, seed + 1))
  return (['wape', 'money'] as const).map((measure) => {
    const truth = truths[measure]
    return {
      kind,
      measure,
      truth,
      mean: meanOf(reports.map((report) => report[measure].estimate)),
      holds: shareOf(reports, ({ [measure]: { low, high } }) => low <= truth && truth <= high),
      censored: meanOf(reports.map(({ censored }) => censored)),
    }
  })
}

function reportOf(kind: BuyerKind, seed: number) {
  const found = reported(simulatedChain(kind, seed))
  if (found.outcome !== 'told' || found.wape.outcome !== 'told' || found.money.outcome !== 'told') {
    throw new Error(`nothing is told of ${kind}, ${seed}`)
  }
  const censored = found.leftOut.find(({ why }) => why === 'censored')?.decisions ?? 0
  return {
    wape: found.wape.buyerAdds,
    money: found.money.buyerAdds,
    censored: censored / (censored + found.judged),
  }
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
