import { describe, expect, it } from 'vitest'
import {
  type BuyerKind,
  reported,
  simulatedChain,
  trueGain,
} from '../../../../benchmarks/monitoring/simulated-buyers.ts'

const CHAINS = 10

// `npm run benchmark monitoring` does the same with many more chains.
describe.each<[kind: BuyerKind, wape: 'adds' | 'takes', money: 'adds' | 'takes']>([
  ['noise', 'takes', 'takes'],
  ['promotions', 'adds', 'adds'],
  // Further from what sells, and still cheaper: the model is short of stock in every promotion.
  ['ten percent', 'takes', 'adds'],
  ['cuts', 'takes', 'takes'],
])('a buyer whose way is %s', (kind, wape, money) => {
  it('is told the truth of it: sign and size, and an interval that holds it', () => {
    const truth = trueGain(kind, 200)
    const reports = Array.from({ length: CHAINS }, (_, seed) => reportOf(kind, seed + 1))
    for (const [measure, way] of [
      ['wape', wape],
      ['money', money],
    ] as const) {
      const found = reports.map((report) => report[measure])
      const mean = found.reduce((sum, { estimate }) => sum + estimate, 0) / CHAINS
      expect(way).toBe(truth[measure] > 0 ? 'adds' : 'takes')
      expect(mean / truth[measure]).toBeGreaterThan(0.6)
      expect(mean / truth[measure]).toBeLessThan(1.4)
      const holds = found.filter(({ low, high }) => low <= truth[measure] && truth[measure] <= high)
      expect(holds.length).toBeGreaterThanOrEqual(0.8 * CHAINS)
    }
  })
})

function reportOf(kind: BuyerKind, seed: number) {
  const found = reported(simulatedChain(kind, seed))
  if (found.outcome !== 'told' || found.wape.outcome !== 'told' || found.money.outcome !== 'told') {
    throw new Error('nothing is told')
  }
  return { wape: found.wape.buyerAdds, money: found.money.buyerAdds }
}
