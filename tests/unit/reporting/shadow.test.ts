import { describe, expect, test } from 'vitest'
import type { Evaluation } from '../../../src/evaluation/gate/evaluation.ts'
import type { ShadowStanding } from '../../../src/monitoring/health/shadow-standing.ts'
import { healthMarkdown, healthText } from '../../../src/reporting/health-summary.ts'
import { shadowSection, shadowSentences } from '../../../src/reporting/shadow-sentences.ts'
import { healthRecord } from '../monitoring/health/examples.ts'
import { evaluation, naughty } from './examples.ts'
import { languages } from './languages.ts'

const judged: Extract<ShadowStanding, { outcome: 'judged' }> = {
  outcome: 'judged',
  shadow: {
    model: 'a'.repeat(64),
    name: 'ridge (penalty 10)',
    recipe: 'r',
    run: '20261102T093000000Z-0a1b2c3d',
  },
  from: '2026-10-05',
  blocks: 9,
  untold: 1,
  e: 31.4159,
  threshold: 20,
  difference: { estimate: -0.0812, low: -0.128, high: -0.012 },
}

const tried: NonNullable<Evaluation['shadow']> = {
  ledger: 'c'.repeat(40),
  record: 'health/20261102T093000000Z-0a1b2c3d.json',
  name: judged.shadow.name,
  digest: judged.shadow.model,
  recipe: 'another',
  from: judged.from,
  blocks: 9,
  e: 31.4159,
  threshold: 20,
  difference: judged.difference,
}

describe('whoever reviews the next model', () => {
  test('reads which model was tried, over how many blocks, how much better it is and how sure that is', () => {
    expect(shadowSection(evaluation({ shadow: tried }), 'en')).toBe(`### In shadow

ridge (penalty 10) has been forecasting beside production since 2026-10-05: over 9 blocks its weighted quantile loss is 8.1% lower than that of production (95% interval, however often one looks: 1.2% to 12.8% lower). E is 31.4, of which 20 speaks for it: one that is no better gets there in 5% of all cases at most. What is proposed here is of another recipe: this says nothing of it. It is told to whoever reviews, and has decided nothing.
`)
    expect(shadowSection(evaluation({ shadow: tried }), 'pt-BR')).toContain(
      'de 1,2% a 12,8% menor). E é 31,4, e a partir de 20 fala a favor dele',
    )
  })

  test('reads that it is not shown yet where it is not, and which recipe is proposed', () => {
    const shadow = { ...tried, e: 19.99, recipe: 'the same' as const }
    const section = shadowSection(evaluation({ shadow }), 'en')
    expect(section).toContain('E is 19.9: it would speak for it from 20 on.')
    expect(section).toContain('is of the same recipe, fitted on newer sales.')
  })

  test('reads that it may be more where the interval ends at what a block counts at most', () => {
    const difference = { estimate: -0.139, low: -0.139292, high: -0.101 }
    const shadow = { ...tried, difference }
    expect(shadowSection(evaluation({ shadow }), 'en')).toContain(
      'A block counts as 13.9% lower or 16.2% higher at most: in truth it may be more',
    )
    expect(shadowSection(evaluation({ shadow }), 'pt-BR')).toContain(
      'Um bloco conta como 13,9% menor ou 16,2% maior no máximo',
    )
    expect(shadowSection(evaluation({ shadow: tried }), 'en')).not.toContain('at most: in truth')
  })

  test('reads nothing of it where nothing was tried', () => {
    expect(shadowSection(evaluation(), 'en')).toBe('')
  })

  test.each(naughty)('reads a name from outside as text: $what', ({ text }) => {
    for (const language of languages) {
      const section = shadowSection(
        evaluation({ shadow: { ...tried, name: text || 'x' } }),
        language,
      )
      expect(section.trimEnd().split('\n')).toHaveLength(3)
      expect(section).not.toMatch(/<(?!br)[a-z]/i)
    }
  })
})

describe('whoever looks at the health of production', () => {
  test.each<[string, ShadowStanding, RegExp]>([
    ['how its shadow does', judged, /8\.1% lower.*Of 1 block too little of the demand is known/s],
    [
      'that nothing is tried',
      { outcome: 'cannot tell', reason: 'nothing is tried beside production' },
      /No model is tried/,
    ],
    [
      'why it could not forecast',
      {
        outcome: 'cannot tell',
        reason: 'the shadow could not forecast',
        problem: 'model.json: must be JSON',
      },
      /could not forecast\..*It says: model\.json: must be JSON/s,
    ],
  ])('reads %s, in summary and terminal', (_, shadow, what) => {
    const record = healthRecord({ shadow })
    expect(healthText(record, 'en')).toMatch(what)
    expect(healthMarkdown(record, 'en').replaceAll('\\', '')).toMatch(what)
    for (const language of languages) {
      expect(shadowSentences(shadow, 'wape', language).every((it) => it.length > 20)).toBe(true)
    }
  })
})
