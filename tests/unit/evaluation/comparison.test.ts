import { describe, expect, test } from 'vitest'
import { canonicalJson } from '../../../src/base/canonical-json.ts'
import { claimConfidence } from '../../../src/evaluation/gate/campaign.ts'
import { cautionsOf } from '../../../src/evaluation/gate/caution.ts'
import { type Comparison, evaluationOf } from '../../../src/evaluation/gate/comparison.ts'
import type { Policy } from '../../../src/evaluation/gate/policy.ts'
import type { OriginRows } from '../../../src/evaluation/scoring/rows.ts'
import { comparisonText } from '../../../src/reporting/comparison-report.ts'
import { cautionText } from '../../../src/reporting/verdict-text.ts'
import { barePolicy, contender, forecastOf, history, levels } from './examples.ts'
import { inWords } from './in-words.ts'

const rows = history()

/** A challenger that halves the champion's error, which is half of the seasonal naive model's. */
function comparison(changes: Partial<Comparison> = {}): Comparison {
  return {
    rows,
    challenger: contender(rows, 0.1, 1),
    champion: contender(rows, 0.2, 2),
    baseline: contender(rows, 0.4, 3),
    levels,
    frequency: 'week',
    horizon: 4,
    policy: barePolicy,
    sameModel: false,
    ...changes,
  }
}

function judged(it: Comparison) {
  return inWords(evaluationOf(it))
}

function withoutChampion(changes: Partial<Comparison> = {}): Comparison {
  const { champion: _, ...rest } = comparison(changes)
  return rest
}

describe('verdict', () => {
  test('a challenger with half the error is better and is promoted', () => {
    const decision = judged(comparison())
    expect(decision).toMatchObject({ decision: 'promote', verdict: 'better' })
  })

  test('a challenger with twice the error is worse and is kept out', () => {
    const decision = judged(comparison({ challenger: contender(rows, 0.4, 4) }))
    expect(decision).toMatchObject({ decision: 'keep', verdict: 'worse' })
  })

  test('a challenger that is the champion with other noise is not distinguishable', () => {
    const decision = judged(comparison({ challenger: contender(rows, 0.2, 4) }))
    expect(decision).toMatchObject({ decision: 'keep', verdict: 'not distinguishable' })
  })

  test('a challenger that forecasts the same as the champion is not distinguishable', () => {
    const { decision, differences } = evaluationOf(
      comparison({ challenger: contender(rows, 0.2, 2) }),
    )
    expect(differences.weightedQuantileLoss).toEqual({ estimate: 0, low: 0, high: 0 })
    expect(decision).toMatchObject({
      verdict: 'not distinguishable',
      doubts: [{ doubt: 'the same everywhere' }],
    })
  })

  test('a model that is compared with itself is not distinguishable, whatever the numbers', () => {
    const decision = judged(comparison({ sameModel: true }))
    expect(decision).toMatchObject({
      decision: 'keep',
      verdict: 'not distinguishable',
      reasons: [expect.stringMatching(/the champion itself/)],
    })
  })

  test('a first model is judged against seasonal naive, and may replace nothing', () => {
    const better = evaluationOf(withoutChampion())
    expect(better).not.toHaveProperty('champion')
    expect(inWords(better)).toMatchObject({
      decision: 'promote',
      summary: expect.stringMatching(/lower than seasonal naive's/),
    })
    const naive = evaluationOf(withoutChampion({ challenger: contender(rows, 0.4, 3) }))
    expect(naive.decision).toMatchObject({ decision: 'keep', verdict: 'not distinguishable' })
  })
})

describe('campaign', () => {
  test('the fiftieth try has to show more than the first, and the evaluation says how sure it is', () => {
    const challenger = contender(rows, 0.17, 1)
    const first = evaluationOf(comparison({ challenger, campaign: { tries: 1, version: 3 } }))
    const late = evaluationOf(comparison({ challenger, campaign: { tries: 50, version: 3 } }))
    expect(first.campaign).toEqual({ tries: 1, version: 3, confidence: 0.95 })
    expect(first.decision.verdict).toBe('better')
    expect(late.campaign!.confidence).toBeGreaterThan(0.999)
    expect(inWords(late)).toMatchObject({
      verdict: 'not distinguishable',
      reasons: [expect.stringMatching(/50th challenger that was tried/)],
    })
    expect(late.differences).toEqual(first.differences)
  })

  test('however many tries a campaign has, their chances of being wrong add up to what the policy allows', () => {
    for (const confidence of [0.5, 0.9, 0.95, 0.999]) {
      let wrong = 0
      for (let tries = 1; tries <= 100_000; tries++) {
        wrong += (1 - claimConfidence(confidence, tries)) / 2
      }
      expect(wrong).toBeLessThanOrEqual(1 - confidence)
    }
  })
})

describe('a refresh, which is looked at in every period', () => {
  // Of no rows: how sure it has to be does not depend on what is found.
  const unscored = comparison({ rows: [], campaign: { tries: 1, version: 3 } })
  const looked = (horizons: number, horizon: number) => {
    const challenge = { kind: 'refresh', since: '2024-10-01', days: 7, horizons } as const
    return evaluationOf({
      ...unscored,
      horizon,
      challenge: { ...challenge, series: 12, newSeries: 0 },
    }).campaign!.confidence
  }

  test('is wrongly called better at no more than what the policy allows, in all looks of 20 years', () => {
    for (const horizon of [1, 4, 13]) {
      let wrong = 0
      for (let look = 0; look < (20 * 52) / horizon; look++) {
        const periods = Math.min(horizon, 20 * 52 - look * horizon)
        wrong += (periods * (1 - looked(look + 1, horizon))) / 2
      }
      expect(wrong).toBeLessThanOrEqual(0.05)
    }
  })
})

describe('settings that leave the gate blind', () => {
  const shipped = { origins: 6, overlap: 1 }

  test('the shipped policy on a long history needs no word of caution', () => {
    expect(cautionsOf(barePolicy, shipped)).toEqual([])
    expect(evaluationOf(comparison())).not.toHaveProperty('cautions')
  })

  test.each<[string, Partial<Policy>, { origins: number; overlap: number }, RegExp]>([
    ['four origins', {}, { origins: 4, overlap: 1 }, /^With 4 origins the gate sees little/],
    [
      'a step below the horizon',
      {},
      { origins: 6, overlap: 4 },
      /6 of them say hardly more than 2 /,
    ],
    ['a confidence that lets chance through', { confidence: 0.5 }, shipped, /up to 25.0% of/],
    ['a confidence that nothing reaches', { confidence: 0.999 }, shipped, /^A confidence of 99.9%/],
    ['a gain that nobody makes', { minimumImprovement: 0.3 }, shipped, /improvement of 30.0%/],
  ])('%s is allowed, and said', (_, changes, found, sentence) => {
    const sentences = cautionsOf({ ...barePolicy, ...changes }, found).map((caution) =>
      cautionText(caution, 'en'),
    )
    expect(sentences).toEqual([expect.stringMatching(sentence)])
    expect(sentences[0].length).toBeLessThan(400)
  })

  test('the evaluation says it, and whoever reads the comparison', () => {
    const overlapping = rows.map((origin, index) => ({ ...origin, day: rows[0].day + 7 * index }))
    const evaluation = evaluationOf(comparison({ rows: overlapping }))
    expect(evaluation.cautions).toEqual([
      { caution: 'overlapping origins', origins: 6, overlap: 4 },
    ])
    expect(comparisonText(evaluation)).toContain('4 origins in a row forecast the same period')
  })
})

describe('what cannot be judged is kept out', () => {
  test('three origins, where four are required', () => {
    const few = history(3)
    const decision = judged(
      comparison({
        rows: few,
        challenger: contender(few, 0.1, 1),
        champion: contender(few, 0.2, 2),
        baseline: contender(few, 0.4, 3),
      }),
    )
    expect(decision).toMatchObject({
      decision: 'keep',
      verdict: 'not distinguishable',
      reasons: ['Too few origins could be scored: 3, but the policy requires 4.'],
    })
  })

  test('an origin without a scored row does not count as one', () => {
    const unscored = rows.map((origin, index) =>
      index < 3 ? { ...origin, actual: origin.actual.map(() => Number.NaN) } : origin,
    )
    const { decision, origins } = evaluationOf(comparison({ rows: unscored }))
    expect(origins).toHaveLength(3)
    expect(decision).toMatchObject({ decision: 'keep', verdict: 'not distinguishable' })
  })

  test('one forecast of the challenger that is not a number', () => {
    const challenger = contender(rows, 0.1, 1)
    challenger.forecasts[2].quantiles[7] = Number.NaN
    const decision = judged(comparison({ challenger }))
    expect(decision).toMatchObject({
      decision: 'keep',
      verdict: 'not distinguishable',
      reasons: expect.arrayContaining([
        'Weighted quantile loss of the challenger could not be computed.',
      ]),
    })
  })

  test('a mean that is not a number, although the metric that decides looks at quantiles', () => {
    const challenger = contender(rows, 0.1, 1)
    challenger.forecasts[2].mean[7] = Number.NaN
    const decision = judged(comparison({ challenger }))
    expect(decision).toMatchObject({
      decision: 'keep',
      verdict: 'better',
      reasons: [expect.stringMatching(/has no wape, mase, rmsse, bias/)],
    })
  })

  test('a champion that cannot be scored does not make the challenger better', () => {
    const champion = contender(rows, 0.2, 2)
    champion.forecasts[0].quantiles.fill(Number.NaN)
    const decision = judged(comparison({ champion }))
    expect(decision).toMatchObject({
      decision: 'keep',
      verdict: 'not distinguishable',
      reasons: expect.arrayContaining([
        'Weighted quantile loss of the champion could not be computed.',
      ]),
    })
  })

  test('nothing sold, nothing scored', () => {
    const nothing = rows.map((origin) => ({ ...origin, actual: origin.actual.map(() => 0) }))
    const decision = judged(comparison({ rows: nothing }))
    expect(decision).toMatchObject({ decision: 'keep', verdict: 'not distinguishable' })
    expect(evaluationOf(comparison({ rows: [] })).decision.decision).toBe('keep')
  })
})

describe('evaluation', () => {
  const evaluation = evaluationOf(comparison())

  test('names what was scored', () => {
    expect(evaluation).toMatchObject({
      format: 'cd4ml-evaluation/2',
      rows: 6 * 12 * 4,
      decidedBy: 'weightedQuantileLoss',
      challenger: { model: 'off by 0.1', chosen: Array(6).fill('only candidate') },
    })
    expect(evaluation.origins[0]).toBe('2024-10-04')
    expect(evaluation.origins).toHaveLength(6)
  })

  test('a difference is relative for losses, plain for bias and coverage', () => {
    const { challenger, champion, differences } = evaluation
    expect(differences.wape!.estimate).toBeCloseTo(
      challenger.metrics.wape! / champion!.metrics.wape! - 1,
      9,
    )
    expect(differences.mase!.estimate).toBeCloseTo(
      challenger.metrics.mase! / champion!.metrics.mase! - 1,
      9,
    )
    expect(differences.bias!.estimate).toBeCloseTo(
      challenger.metrics.bias! - champion!.metrics.bias!,
      9,
    )
    expect(differences.coverage80!.estimate).toBeCloseTo(
      challenger.metrics.coverage80! - champion!.metrics.coverage80!,
      9,
    )
  })

  test('every row is in one category, one volume class and one horizon', () => {
    for (const by of ['category', 'volume class', 'horizon']) {
      const segments = evaluation.segments.filter((segment) => segment.by === by)
      expect(segments.reduce((sum, segment) => sum + segment.rows, 0)).toBe(evaluation.rows)
    }
    expect(evaluation.segments.map(({ name }) => name)).toEqual([
      'Books',
      'Yoghurt',
      'low',
      'medium',
      'high',
      '1',
      '2',
      '3',
      '4',
    ])
  })

  test('a long horizon is shown in four spans', () => {
    const long: OriginRows[] = rows.map((origin) => ({
      ...origin,
      horizon: 16,
      series: origin.series.slice(0, 3),
      volumeClasses: origin.volumeClasses.slice(0, 3),
    }))
    const { segments } = evaluationOf(comparison({ rows: long, horizon: 16 }))
    const spans = segments.filter(({ by }) => by === 'horizon').map(({ name }) => name)
    expect(spans).toEqual(['1–4', '5–8', '9–12', '13–16'])
  })

  test('the same input gives the same bytes', () => {
    expect(canonicalJson(evaluationOf(comparison()))).toBe(canonicalJson(evaluation))
  })

  test('a missing metric is absent in the file, so that it can be written at all', () => {
    const broken = { ...comparison().challenger, forecasts: rows.map(() => nanForecast()) }
    const written = canonicalJson(evaluationOf(comparison({ challenger: broken })))
    expect(JSON.parse(written).challenger.metrics).toEqual({})
  })
})

function nanForecast() {
  return forecastOf(Array(48).fill(Number.NaN))
}
