import { describe, expect, test } from 'vitest'
import type { OrderingResult, Segment } from '../../../src/evaluation/gate/evaluation.ts'
import type { Evidence } from '../../../src/evaluation/gate/evidence.ts'
import type { Guardrails, Policy } from '../../../src/evaluation/gate/policy.ts'
import { numbersIn } from '../../../src/reporting/texts/numbers.ts'
import { verdictTexts } from '../../../src/reporting/texts/verdict.ts'
import { barePolicy } from './examples.ts'
import { decideInWords } from './in-words.ts'

const good = { weightedQuantileLoss: 0.2, wape: 0.3, bias: 0.02, coverage80: 0.8 }

/** Of a first try, whose claim is the interval of the policy, unless the changes say otherwise. */
function evidence(changes: Partial<Evidence> = {}): Evidence {
  const { difference = { estimate: -0.123, low: -0.16, high: -0.081 } } = changes
  return {
    policy: barePolicy,
    sameModel: false,
    origins: 6,
    challenger: good,
    champion: { ...good, weightedQuantileLoss: 0.25 },
    baseline: { ...good, weightedQuantileLoss: 0.3 },
    difference,
    claim: { tries: 1, confidence: 0.95, difference },
    segments: [],
    ...changes,
  }
}

function guarded(guardrails: Guardrails): Policy {
  return { ...barePolicy, guardrails }
}

describe('what reviewers read', () => {
  test('better', () => {
    expect(decideInWords(evidence())).toMatchObject({
      decision: 'promote',
      verdict: 'better',
      summary:
        "Weighted quantile loss is 12.3% lower than the champion's (95% interval 8.1% to 16.0% lower).",
    })
  })

  test('worse', () => {
    const difference = { estimate: 0.05, low: 0.01, high: 0.09 }
    expect(decideInWords(evidence({ difference }))).toMatchObject({
      decision: 'keep',
      verdict: 'worse',
      summary:
        "Weighted quantile loss is 5.0% higher than the champion's (95% interval 1.0% to 9.0% higher).",
    })
  })

  test('the same, without an interval from nothing to nothing', () => {
    const difference = { estimate: 0, low: 0, high: 0 }
    expect(decideInWords(evidence({ difference }))).toMatchObject({
      decision: 'keep',
      verdict: 'not distinguishable',
      summary: "Weighted quantile loss is the same as the champion's.",
      reasons: expect.arrayContaining([expect.stringMatching(/same for every series/)]),
    })
  })

  test('not distinguishable', () => {
    const difference = { estimate: -0.004, low: -0.031, high: 0.022 }
    expect(decideInWords(evidence({ difference }))).toMatchObject({
      decision: 'keep',
      verdict: 'not distinguishable',
      summary:
        "Weighted quantile loss is 0.4% lower than the champion's (95% interval 3.1% lower to 2.2% higher).",
      reasons: expect.arrayContaining([expect.stringMatching(/chance may explain/)]),
    })
  })
})

describe('a challenger that is one of many tries', () => {
  const difference = { estimate: -0.05, low: -0.09, high: -0.01 }
  const claim = (high: number) => ({
    tries: 7,
    confidence: 0.9982,
    difference: { estimate: -0.05, low: -0.1 - high, high },
  })

  test('is not better where only the interval of a single try lies below 0', () => {
    expect(decideInWords(evidence({ difference, claim: claim(0.004) }))).toMatchObject({
      decision: 'keep',
      verdict: 'not distinguishable',
      reasons: [
        'It is the 7th challenger that was tried, and who tries often finds one that looks better: the 99.82% interval, 10.4% lower to 0.4% higher, includes 0.',
      ],
    })
  })

  test('is better where the wider interval does, too', () => {
    expect(decideInWords(evidence({ difference, claim: claim(-0.002) })).decision).toBe('promote')
  })

  test('is worse as soon as a single try would be: no luck is needed to keep it out', () => {
    const worse = { estimate: 0.05, low: 0.01, high: 0.09 }
    expect(decideInWords(evidence({ difference: worse, claim: claim(0.2) })).verdict).toBe('worse')
  })
})

test.each([
  [0.5, '50%'],
  [0.95, '95%'],
  [0.975, '97.5%'],
  [0.99893, '99.89%'],
  [0.999976, '99.9976%'],
  [1, '100%'],
  [2, '200%'],
])(
  'a confidence of %d is written %s: near 1, the digits that tell it from 1',
  (confidence, text) => {
    expect(numbersIn.en.level(confidence)).toBe(text)
  },
)

test.each([
  [1, '1st'],
  [2, '2nd'],
  [3, '3rd'],
  [11, '11th'],
  [12, '12th'],
  [50, '50th'],
  [101, '101st'],
  [113, '113th'],
])('try %d is the %s', (place, text) => {
  const tried = verdictTexts.en.lookedAtOften({ count: place, of: 'experiment' }, 0.99, {
    low: -0.1,
    high: 0.1,
  })
  expect(tried).toContain(`It is the ${text} challenger that was tried`)
})

describe('better alone is not enough', () => {
  test('a gain below the minimum is not worth a review', () => {
    const policy = { ...barePolicy, minimumImprovement: 0.2 }
    expect(decideInWords(evidence({ policy }))).toMatchObject({
      decision: 'keep',
      verdict: 'better',
      reasons: [
        "Weighted quantile loss is 12.3% lower than the champion's; at least 20.0% lower is required.",
      ],
    })
  })

  test('a metric that the champion has and the challenger has not', () => {
    const { wape: _, ...challenger } = good
    expect(decideInWords(evidence({ challenger }))).toMatchObject({
      decision: 'keep',
      reasons: [expect.stringMatching(/has no wape/)],
    })
  })

  test('seasonal naive is better than challenger and champion', () => {
    const policy = guarded({ beatsSeasonalNaive: true })
    const baseline = { ...good, weightedQuantileLoss: 0.19 }
    expect(decideInWords(evidence({ policy }))).toMatchObject({ decision: 'promote' })
    expect(decideInWords(evidence({ policy, baseline }))).toMatchObject({
      decision: 'keep',
      reasons: [
        'Weighted quantile loss is 0.2000; below the 0.1900 of seasonal naive is required.',
      ],
    })
    expect(decideInWords(evidence({ policy, baseline: {} })).decision).toBe('keep')
  })

  test.each([
    [0.2, 'The forecasts add up to 20.0% more than was sold; at most 15.0% either way is allowed.'],
    [
      -0.2,
      'The forecasts add up to 20.0% less than was sold; at most 15.0% either way is allowed.',
    ],
  ])('a bias of %d', (bias, reason) => {
    const policy = guarded({ bias: { max: 0.15 } })
    expect(decideInWords(evidence({ policy }))).toMatchObject({ decision: 'promote' })
    expect(decideInWords(evidence({ policy, challenger: { ...good, bias } }))).toMatchObject({
      decision: 'keep',
      reasons: [reason],
    })
  })

  test.each([
    [0.6, '60.0% of the rows lie within the 80% interval; 70.0% to 97.0% is required.'],
    [0.99, '99.0% of the rows lie within the 80% interval; 70.0% to 97.0% is required.'],
  ])('a coverage of %d', (coverage80, reason) => {
    const policy = guarded({ coverage80: { min: 0.7, max: 0.97 } })
    expect(decideInWords(evidence({ policy }))).toMatchObject({ decision: 'promote' })
    expect(decideInWords(evidence({ policy, challenger: { ...good, coverage80 } }))).toMatchObject({
      decision: 'keep',
      reasons: [reason],
    })
  })

  test.each(['bias', 'coverage80'] as const)('%s could not be computed by any model', (missing) => {
    const policy = guarded({ bias: { max: 0.15 }, coverage80: { min: 0.7, max: 0.97 } })
    const without = { ...good }
    delete (without as Partial<typeof good>)[missing]
    const all = { challenger: without, champion: without, baseline: without }
    expect(decideInWords(evidence({ policy, ...all }))).toMatchObject({
      decision: 'keep',
      reasons: [expect.stringMatching(/could not be computed/)],
    })
  })
})

describe('segments', () => {
  const policy = guarded({
    segments: { minimumRows: 100, category: { maxWorse: 0.1 }, volumeClass: { maxWorse: 0.3 } },
  })
  const segment = (name: string, loss: number | undefined, changes: Partial<Segment> = {}) => ({
    by: 'category' as const,
    name,
    rows: 100,
    challenger: loss === undefined ? {} : { weightedQuantileLoss: loss },
    champion: { weightedQuantileLoss: 0.2 },
    baseline: { weightedQuantileLoss: 0.2 },
    ...changes,
  })
  const decided = (...segments: Segment[]) => decideInWords(evidence({ policy, segments }))

  test('a category that gets much worse keeps out a model that is better overall', () => {
    expect(decided(segment('Rice', 0.1), segment('Books', 0.228))).toMatchObject({
      decision: 'keep',
      verdict: 'better',
      reasons: [
        'Weighted quantile loss by category, too high: Books (14.0% higher); at most 10.0% higher is allowed.',
      ],
    })
  })

  test('a category that is above the limit by chance keeps nothing out, and the check says so', () => {
    const uncertain = { difference: { estimate: 0.14, low: -0.02, high: 0.3 } }
    expect(decided(segment('Books', 0.228, uncertain))).toMatchObject({
      decision: 'promote',
      checks: expect.arrayContaining([
        expect.objectContaining({
          passed: true,
          detail:
            'Weighted quantile loss by category, the worst: Books (14.0% higher); at most 10.0% higher is allowed, and more only where chance may explain it, as here.',
        }),
      ]),
    })
    const certain = { difference: { estimate: 0.14, low: 0.01, high: 0.27 } }
    expect(decided(segment('Books', 0.228, certain)).decision).toBe('keep')
  })

  test('one category that is worse for certain is not hidden by a higher one that is not', () => {
    const uncertain = { difference: { estimate: 0.5, low: -0.1, high: 1.1 } }
    const certain = { difference: { estimate: 0.2, low: 0.1, high: 0.3 } }
    expect(decided(segment('Books', 0.3, uncertain), segment('Rice', 0.24, certain))).toMatchObject(
      { reasons: [expect.stringMatching(/too high: Rice \(20.0% higher\);/)] },
    )
  })

  test('a category within the limit, or with too few rows to say, keeps nothing out', () => {
    const small = segment('Books', 0.9, { rows: 99 })
    expect(decided(segment('Rice', 0.21), small).decision).toBe('promote')
  })

  test('each kind of segment has its own limit', () => {
    const high = { by: 'volume class' as const }
    expect(decided(segment('high', 0.25, high)).decision).toBe('promote')
    expect(decided(segment('high', 0.27, high)).decision).toBe('keep')
  })

  test('a category in which the challenger cannot be scored counts as worse', () => {
    expect(decided(segment('Books', undefined))).toMatchObject({
      decision: 'keep',
      reasons: [expect.stringMatching(/Books \(cannot be compared\)/)],
    })
  })

  test('a category in which the champion was perfect has no room for errors', () => {
    const perfect = { champion: { weightedQuantileLoss: 0 } }
    expect(decided(segment('Books', 0.1, perfect)).decision).toBe('keep')
    expect(decided(segment('Books', 0, perfect)).decision).toBe('promote')
  })

  test('a category that sold nothing is worse for nobody', () => {
    expect(decided(segment('Books', undefined, { champion: {}, baseline: {} })).decision).toBe(
      'promote',
    )
  })

  test('without a champion the limit is relative to seasonal naive', () => {
    const { champion: _, ...first } = evidence({ policy })
    const { champion: __, ...books } = segment('Books', 0.3)
    expect(decideInWords({ ...first, segments: [books] })).toMatchObject({ decision: 'keep' })
  })
})

describe('ordering', () => {
  const limits = { maxCostIncrease: 0.05, minServiceLevel: 0.95 }
  const policy = guarded({ ordering: limits })
  const decided = (ordering?: Evidence['ordering']) =>
    decideInWords(evidence({ policy, ...(ordering && { ordering }) }))

  test('a model that costs more to order by is kept out, however good its losses are', () => {
    expect(decided(ordering({ cost: 1051 }))).toMatchObject({
      decision: 'keep',
      verdict: 'better',
      reasons: [
        'Ordering by the challenger costs 1,051 in the simulation, by the champion 1,000 (5.1% higher); at most 5.0% higher is allowed.',
      ],
    })
    expect(decided(ordering({ cost: 1050 })).decision).toBe('promote')
  })

  test('a model that costs more by luck is not kept out, and the check says why', () => {
    const dearer = ordering({ cost: 1080 })
    const among = (low: number, high: number) =>
      decided({ ...dearer, difference: { estimate: 0.08, low, high } } as Evidence['ordering'])
    expect(among(-0.03, 0.19)).toMatchObject({
      decision: 'promote',
      checks: expect.arrayContaining([
        expect.objectContaining({
          name: 'cost of ordering',
          detail:
            'Ordering by the challenger costs 1,080 in the simulation, by the champion 1,000 (8.0% higher, 95% interval 3.0% lower to 19.0% higher); at most 5.0% higher is allowed, and more only where chance may explain it, as here.',
        }),
      ]),
    })
    expect(among(0.01, 0.15)).toMatchObject({
      decision: 'keep',
      reasons: [expect.stringMatching(/95% interval 1.0% to 15.0% higher\); at most 5.0% higher/)],
    })
  })

  test('a cost that is no number keeps a model out', () => {
    expect(decided(ordering({ cost: Number.NaN })).decision).toBe('keep')
  })

  test('a model that leaves too many shelves empty is kept out', () => {
    expect(decided(ordering({ serviceLevel: 0.94 }))).toMatchObject({
      decision: 'keep',
      reasons: [expect.stringMatching(/meets 94.0% of the demand.*at least 95.0% is required/)],
    })
    const { serviceLevel: _, ...unknown } = ordered(1000)
    expect(decided(ordering(unknown, unknown)).decision).toBe('keep')
  })

  test('sales without prices keep nothing out, but a simulation that was left out does', () => {
    expect(decided({ outcome: 'not simulated', reason: 'no prices and costs' }).decision).toBe(
      'promote',
    )
    expect(decided().decision).toBe('keep')
  })

  function ordering(
    changes: Partial<OrderingResult>,
    challenger: OrderingResult = { ...ordered(1000), ...changes },
  ): Evidence['ordering'] {
    return {
      outcome: 'simulated',
      from: '2026-06-08',
      through: '2026-09-27',
      series: 65,
      challenger,
      champion: ordered(1000),
      baseline: ordered(1),
      lastPeriod: ordered(1),
    }
  }

  function ordered(cost: number): OrderingResult {
    const units = { demand: 100, short: 4, expired: 0, serviceLevel: 0.96 }
    return { ...units, lostMargin: 0, urgentReorders: 0, waste: 0, holding: 0, cost }
  }
})
