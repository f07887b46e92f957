import { expect, it } from 'vitest'
import { dayFromIso } from '../../../src/base/day.ts'
import type { Language } from '../../../src/base/language.ts'
import { adviceOn } from '../../../src/ordering/order-advice.ts'
import type { OrderDecision } from '../../../src/ordering/order-decision.ts'
import { orderReason } from '../../../src/reporting/order-reason.ts'

/** 24 units, as the docstring of `orderReason` has it. */
const decided: OrderDecision = {
  units: 24,
  packs: 2,
  target: 33,
  criticalRatio: 0.85,
  arrival: dayFromIso('2026-12-02')!,
  through: dayFromIso('2026-12-06')!,
  covered: {
    mean: 31.4,
    levels: [0.025, 0.1, 0.5, 0.9, 0.975],
    quantiles: [18, 22, 30, 41, 50],
  },
  price: 6,
  costs: { short: 2.1, held: 0.02, expired: 3.5 },
  onHand: 9,
  onOrder: 0,
  expiring: 0,
  lost: 0,
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
    'beside what is still to arrive',
    { onOrder: 7 },
    `${forecast}, 2 on hand and 7 on order; ${usual}`,
  ],
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
  [
    'of what hardly earns',
    { units: 0, packs: 0, target: 0, onHand: 0 },
    '; one sold earns less than keeping one costs.',
  ],
  [
    'of what is asked for before it arrives, and not there',
    { lost: 6.6, onHand: 0 },
    `${forecast}, of which 7 are lost before the order arrives, 0 on hand; ${usual}`,
  ],
])('a buyer reads why of an order %s', (_, changes, sentence) => {
  const reason = reasonOf(changes, 'en')
  expect(reason).toContain(sentence)
  expect(reason.endsWith('.')).toBe(true)
})

it('an order of single units speaks of no packs', () => {
  expect(reasonOf({ packs: 24 }, 'en', 1)).toMatch(/^Order 24: forecast/)
})

it.each<[string, Partial<OrderDecision>, string]>([
  [
    'em embalagens',
    {},
    'Pedir 24 (2 embalagens de 12): previsão de 31 até 06/12/2026 (80%: 22–41), 9 em estoque; cada uma que falta custa 2,10, cada uma que sobra 0,37: ter o bastante em 85% dos casos é o mais barato.',
  ],
  ['de milhares', { units: 12000, packs: 1000 }, 'Pedir 12.000 (1.000 embalagens de 12): '],
  ['nenhum', { units: 0, packs: 0 }, 'Não pedir: previsão de 31'],
  ['do que vem', { onOrder: 7 }, ', 2 em estoque e 7 a caminho; '],
  ['do que vence', { expiring: 1 }, '9 em estoque, das quais 1 vai vencer; '],
  ['do que vence logo', { expiring: 4 }, '9 em estoque, das quais 4 vão vencer; '],
  [
    'com prejuízo',
    { limit: 'loss' },
    '; cada uma vendida rende 6,00 e custa 3,50: não vale a pena',
  ],
])('a buyer in Brazil reads why of an order in Portuguese, %s', (_, changes, sentence) => {
  expect(reasonOf(changes, 'pt-BR')).toContain(sentence)
})

it.each([
  ['price', 'its price is not in the sales', 'as vendas não trazem o preço'],
  ['cost', 'its cost is not in the sales', 'as vendas não trazem o custo'],
  [
    'stock',
    'neither purchases nor stock are in the sales',
    'as vendas não trazem compras nem estoque',
  ],
] as const)('a buyer is told what the sales lack: %s', (missing, english, portuguese) => {
  const unknown = { outcome: 'unknown', missing } as const
  expect(orderReason(unknown, 'en')).toBe(`What to order is not known: ${english}.`)
  expect(orderReason(unknown, 'pt-BR')).toBe(`Não se sabe quanto pedir: ${portuguese}.`)
})

it('a buyer is told that an order would outlast the forecast', () => {
  const unknown = { outcome: 'unknown', missing: 'forecast', through: '2026-12-06' } as const
  expect(orderReason(unknown, 'en')).toContain('lasts until 2026-12-06, beyond the forecast.')
  expect(orderReason(unknown, 'pt-BR')).toContain('dura até 06/12/2026, além da previsão.')
})

function reasonOf(changes: Partial<OrderDecision>, language: Language, pack = 12): string {
  return orderReason(adviceOn({ ...decided, ...changes }, pack, decided.through - 5), language)
}
