import { describe, expect, it } from 'vitest'
import type { ValueAdded } from '../../../src/monitoring/value-added/value-added.ts'
import { healthText } from '../../../src/reporting/health-summary.ts'
import {
  overridesTable,
  stepsTable,
  valueAddedSentences,
} from '../../../src/reporting/value-added.ts'
import { healthRecord } from '../monitoring/health/examples.ts'

const around = (estimate: number, half: number) => ({
  estimate,
  low: estimate - half,
  high: estimate + half,
})
const seen = {
  from: '2025-12-01',
  through: '2026-11-29',
  adoption: { followed: 1200, changed: 80, none: 3 },
  judged: 1240,
  leftOut: [
    { why: 'not over' as const, decisions: 30 },
    { why: 'censored' as const, decisions: 10 },
  ],
  needed: 30,
}
const told: Extract<ValueAdded, { outcome: 'told' }> = {
  outcome: 'told',
  ...seen,
  wape: {
    outcome: 'told',
    decisions: 1240,
    naive: around(0.312, 0.04),
    model: around(0.24, 0.03),
    buyer: around(0.221, 0.03),
    modelAdds: around(0.072, 0.02),
    buyerAdds: around(0.019, 0.016),
  },
  quantileLoss: {
    outcome: 'told',
    decisions: 1240,
    naive: around(0.25, 0.04),
    model: around(0.2, 0.03),
    buyer: around(0.202, 0.03),
    modelAdds: around(0.05, 0.02),
    buyerAdds: around(-0.002, 0.016),
  },
  money: { outcome: 'cannot tell', decisions: 0, reason: 'no prices or costs' },
  overrides: [
    { by: 'all', name: '', judged: 70, censored: 10 },
    {
      by: 'direction',
      name: 'cut',
      judged: 40,
      censored: 9,
      wape: { decisions: 40, adds: around(-0.05, 0.02) },
      money: { decisions: 40, adds: around(-3.5, 2) },
    },
    { by: 'size', name: 'more than 30%', judged: 12, censored: 0 },
    { by: 'reason', name: 'new', judged: 9, censored: 0 },
  ],
}
const untold = (reason: Extract<ValueAdded, { outcome: 'cannot tell' }>['reason']): ValueAdded => ({
  outcome: 'cannot tell',
  ...seen,
  judged: 12,
  reason,
})

describe('what the buyers add', () => {
  it('is told with its interval, and with what was not counted and why', () => {
    expect(valueAddedSentences(told, 'en')).toEqual([
      'On the same 1,240 decisions seasonal naive was off by 31.2% of what could have been sold, the model by 24.0%, and what the buyers expected by 22.1%. By that the buyers improve on the model: +1.9 pp (+0.3 pp to +3.5 pp).',
      'On the same 1,240 decisions the weighted quantile loss was 0.2500 for seasonal naive, 0.2000 for the model and 0.2020 for the buyers. Whether the buyers improve on the model cannot be told: -0.0020 (-0.0180 to +0.0140).',
      'Money an order: nobody can tell, since the sales know no prices or no costs.',
      'Of 1,280 decisions in a year 1,200 followed the advice and 80 changed it; 3 more were put off.',
      'Not counted: 30 whose days are not over; 10 without stock for so long that nobody knows what was asked for.',
      '9 cuts among those without stock: such a cut is not counted as right, and what cuts cost may be more than it says here.',
    ])
    expect(valueAddedSentences(told, 'pt-BR').slice(0, 3)).toEqual([
      'Nas mesmas 1.240 decisões, a linha de base sazonal ingênua errou 31,2% do que poderia ter sido vendido, o modelo 24,0%, e o que os compradores esperavam 22,1%. Nisso os compradores melhoram o modelo: +1,9 p.p. (+0,3 p.p. a +3,5 p.p.).',
      'Nas mesmas 1.240 decisões, a perda quantílica ponderada foi 0,2500 na linha de base sazonal ingênua, 0,2000 no modelo e 0,2020 nos compradores. Não se pode dizer se os compradores melhoram o modelo: -0,0020 (-0,0180 a +0,0140).',
      'Dinheiro por pedido: não se pode dizer, pois as vendas não têm preços ou custos.',
    ])
  })

  it('is not told by an interval of a dozen decisions, nor where nobody decides anything', () => {
    const [few, adoption] = valueAddedSentences(untold('too few decisions can be judged'), 'en')
    expect(few).toBe(
      'Nobody can tell yet what the buyers add: of 12 decisions the days are over and what was asked for is known, and fewer than 30 may be chance.',
    )
    expect(adoption).toMatch(/^Of 1,280 decisions/)
    const silent = { ...untold('no decisions are recorded'), leftOut: [] }
    silent.adoption = { followed: 0, changed: 0, none: 0 }
    expect(valueAddedSentences(silent, 'en')).toEqual([
      'Nobody can tell what the buyers add: no decisions are recorded.',
    ])
    expect(valueAddedSentences(silent, 'pt-BR')).toEqual([
      'Não se pode dizer o que os compradores agregam: não há decisões registradas.',
    ])
  })

  it('does not wonder whether buyers who changed nothing improve on the model', () => {
    const same = { ...told.wape, buyer: around(0.24, 0.03), buyerAdds: around(0, 0) }
    const [sentence] = valueAddedSentences({ ...told, wape: same as typeof told.wape }, 'en')
    expect(sentence).toMatch(/expected by 24\.0%\. The buyers changed nothing of that\.$/)
  })

  it('stands in tables of the same numbers, by kind, with nothing where too little is known', () => {
    expect(stepsTable(told, 'en').rows).toEqual([
      [
        'WAPE',
        '31.2%',
        '24.0%',
        '22.1%',
        '+7.2 pp (+5.2 pp to +9.2 pp)',
        '+1.9 pp (+0.3 pp to +3.5 pp)',
        '1,240',
      ],
      [
        'Weighted quantile loss',
        '0.2500',
        '0.2000',
        '0.2020',
        '+0.0500 (+0.0300 to +0.0700)',
        '-0.0020 (-0.0180 to +0.0140)',
        '1,240',
      ],
      ['Money an order', '–', '–', '–', '–', '–', '0'],
    ])
    expect(overridesTable(told, 'pt-BR')?.rows).toEqual([
      ['Todas', '70', '10', '–', '–', '–'],
      ['Cortes', '40', '9', '-5,0 p.p. (-7,0 p.p. a -3,0 p.p.)', '–', '-3,50 (-5,50 a -1,50)'],
      ['Em mais de 30%', '12', '0', '–', '–', '–'],
      ['Motivo new', '9', '0', '–', '–', '–'],
    ])
    expect(overridesTable({ ...told, overrides: [] }, 'en')).toBe(undefined)
  })

  it('one on each line of a terminal, below the table', () => {
    const lines = healthText(healthRecord({ valueAdded: told }), 'en').split('\n')
    for (const sentence of valueAddedSentences(told, 'en')) expect(lines).toContain(sentence)
  })
})
