import { describe, expect, test } from 'vitest'
import type { Evaluation } from '../../../src/evaluation/gate/evaluation.ts'
import { calibrate } from '../../../src/forecasting/calibrate.ts'
import { LEVELS } from '../../../src/forecasting/levels.ts'
import type { Model } from '../../../src/forecasting/model.ts'
import { questionSchema } from '../../../src/forecasting/question-schema.ts'
import { modelCard } from '../../../src/reporting/model-card.ts'
import { evaluation, failedBy, manifest, naughty, search } from './examples.ts'

describe('model card', () => {
  test('people who open the folder read the same card as was last approved', async () => {
    const { readme, charts } = card()
    await expect(readme).toMatchFileSnapshot('__golden__/model-card/README.md')
    for (const [path, svg] of charts) {
      await expect(svg).toMatchFileSnapshot(`__golden__/model-card/${path}`)
    }
  })

  test('every chart is shown in the card, and every image shown is there', () => {
    const { readme, charts } = card()
    const shown = [...readme.matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)].map(([, path]) => path)
    expect(shown.sort()).toEqual([...charts.keys()].sort())
    expect(shown).not.toEqual([])
  })

  test('making it again gives the same bytes, or retraining a commit would not', () => {
    const { TZ } = process.env
    const first = card()
    process.env.TZ = 'Pacific/Kiritimati'
    try {
      expect(card()).toEqual(first)
    } finally {
      if (TZ === undefined) delete process.env.TZ
      else process.env.TZ = TZ
    }
  })

  test('a first model without a champion, segments or differences has a card without charts', () => {
    const { champion: _, ...alone } = evaluation({ segments: [], differences: {} })
    const { readme, charts } = modelCard(input(alone))
    expect(charts.size).toBe(0)
    expect(readme).not.toContain('![')
    expect(readme).toContain('| In place of | nothing: it is the first |')
  })

  test('categories that got worse are named among the limits', () => {
    expect(card().readme).toContain('- Worse than the champion: category Iogurtes.')
  })

  test('a metric that could not be computed is not shown as 0', () => {
    const { challenger } = evaluation()
    const { readme } = card({ challenger: { ...challenger, metrics: { wape: 0.3 } } })
    expect(readme).toContain('| 0.2200 | – |')
    expect(readme).toContain('How often sales fall within its 80% interval is not known.')
  })

  test('what of a plan it takes is said, and where prices as they came stand for planned ones', () => {
    const plan = { price: true, display: false, kinds: ['app', 'leaflet'] }
    const takes = (of: Partial<Model>) =>
      modelCard({ ...input(evaluation()), model: { ...model(), ...of } }).readme
    const planned = takes({ inputs: questionSchema([], plan) })
    expect(planned).toContain(
      '| Planned ahead, it takes | price, discount, promotion (app, leaflet), closed |',
    )
    expect(planned).toContain('since it has learnt what sold at prices that the chain chose')
    expect(planned).toContain('- What a plan adds is what sold when such was planned')
    expect(planned).not.toContain('prices as they came')
    const actual = takes({ inputs: questionSchema([], plan), plannedPrices: 'actual' })
    expect(actual).toContain('- It has taken prices as they came for planned ones.')
    expect(card({ plannedPrices: 'actual' }).readme).toContain(
      'Prices as they came were taken for planned ones, also after each origin',
    )
    expect(card().readme).toContain('since it has not learnt what a price change causes')
    expect(card().readme).not.toMatch(/plan adds|planned ones|Planned ahead/)
  })

  test.each(naughty)('names from outside stay text in card and charts: $what', ({ text }) => {
    const { segments, decision } = evaluation()
    const hostile = card({
      segments: segments.map((segment) => ({ ...segment, name: text })),
      decision: { ...decision, checks: [failedBy(text)] },
    })
    const plain = card()
    const prose = hostile.readme
      .replace(/^```[\s\S]*?^```$/gm, '')
      .replaceAll(/<\/?(details|summary)>/g, '')
    expect(prose).not.toMatch(/@\w|(?<!&)#\d|\bGH-\d|https?:\/\/|<\w/i)
    expect(prose.match(/^#+ .*$/gm)).toEqual(
      plain.readme.replace(/^```[\s\S]*?^```$/gm, '').match(/^#+ .*$/gm),
    )
    for (const [path, svg] of hostile.charts) {
      expect(svg).not.toMatch(/[^\n\P{Cc}]|\p{Cf}|\p{Cs}/u)
      const known = new Set(plain.charts.get(path)?.match(/<\/?[^ />]*/g))
      const tags = svg.match(/<\/?[^ />]*/g) ?? []
      expect(tags.filter((tag) => !known.has(tag))).toEqual([])
    }
  })
})

function card(overrides: Partial<Evaluation> = {}) {
  return modelCard({
    ...input(evaluation(overrides)),
    parent: { version: 3, model: '9'.repeat(64) },
  })
}

function input(evaluation: Evaluation) {
  return { version: 4, origin: manifest(), model: model(), evaluation, search: search() }
}

function model(): Model {
  const parameters = {
    coefficients: { 'last 4 weeks': 0.5, price: -2 },
    ranges: { 'last 4 weeks': [0, 3], price: [-0.1, 0.15] },
  }
  return {
    format: 'cd4ml-model/5',
    inputs: questionSchema([]),
    recipe: {
      frequency: 'week',
      horizon: 4,
      holidays: 'BR',
      censoring: true,
      seed: 1,
      search: { origins: 3, step: 4 },
      families: { ridge: { penalty: [1, 10] } },
    },
    members: [{ family: 'ridge', settings: { penalty: 10 }, parameters, weight: 1 }],
    calibration: calibrate([], 4, LEVELS),
    series: ['1042', '1043'],
    trainedThrough: '2026-09-27',
  }
}
