import { expect, it } from 'vitest'
import { dayFromIso } from '../../../src/base/day.ts'
import type { OrderDecision } from '../../../src/ordering/order-decision.ts'
import { orderReason } from '../../../src/ordering/order-reason.ts'

/** 24 units, as the docstring of `orderReason` has it. */
const decided: OrderDecision = {
  units: 24,
  packs: 2,
  target: 33,
  criticalRatio: 0.85,
  through: dayFromIso('2026-12-06')!,
  covered: {
    mean: 31.4,
    levels: [0.025, 0.1, 0.5, 0.9, 0.975],
    quantiles: [18, 22, 30, 41, 50],
  },
  price: 6,
  costs: { short: 2.1, held: 0.02, expired: 3.5 },
  onHand: 9,
  expiring: 0,
}
const forecast = 'forecast 31 through 2026-12-06 (80%: 22–41)'
const usual = 'one short costs 2.10, one left over 0.37: enough in 85% of cases is cheapest.'
const asked = 'enough in 85% of cases is the least that is asked for'
const loss = 'one sold brings 6.00 and costs 3.50'
const service = 'minimum service' as const
const free = { short: 0, held: 0.02, expired: 3.5 }
const none = { ...decided.covered, mean: 0.2, quantiles: [0, 0, 0, 0, 0] }

it.each<[string, Partial<OrderDecision>, string]>([
  ['in packs', {}, `Order 24 (2 packs of 12): ${forecast}, 9 on hand; ${usual}`],
  [
    'of one pack',
    { units: 12, packs: 1 },
    `Order 12 (1 pack of 12): ${forecast}, 9 on hand; ${usual}`,
  ],
  ['of thousands', { units: 12000, packs: 1000 }, 'Order 12,000 (1,000 packs of 12): '],
  ['of none', { units: 0, packs: 0 }, `Order none: ${forecast}, 9 on hand; ${usual}`],
  [
    'beside stock that expires',
    { expiring: 0.5 },
    `${forecast}, 9 on hand, of which 1 will expire; ${usual}`,
  ],
  ['beside stock of which hardly any expires', { expiring: 0.49 }, '9 on hand; '],
  [
    'that expiry limits',
    { limit: 'expiry' },
    '; one short costs 2.10, one left over 0.37, as it may expire: enough in 85% of cases is cheapest.',
  ],
  ['that a minimum service raises', { limit: service }, `; ${asked}.`],
  [
    'that a minimum service asks for at a loss',
    { limit: service, costs: free },
    `; ${asked}, though ${loss}.`,
  ],
  ['at a loss', { limit: 'loss' }, `; ${loss}: none is worth ordering.`],
  ['of what nobody wants', { covered: none }, '(80%: 0–0), 9 on hand; none is expected to sell.'],
  ['of what hardly earns', { criticalRatio: 0 }, '; one sold earns less than keeping one costs.'],
])('a buyer reads why of an order %s', (_, changes, sentence) => {
  const reason = orderReason({ ...decided, ...changes }, 12)
  expect(reason).toContain(sentence)
  expect(reason.endsWith('.')).toBe(true)
})

it('an order of single units speaks of no packs', () => {
  expect(orderReason({ ...decided, packs: 24 }, 1)).toMatch(/^Order 24: forecast/)
})
