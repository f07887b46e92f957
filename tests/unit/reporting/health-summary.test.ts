import { describe, expect, it } from 'vitest'
import type { Metrics } from '../../../src/evaluation/scoring/metrics.ts'
import type { Block } from '../../../src/monitoring/health/block.ts'
import {
  checkHealthRecord,
  type HealthRecord,
} from '../../../src/monitoring/health/health-record.ts'
import {
  healthMark,
  healthReasons,
  healthVerdict,
} from '../../../src/reporting/health-sentences.ts'
import { healthMarkdown, healthText } from '../../../src/reporting/health-summary.ts'
import { countedBlock, healthAt, healthRecord, judged } from '../monitoring/health/examples.ts'
import { expectApproved, languages } from './languages.ts'

const metrics = (wape: number): Metrics => ({ wape, bias: -0.02, coverage80: 0.83 })

const untold: Block = {
  from: '2026-10-05',
  to: '2026-10-11',
  version: 3,
  forecasts: 'published',
  series: 60,
  knownDemand: 0.5,
  outcome: 'cannot tell',
  reason: 'sales missing',
  stores: ['Loja | 7', 'harbour'],
}

/** A version that got worse, of which not everything is known. */
const troubled: HealthRecord = healthAt('degraded', {
  standing: judged('degraded', 3),
  blocks: [
    untold,
    {
      ...untold,
      from: '2026-10-12',
      to: '2026-10-18',
      reason: 'no forecasts',
      forecasts: 'missing',
    },
    { ...countedBlock('2026-10-19', 'as promised'), forecasts: 'reproduced' },
    countedBlock('2026-10-26', 'watch'),
    { ...countedBlock('2026-11-02', 'degraded'), unforecast: 2 },
  ],
  accuracy: [
    {
      by: 'all',
      name: '',
      rows: 900,
      model: metrics(0.36),
      naive: metrics(0.4),
      promised: metrics(0.3),
    },
    {
      by: 'horizon',
      name: '1',
      rows: 300,
      model: metrics(0.31),
      naive: metrics(0.4),
      promised: metrics(0.29),
    },
    {
      by: 'category',
      name: '**Doces** | <b>',
      rows: 100,
      model: metrics(0.6),
      naive: metrics(0.4),
      promised: metrics(0.3),
    },
    {
      by: 'volume class',
      name: 'low',
      rows: 300,
      model: metrics(0.5),
      naive: metrics(0.6),
      promised: metrics(0.5),
    },
    { by: 'store', name: 'harbour', rows: 400, model: metrics(0.3), naive: metrics(0.2) },
    { by: 'store', name: 'closed', rows: 1, model: {}, naive: {} },
  ],
  ledger: {
    publications: 14,
    orphaned: 0,
    leftOut: [{ file: 'forecasts/a/record.json', problem: 'is no JSON' }],
  },
})

describe('whoever looks at the model in production reads', () => {
  it('the verdict first, what it rests on, and where it does worst', async () => {
    checkHealthRecord(troubled, 'health')
    await expectApproved('health', (language) => healthMarkdown(troubled, language))
  })

  it('the same on a terminal, on lines that fit', () => {
    for (const language of languages) {
      const text = healthText(troubled, language)
      expect(text.startsWith(`${healthVerdict(troubled, language)}\n`)).toBe(true)
      for (const reason of healthReasons(troubled, language)) expect(text).toContain(reason)
    }
  })

  it.each([
    'no block is over yet',
    'no block could be told',
    'the backtest of the version has no losses by origin',
    'the backtest has too few origins',
    'seasonal naive is in production',
  ] as const)('that nobody can tell where %s, and why', (reason) => {
    const record = healthRecord({
      standing: { outcome: 'cannot tell', reason },
      blocks: [],
      accuracy: [],
    })
    expect(healthMark(record)).toBe('❔')
    for (const language of languages) {
      expect(healthMarkdown(record, language)).toContain(
        `❔ **${healthVerdict(record, language)}**`,
      )
    }
    const others = languages.map((language) => healthVerdict(record, language))
    expect(new Set(others).size).toBe(2)
  })

  it('no newest block and no evidence where none counts', () => {
    const record = healthRecord({
      standing: { outcome: 'cannot tell', reason: 'no block could be told' },
      blocks: [untold],
    })
    const [first, ...others] = healthReasons(record, 'en')
    expect(first).toBe(
      'Of 1 of 1 block nothing can be told: no sales came of Loja | 7, harbour (closed, or a file is missing: that cannot be told).',
    )
    expect(others).toEqual(['By the sales through 2026-11-01.'])
  })

  it('what measured blocks lost, also of a version that promised nothing', () => {
    const {
      e: _,
      r: __,
      level: ___,
      ...measured
    } = countedBlock('2026-10-26', 'watch') as Extract<Block, { outcome: 'counted' }>
    const record = healthRecord({
      standing: {
        outcome: 'cannot tell',
        reason: 'the backtest of the version has no losses by origin',
      },
      blocks: [{ ...measured, outcome: 'measured' }],
    })
    expect(healthMarkdown(record, 'en')).toContain(
      '| 2026-10-26 to 2026-11-01 | 31.0% | 40.0% | -22.5% |',
    )
    expect(healthReasons(record, 'en')[0]).toContain('22.5% lower')
  })

  it('the newest blocks, and how many there are before them', () => {
    const blocks = Array.from({ length: 15 }, (_, week) =>
      countedBlock(
        new Date(Date.UTC(2026, 6, 6 + 7 * week)).toISOString().slice(0, 10),
        'as promised',
      ),
    )
    const text = healthMarkdown(healthRecord({ blocks }), 'en')
    expect(text).toContain('3 blocks before these are in the record.')
    expect(text).not.toContain('2026-07-20 to')
  })
})

describe('intervals that hold otherwise than promised', () => {
  it.each([
    { covered: (block: number) => 0.3 + 0.02 * (block % 3), blocks: 8, said: true },
    { covered: (block: number) => 0.3 + 0.02 * (block % 3), blocks: 7, said: false },
    { covered: (block: number) => 0.8 + 0.05 * ((block % 3) - 1), blocks: 20, said: false },
  ])('are told where $blocks blocks are sure of it: $said', ({ covered, blocks, said }) => {
    const ofBlocks = Array.from({ length: blocks }, (_, block) => ({
      by: 'block' as const,
      name: `2026-01-${10 + block}`,
      rows: 60,
      model: { coverage80: covered(block) },
      naive: {},
    }))
    const horizon = { by: 'horizon' as const, name: '1', rows: 60, model: {}, naive: {} }
    const accuracy = [...ofBlocks, { ...horizon, promised: { coverage80: 0.82 } }]
    const reasons = healthReasons({ ...troubled, accuracy }, 'en').join(' ')
    expect(reasons.includes('the backtest had 82.0%')).toBe(said)
  })
})
