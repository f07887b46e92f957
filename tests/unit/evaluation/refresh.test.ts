import { describe, expect, test } from 'vitest'
import { isoFromDay } from '../../../src/base/day.ts'
import { originsOfRefresh, rowsOfOrigins } from '../../../src/evaluation/backtest.ts'
import { type Challenge, challengeOf } from '../../../src/evaluation/gate/challenge.ts'
import type { Evidence } from '../../../src/evaluation/gate/evidence.ts'
import type { Guardrails } from '../../../src/evaluation/gate/policy.ts'
import type { Metrics } from '../../../src/evaluation/scoring/metrics.ts'
import { openHistory } from '../../../src/evaluation/search/history.ts'
import { trainAsOf } from '../../../src/evaluation/search/search.ts'
import { totalsOf } from '../demand/totals.ts'
import { barePolicy } from './examples.ts'
import { decideInWords } from './in-words.ts'
import { OPENING, recipeOf, shopSales } from './shop.ts'

const WEEKS = 40
const sales = shopSales(WEEKS)
const endOfWeek = (week: number) => OPENING + 7 * week - 1

describe('what a challenger is to production', async () => {
  const history = openHistory(totalsOf(sales))
  const trained = async (week: number, changes = {}) =>
    (await trainAsOf(history, recipeOf(changes), endOfWeek(week))).model
  const champion = await trained(30)
  const newer = await trained(WEEKS)

  test('the recipe in production on newer sales is a refresh, however its file is written', () => {
    expect(challengeOf(history, newer, champion)).toEqual({
      kind: 'refresh',
      since: isoFromDay(endOfWeek(30)),
      days: 70,
      horizons: 4,
      series: 6,
      newSeries: 0,
    })
  })

  test('a product that production never saw counts while it sells', async () => {
    const launched = [
      ...sales,
      { product: 'new', day: endOfWeek(WEEKS - 2), sold: 3, category: 'dairy' },
      { product: 'gone', day: endOfWeek(31), sold: 3, category: 'dairy' },
    ]
    const later = openHistory(totalsOf(launched))
    const { model } = await trainAsOf(later, recipeOf())
    expect(challengeOf(later, model, champion)).toMatchObject({ series: 7, newSeries: 1 })
  })

  test('another recipe, or no newer sales, is an experiment; without production it is the first', async () => {
    const otherSeed = await trained(WEEKS, { seed: 2 })
    expect(challengeOf(history, otherSeed, champion)).toEqual({ kind: 'experiment' })
    expect(challengeOf(history, champion, champion)).toEqual({ kind: 'experiment' })
    expect(challengeOf(history, champion, newer)).toEqual({ kind: 'experiment' })
    expect(challengeOf(history, newer)).toEqual({ kind: 'first' })
  })
})

describe('the origins of a refresh', () => {
  const history = openHistory(totalsOf(sales))
  const origins = (since: number, horizon: number, wanted = 6) =>
    rowsOfOrigins(
      history,
      recipeOf(),
      originsOfRefresh(history.panel(recipeOf()), horizon, endOfWeek(since), wanted),
    ).map(({ day, horizon: ahead }) => [(day + 1 - OPENING) / 7, ahead])

  test('are a period apart, and of each the periods that are over are scored, up to a horizon', () => {
    expect(origins(20, 4)).toEqual([
      [34, 4],
      [35, 4],
      [36, 4],
      [37, 3],
      [38, 2],
      [39, 1],
    ])
  })

  test('are spread over a horizon that is longer than there are origins, to bound what they cost', () => {
    expect(origins(20, 12).map(([week]) => week)).toEqual([29, 31, 33, 35, 37, 39])
  })

  test('all lie after the training of production: at that day the two models are the same', () => {
    expect(origins(36, 12).map(([week]) => week)).toEqual([37, 38, 39])
    expect(origins(39, 4)).toEqual([])
  })
})

describe('a refresh is proposed where it is', () => {
  const quiet = { estimate: -0.004, low: -0.02, high: 0.012 }
  const gain = { estimate: -0.05, low: -0.12, high: 0.015 }

  test('better than production as deployed', () => {
    const better = { estimate: -0.1, low: -0.15, high: -0.05 }
    expect(decideInWords(refresh({}, { difference: better }))).toMatchObject({
      decision: 'promote',
      verdict: 'better',
      because: [expect.stringMatching(/lower than production's by more than chance/)],
    })
  })

  test('no worse, and no tenth of the assortment is new: nothing, or there would be one every week', () => {
    expect(decideInWords(refresh({ newSeries: 9 }, { difference: quiet }))).toMatchObject({
      decision: 'keep',
      verdict: 'not distinguishable',
      reasons: expect.arrayContaining([expect.stringMatching(/^Nothing calls for a refresh/)]),
    })
  })

  test.each<[string, Partial<Refresh>, RegExp]>([
    [
      'a tenth of the series',
      { newSeries: 10 },
      /^10 of the 100 series that sell \(10.0%\) are new/,
    ],
    ['a year of sales', { days: 366 }, /nothing of the last 366 days/],
  ])('no worse, and production lacks %s', (_, lacking, because) => {
    expect(decideInWords(refresh(lacking, { difference: quiet }))).toMatchObject({
      decision: 'promote',
      verdict: 'not distinguishable',
      because: [expect.stringMatching(because)],
    })
  })

  test.each<[string, Metrics, Metrics]>([
    ['bias', { bias: 0.4 }, { bias: 0.3 }],
    ['bias', { bias: -0.4 }, { bias: 0.3 }],
    ['coverage of the 80% interval', { coverage80: 0.4 }, { coverage80: 0.6 }],
  ])(
    'no worse, lower by what is worth a review, and nearer to a limit on %s that production surely breaks',
    (name, before, after) => {
      const evidence = (difference = gain, unsure = 0.1) => {
        const deployed = around(before, unsure)
        return refresh({}, { difference, deployed, ...metrics(before, after) }, limits)
      }
      expect(decideInWords(evidence())).toMatchObject({
        decision: 'promote',
        because: [expect.stringContaining(name)],
      })
      expect(decideInWords(evidence(quiet)).decision).toBe('keep')
      expect(decideInWords(evidence(gain, 0.35)).decision).toBe('keep')
      const farther = { ...evidence(), ...metrics(before, before) }
      expect(decideInWords(farther).decision).toBe('keep')
    },
  )
})

describe('a refresh that does not beat seasonal naive', () => {
  const better = { estimate: -0.1, low: -0.15, high: -0.05 }
  const decided = (before: number, after: number) => {
    const found = metrics({ weightedQuantileLoss: before }, { weightedQuantileLoss: after })
    const baseline = { ...good, weightedQuantileLoss: 0.19 }
    const evidence = { difference: better, ...found, baseline }
    return decideInWords(refresh({}, evidence, { beatsSeasonalNaive: true })).decision
  }

  test('is proposed where production does not beat it either, and does worse', () => {
    expect(decided(0.25, 0.2)).toBe('promote')
    expect(decided(0.18, 0.2)).toBe('keep')
  })
})

describe('a refresh is kept out, however much is new,', () => {
  test('where it is worse by more than the policy allows, if only by chance', () => {
    const unsure = { estimate: 0.03, low: -0.02, high: 0.08 }
    expect(decideInWords(refresh({ newSeries: 50 }, { difference: unsure }))).toMatchObject({
      decision: 'keep',
      reasons: expect.arrayContaining([
        expect.stringMatching(/3.0% higher than the champion's; at most 2.0% higher is allowed/),
      ]),
    })
  })

  test('where it is surely worse, if only by little', () => {
    const worse = { estimate: 0.01, low: 0.005, high: 0.015 }
    expect(decideInWords(refresh({ newSeries: 50 }, { difference: worse }))).toMatchObject({
      decision: 'keep',
      verdict: 'worse',
    })
  })

  test('where too few periods have passed to judge it', () => {
    const difference = { estimate: -0.3, low: -0.4, high: -0.2 }
    expect(decideInWords(refresh({ newSeries: 50 }, { difference, origins: 3 }))).toMatchObject({
      decision: 'keep',
      reasons: [expect.stringMatching(/Too few origins could be scored: 3/)],
    })
  })
})

describe('a limit that the model which would stay breaks', () => {
  const better = { estimate: -0.1, low: -0.15, high: -0.05 }
  const experiment = (before: Metrics, after: Metrics) =>
    decideInWords({
      ...refresh({}, { difference: better, ...metrics(before, after) }, limits),
      challenge,
    })
  const challenge = { kind: 'experiment' } as const

  test.each<[string, Metrics, Metrics, Metrics]>([
    ['bias', { bias: 0.4 }, { bias: -0.4 }, { bias: 0.41 }],
    ['coverage too low', { coverage80: 0.5 }, { coverage80: 0.5 }, { coverage80: 0.49 }],
    ['coverage too high', { coverage80: 0.6 }, { coverage80: 1 }, { coverage80: 0.59 }],
  ])('is asked as much of and no more: %s', (_, champion, asFar, farther) => {
    expect(experiment(champion, asFar).decision).toBe('promote')
    expect(experiment(champion, farther).decision).toBe('keep')
  })

  test('is not asked less of where it keeps it', () => {
    expect(experiment({ bias: 0.1 }, { bias: 0.16 }).decision).toBe('keep')
  })

  test('is that of seasonal naive where nothing is in production', () => {
    const { champion: _, ...evidence } = refresh({}, { difference: better }, limits)
    const first = (bias: number) =>
      decideInWords({
        ...evidence,
        challenge: { kind: 'first' },
        challenger: { ...good, bias },
        baseline: { ...good, weightedQuantileLoss: 0.3, bias: 0.4 },
      })
    expect(first(0.4).decision).toBe('promote')
    expect(first(0.41)).toMatchObject({
      decision: 'keep',
      reasons: [
        'The forecasts add up to 41.0% more than was sold; at most 15.0% either way, or the 40.0% of seasonal naive is allowed.',
      ],
    })
  })
})

type Refresh = Extract<Challenge, { kind: 'refresh' }>

const good = { weightedQuantileLoss: 0.2, bias: 0, coverage80: 0.8 }
const limits: Guardrails = { bias: { max: 0.15 }, coverage80: { min: 0.7, max: 0.9 } }

function around({ bias = 0, coverage80 = 0.8 }: Metrics, unsure: number) {
  const interval = (estimate: number) => ({
    estimate,
    low: estimate - unsure,
    high: estimate + unsure,
  })
  return { bias: interval(bias), coverage80: interval(coverage80) }
}

function metrics(champion: Metrics, challenger: Metrics): Partial<Evidence> {
  return { champion: { ...good, ...champion }, challenger: { ...good, ...challenger } }
}

function refresh(
  changes: Partial<Refresh>,
  evidence: Partial<Evidence>,
  guardrails: Guardrails = {},
): Evidence {
  const { difference } = evidence
  return {
    policy: { ...barePolicy, minimumImprovement: 0.01, guardrails },
    challenge: {
      kind: 'refresh',
      since: '2026-08-30',
      days: 70,
      horizons: 1,
      series: 100,
      newSeries: 0,
      ...changes,
    },
    sameModel: false,
    origins: 6,
    challenger: good,
    champion: good,
    baseline: good,
    claim: { tries: 1, confidence: 0.95, ...(difference && { difference }) },
    segments: [],
    ...evidence,
  }
}
