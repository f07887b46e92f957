import { describe, expect, test } from 'vitest'
import type { Evaluation } from '../../../src/evaluation/gate/evaluation.ts'
import { comparisonText } from '../../../src/reporting/comparison-report.ts'
import { experimentComment } from '../../../src/reporting/experiment-comment.ts'
import {
  comingSection,
  productsSection,
  worthKnowing,
} from '../../../src/reporting/products-sections.ts'
import { evaluation, naughty, search } from './examples.ts'
import { expectHarmless } from './harmless.ts'

const { champion: _, coming: __, ...first } = evaluation()

describe('products that got worse and better', () => {
  test('are listed with units and errors of both sides, and the largest has a chart', () => {
    const section = productsSection(evaluation(), 'en')
    expect(section).toContain('the absolute error of 1 rose, and that of 2 fell.')
    expect(section).toContain('| Iogurte natural (1042) | 480 | 440 | 471 | 34 | 41 | +7 |')
    expect(section).toContain('title "Pão de forma (1043)"')
    expect(section).toContain('line [60, 64]')
    expect(productsSection(evaluation(), 'pt-BR')).toContain('Laranja: o que podia ser vendido')
  })

  test('are compared with seasonal naive where nothing is in production', () => {
    expect(productsSection(first, 'en')).toContain('| Forecast, seasonal naive |')
  })

  test('are left out of reports of evaluations of before they were told', () => {
    const { products: _, coming: __, sales: ___, ...old } = evaluation()
    expect(productsSection(old, 'en') + comingSection(old, 'en')).toBe('')
    expect(comparisonText(old)).not.toContain('absolute error of')
  })

  test('are cut for length before anything else is', () => {
    expect(productsSection(evaluation(), 'en', 1)).not.toContain('| 1044 |')
    expect(productsSection(evaluation(), 'en', 0)).not.toMatch(/\||```/)
    expect(comingSection(evaluation(), 'en', 1)).not.toContain('| 1044 |')
  })

  test.each(naughty)('a name of one stays text: $what', ({ text }) => {
    const named = (it: object) => ({ ...it, name: text, productId: text })
    const { products, coming } = evaluation()
    const hostile = {
      products: {
        ...products,
        worst: products?.worst.map(named),
        largest: products?.largest.map(named),
      },
      coming: { ...coming, largest: coming?.largest.map(named) },
    } as Partial<Evaluation>
    const texts = [productsSection, comingSection].map((it) => it(evaluation(hostile), 'en'))
    expectHarmless(texts.join('\n'))
  })
})

test('a buyer reads forecasts and next orders of both models, and which change most', () => {
  const section = comingSection(evaluation(), 'en')
  expect(section).toContain('6,480 units are forecast of 65 series instead of 6,120 (+5.9%).')
  expect(section).toContain('would be 1,920 units for 9,650 instead of 1,800 for 9,100.')
  expect(section).toContain('| Pão de forma (1043) | 208 | 252 | 60 | 90 | +105 |')
  expect(section).toContain('| 1044 | 8 | 6.3 | – | – | – |')
})

describe('worth knowing', () => {
  const rising = evaluation()
  if (rising.ordering?.outcome === 'simulated') rising.ordering.challenger.lostMargin = 2500

  test('is a lost margin that rises, even where the whole cost falls', () => {
    expect(worthKnowing(rising, 'en')[0]).toBe(
      'Lost margin rises: from 2,090 by the champion to 2,500 (+19.6%): what is missing on the shelves would have earned more, whatever is saved elsewhere.',
    )
    expect(worthKnowing(evaluation(), 'en').join()).not.toContain('Lost margin')
  })

  test('are rows in quarantine, where there are any', () => {
    expect(worthKnowing(evaluation(), 'en')).toEqual([
      '36 of 48,210 rows of the sales are quarantined: left out of all of this.',
    ])
    expect(worthKnowing(evaluation({ sales: { read: 9, quarantined: 0 } }), 'en')).toEqual([])
  })

  test('stands on the terminal and in the comment', () => {
    expect(comparisonText(rising)).toContain('\nWorth knowing\n  - Lost margin rises: ')
    const told = { evaluation: rising, search: search(), run: 'https://github.com/o/r/actions/1' }
    expect(experimentComment(told, 'en')).toContain('⚠️ Lost margin rises: ')
  })
})
