import { alignedColumns } from '../../src/reporting/aligned-columns.ts'
import {
  type BuyerKind,
  buyerKinds,
  reported,
  simulatedChain,
  trueGain,
} from './simulated-buyers.ts'

/**
 * What is reported of buyers whose truth is known, and how often the intervals hold it: a buyer who
 * only adds noise, one who knows promotions, one who always orders 10% more, one who cuts.
 */
export function reportBuyers(): void {
  console.log(
    `${CHAINS} chains a line, 95% intervals; what the buyer adds, in WAPE and in money a decision:`,
  )
  console.log(
    alignedColumns({
      headers: [
        'Buyer',
        'WAPE, true',
        'Reported',
        'Interval holds',
        'Money, true',
        'Reported',
        'Interval holds',
        'Censored',
      ],
      rows: buyerKinds.map(row),
    }),
  )
}

const CHAINS = 200
const CHAINS_OF_TRUTH = 4000

function row(kind: BuyerKind): string[] {
  const truth = trueGain(kind, CHAINS_OF_TRUTH)
  const found = Array.from({ length: CHAINS }, (_, seed) => gains(kind, seed + 1))
  const of = (measure: 'wape' | 'money') => {
    const reports = found.map((one) => one[measure])
    const holds = reports.filter(({ low, high }) => low <= truth[measure] && truth[measure] <= high)
    const digits = measure === 'wape' ? 3 : 2
    return [
      truth[measure].toFixed(digits),
      mean(reports.map(({ estimate }) => estimate)).toFixed(digits),
      `${((100 * holds.length) / CHAINS).toFixed(1)}%`,
    ]
  }
  return [
    kind,
    ...of('wape'),
    ...of('money'),
    `${(100 * mean(found.map(({ censored }) => censored))).toFixed(1)}%`,
  ]
}

function gains(kind: BuyerKind, seed: number) {
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

function mean(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / values.length
}
