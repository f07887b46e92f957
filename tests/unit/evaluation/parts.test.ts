import { describe, expect, test } from 'vitest'
import { intervalOf, pairedDifference } from '../../../src/evaluation/gate/bootstrap.ts'
import { claimConfidence } from '../../../src/evaluation/gate/campaign.ts'
import type { Challenge } from '../../../src/evaluation/gate/challenge.ts'
import {
  type Comparison,
  type ContenderForecasts,
  evaluationOf,
} from '../../../src/evaluation/gate/comparison.ts'
import { metricNames } from '../../../src/evaluation/scoring/metrics.ts'
import { type OriginScores, scoreOrigins } from '../../../src/evaluation/scoring/origin-scores.ts'
import type { OriginRows } from '../../../src/evaluation/scoring/rows.ts'
import { barePolicy, contender, history, levels, originRows } from './examples.ts'

// Four origins of three products, two weeks each: as little as has every part of an evaluation.
const sales = [
  [
    [4, 7],
    [20, 31],
    [90, 70],
  ],
  [
    [6, 3],
    [25, 22],
    [60, 80],
  ],
  [
    [5, 9],
    [31, 27],
    [75, 95],
  ],
  [
    [8, 4],
    [18, 24],
    [85, 66],
  ],
]
const categories = ['Rice', 'Books', 'Rice']
const rows = sales.map((sold, origin) => originRows(sold, { origin, categories }))

function comparison(changes: Partial<Comparison> = {}, of: OriginRows[] = rows): Comparison {
  const policy = { ...barePolicy, minimumOrigins: 2 }
  return {
    rows: of,
    challenger: contender(rows, 0.25, 1),
    champion: contender(rows, 0.5, 2),
    baseline: contender(rows, 0.75, 3),
    ...{ levels, frequency: 'week', horizon: 2, policy, sameModel: false },
    ...changes,
  }
}

/** The same rows, those left out as if nobody knew what was sold. */
function only(keep: (series: number, step: number) => boolean): OriginRows[] {
  return rows.map((of) => ({
    ...of,
    actual: of.actual.map((sold, at) => (keep(Math.floor(at / 2), at % 2) ? sold : Number.NaN)),
  }))
}

describe('a part of the sales is judged as if there were no others', () => {
  const { segments } = evaluationOf(comparison())

  test.each<[string, (series: number, step: number) => boolean]>([
    ['Rice', (series) => series !== 1],
    ['Books', (series) => series === 1],
    ['low', (series) => series === 0],
    ['medium', (series) => series === 1],
    ['high', (series) => series === 2],
    ['1', (_, step) => step === 0],
    ['2', (_, step) => step === 1],
  ])('%s', (name, keep) => {
    const alone = evaluationOf(comparison({}, only(keep)))
    const segment = segments.find((it) => it.name === name)!
    expect(segment.rows).toBe(alone.rows)
    expect(segment.challenger).toEqual(alone.challenger.metrics)
    expect(segment.champion).toEqual(alone.champion!.metrics)
    expect(segment.baseline).toEqual(alone.baseline.metrics)
    expect(segment.difference).toEqual(alone.differences.weightedQuantileLoss)
  })

  test('by category, volume and horizon, each once and in order', () => {
    expect(segments.map(({ by, name }) => `${by} ${name}`)).toEqual([
      'category Books',
      'category Rice',
      'volume class low',
      'volume class medium',
      'volume class high',
      'horizon 1',
      'horizon 2',
    ])
  })

  test('of which there are no rows is left out', () => {
    const found = evaluationOf(
      comparison(
        {},
        only((series, step) => series === 2 && step === 0),
      ),
    )
    expect(found.segments.map(({ name }) => name)).toEqual(['Rice', 'high', '1'])
    const plain = rows.map((of) => ({
      ...of,
      series: of.series.map((it) => ({ ...it, category: undefined })),
    }))
    expect(evaluationOf(comparison({}, plain)).segments.some(({ by }) => by === 'category')).toBe(
      false,
    )
  })

  test('is compared with seasonal naive where nothing is in production', () => {
    const { champion: _, ...first } = comparison()
    const [segment] = evaluationOf(first).segments
    const { champion: __, ...alone } = comparison(
      {},
      only((series) => series === 1),
    )
    expect(segment).not.toHaveProperty('champion')
    expect(segment.difference).toEqual(evaluationOf(alone).differences.weightedQuantileLoss)
  })
})

test.each([
  [1, ['1']],
  [8, ['1', '2', '3', '4', '5', '6', '7', '8']],
  [9, ['1–2', '3–4', '5–6', '7–9']],
  [13, ['1–3', '4–6', '7–9', '10–13']],
])('a horizon of %d is shown in parts that people can take in', (horizon, spans) => {
  const long = [0, 1].map((origin) =>
    originRows([Array.from({ length: horizon }, (_, step) => 5 + step)], { origin }),
  )
  const model = contender(long, 0.25, 1)
  const same = { rows: long, horizon, challenger: model, champion: model, baseline: model }
  const { segments } = evaluationOf(comparison(same))
  expect(segments.filter(({ by }) => by === 'horizon').map(({ name }) => name)).toEqual(spans)
})

describe('how sure a challenger has to be', () => {
  const refresh = (horizons: number): Challenge => {
    return { kind: 'refresh', since: '2024-01-01', days: 9, horizons, series: 3, newSeries: 3 }
  }
  const confidence = (changes: Partial<Comparison>) =>
    evaluationOf(comparison(changes)).campaign?.confidence
  const campaign = (tries: number) => ({ tries, version: 3 })

  test.each<[string, Partial<Comparison>, number]>([
    ['the first try', { campaign: campaign(1) }, 0.95],
    ['the sixth', { campaign: campaign(6) }, claimConfidence(0.95, 6)],
    ['an experiment, said so', { campaign: campaign(2), challenge: { kind: 'experiment' } }, 0.99],
    [
      'a refresh in its first horizon',
      { campaign: campaign(1), challenge: refresh(1) },
      1 - 0.05 / 2,
    ],
    ['a refresh in its third', { campaign: campaign(1), challenge: refresh(3) }, 1 - 0.01 / 2],
    ['a refresh after four tries', { campaign: campaign(4), challenge: refresh(1) }, 1 - 0.01 / 2],
  ])('%s', (_, changes, sure) => {
    expect(confidence(changes)).toBeCloseTo(sure, 12)
  })

  test('is not said where nobody counts', () => {
    expect(evaluationOf(comparison())).not.toHaveProperty('campaign')
    expect(evaluationOf(comparison({ challenge: refresh(1) }))).not.toHaveProperty('campaign')
  })
})

test('an evaluation holds what was handed to it, and nothing that was not', () => {
  const plain = evaluationOf(comparison())
  for (const key of ['ordering', 'challenge', 'smaller']) expect(plain).not.toHaveProperty(key)
  const given = {
    ordering: { outcome: 'not simulated' as const, reason: 'no prices and costs' as const },
    challenge: { kind: 'experiment' as const },
    smaller: [{ by: 'fewerSeries' as const, of: 3, missing: 1, named: ['a'] }],
  }
  const policy = {
    ...barePolicy,
    minimumOrigins: 2,
    guardrails: { ordering: { minServiceLevel: 0.5 } },
  }
  const found = evaluationOf(comparison({ ...given, policy }))
  expect(found).toMatchObject(given)
  // They reach the decision too.
  expect(found.decision.checks).toMatchObject([
    { name: 'every metric' },
    { name: 'same question', passed: false, smaller: given.smaller },
    { name: 'minimum improvement' },
    { name: 'service level of ordering', passed: true },
  ])
  expect(plain.decision.checks.map(({ name }) => name)).not.toContain('same question')
})

describe('a refresh', () => {
  test('is due where production is surely never within its own interval', () => {
    const six = history()
    const policy = { ...barePolicy, guardrails: { coverage80: { min: 0.5, max: 1 } } }
    const off = (factor: number) => {
      const model = contender(six, 0.1, 5)
      const forecasts = model.forecasts.map(({ mean, quantiles }) => ({
        mean: mean.map((units) => factor * units),
        quantiles: quantiles.map((units) => factor * units),
      }))
      return { ...model, forecasts }
    }
    const { decision } = evaluationOf({
      ...comparison({ policy, challenge, horizon: 4 }, six),
      ...{ challenger: off(1), champion: off(3), baseline: off(2) },
    })
    expect(decision.checks.find(({ name }) => name === 'due')).toMatchObject({
      because: expect.arrayContaining([
        { calledFor: 'by a limit that production breaks', limit: 'coverage of the 80% interval' },
      ]),
    })
  })

  const challenge: Challenge = {
    kind: 'refresh',
    since: '2024-01-01',
    days: 9,
    horizons: 1,
    series: 3,
    newSeries: 0,
  }
  const cautious = { ...barePolicy, minimumOrigins: 2, confidence: 0.5 }

  test('is not said to be blind for want of origins, which are not the policy’s to choose', () => {
    expect(evaluationOf(comparison({ policy: cautious })).cautions).not.toEqual(undefined)
    expect(evaluationOf(comparison({ policy: cautious, challenge }))).not.toHaveProperty('cautions')
  })

  test('is due where production as deployed surely breaks a limit, which is measured on these rows', () => {
    const off = (factor: number) => {
      const model = contender(rows, 0.0625, 5)
      const forecasts = model.forecasts.map((made) => ({
        mean: made.mean.map((units) => factor * units),
        quantiles: made.quantiles.map((units) => factor * units),
      }))
      return { ...model, forecasts }
    }
    const policy = {
      ...barePolicy,
      minimumOrigins: 2,
      guardrails: { bias: { max: 0.25 } },
    }
    const said = (factor: number) =>
      evaluationOf(
        comparison({
          policy,
          challenge,
          challenger: off(1),
          champion: off(factor),
          baseline: off(1),
        }),
      ).decision.checks.find(({ name }) => name === 'due')
    const broken = { calledFor: 'by a limit that production breaks', limit: 'bias' }
    const because = (...reasons: object[]) => ({ because: expect.arrayContaining(reasons) })
    expect(said(2)).toMatchObject(because(broken))
    expect(said(1.5)).toMatchObject(because(broken))
    expect(said(1.125)).not.toMatchObject(because(broken))
  })
})

test('a difference is that of the two models in every cell, with its origin and its series', () => {
  const given = comparison()
  const { differences, format } = evaluationOf(given)
  const scores = (of: ContenderForecasts) => scoreOrigins(rows, of.forecasts, levels)
  const [own, other] = [given.challenger, given.champion!].map(scores)
  for (const [metric, name] of metricNames.entries()) {
    const isShare = name === 'bias' || name.startsWith('coverage')
    const of = ({ cells, ...sums }: OriginScores, key: 'numerators' | 'denominators') =>
      Float64Array.from(cells, (_, cell) => sums[key][cell * metricNames.length + metric])
    const change = of(own, 'numerators').map((sum, cell) => sum - of(other, 'numerators')[cell])
    const found = pairedDifference(
      {
        origin: Int32Array.from(own.cells, ({ origin }) => origin),
        series: Int32Array.from(own.cells, ({ series }) => Number(series.productId.slice(1))),
        change,
        base: of(other, isShare ? 'denominators' : 'numerators'),
      },
      1,
    )
    expect(differences[name], name).toEqual(found && intervalOf(found, 0.95))
  }
  expect(Object.keys(differences)).toContain('wape')
  expect(format).toBe('cd4ml-evaluation/2')
})

test('origins are named by the last day that each knew, those without a scored row left out', () => {
  const some = rows.map((of, origin) =>
    origin === 1 ? { ...of, actual: of.actual.map(() => Number.NaN) } : of,
  )
  expect(evaluationOf(comparison({}, some)).origins).toEqual([
    '2024-10-04',
    '2024-11-01',
    '2024-11-15',
  ])
})

test('origins closer than a horizon overlap, and the closest two of them count', () => {
  const six = history()
  const model = (error: number, seed: number) => contender(six, error, seed)
  const width = (closest: number) => {
    const moved = six.map((of, origin) => ({
      ...of,
      day: of.day - (origin > 2 ? 28 - closest : 0),
    }))
    const { differences } = evaluationOf({
      ...comparison({}, moved),
      ...{
        horizon: 4,
        challenger: model(0.1, 1),
        champion: model(0.2, 2),
        baseline: model(0.4, 3),
      },
    })
    return differences.wape!.high - differences.wape!.low
  }
  // As many origins as overlap are drawn together, at least two of six and at most three.
  expect(width(28)).toBe(width(14))
  expect(width(7)).not.toBeCloseTo(width(14), 6)
})
