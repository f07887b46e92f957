import { describe, expect, test } from 'vitest'
import type { OrderingResult, Segment } from '../../../src/evaluation/gate/evaluation.ts'
import type { Evidence } from '../../../src/evaluation/gate/evidence.ts'
import type { Guardrails, Policy } from '../../../src/evaluation/gate/policy.ts'
import { barePolicy } from './examples.ts'
import { decideInWords } from './in-words.ts'

// Numbers that are exact in binary, so that one that is at a limit is at it.
const good = { weightedQuantileLoss: 0.25, wape: 0.25, bias: 0, coverage80: 0.75 }
const better = { estimate: -0.25, low: -0.375, high: -0.125 }
const refresh = {
  kind: 'refresh' as const,
  since: '2026-08-30',
  days: 70,
  horizons: 1,
  series: 100,
  newSeries: 100,
}

function evidence(changes: Partial<Evidence> = {}, guardrails: Guardrails = {}): Evidence {
  const { difference = better } = changes
  return {
    policy: { ...barePolicy, guardrails },
    sameModel: false,
    origins: 4,
    challenger: good,
    champion: { ...good, weightedQuantileLoss: 0.5 },
    baseline: { ...good, weightedQuantileLoss: 0.75 },
    difference,
    claim: { tries: 1, confidence: 0.95, difference },
    segments: [],
    ...changes,
  }
}

/** What the check of this name says, and whether it holds. */
function checked(name: string, of: Evidence): [passed: boolean, detail: string] {
  const found = decideInWords(of).checks.find((check) => check.name === name)
  if (!found) throw new Error(`${name} was not checked`)
  return [found.passed, found.detail]
}

test('every guardrail of a policy is checked, in an order and by names that reviewers know', () => {
  const all: Guardrails = {
    beatsSeasonalNaive: true,
    bias: { max: 1 },
    coverage80: { min: 0, max: 1 },
    segments: { minimumRows: 1, category: { maxWorse: 1 }, volumeClass: { maxWorse: 1 } },
    ordering: { maxCostIncrease: 1, minServiceLevel: 0 },
  }
  const guardrails = [
    'seasonal naive beaten',
    'bias',
    'coverage of the 80% interval',
    'no category worse',
    'no volume class worse',
    'cost of ordering',
    'service level of ordering',
  ]
  const names = (of: Evidence) => decideInWords(of).checks.map(({ name }) => name)
  expect(names(evidence({}, all))).toEqual(['every metric', 'minimum improvement', ...guardrails])
  expect(names(evidence({ challenge: refresh }, all))).toEqual([
    'every metric',
    'no worse',
    'due',
    ...guardrails,
  ])
  const smaller = [{ by: 'fewerSeries' as const, of: 2, missing: 1, named: ['a'] }]
  expect(names(evidence({ smaller }))).toEqual([
    'every metric',
    'same question',
    'minimum improvement',
  ])
  expect(names(evidence())).toEqual(['every metric', 'minimum improvement'])
})

describe('an interval that begins or ends at 0', () => {
  test.each([
    [0, 0.25, '0.0% to 25.0% higher'],
    [-0.25, 0, '0.0% to 25.0% lower'],
  ])('includes it, and is shown: %d to %d', (low, high, text) => {
    const difference = { estimate: (low + high) / 2, low, high }
    const claim = { tries: 7, confidence: 0.99, difference: { ...difference, low: -1, high: 1 } }
    expect(decideInWords(evidence({ difference, claim }))).toMatchObject({
      decision: 'keep',
      verdict: 'not distinguishable',
      summary: expect.stringContaining(`(95% interval ${text})`),
      reasons: expect.arrayContaining([
        `The 95% interval ${text} includes 0, so that chance may explain the difference.`,
      ]),
    })
  })

  test('is not better where the interval of the try ends there', () => {
    const claim = { tries: 1, confidence: 0.95, difference: { ...better, high: 0 } }
    expect(decideInWords(evidence({ claim })).verdict).toBe('not distinguishable')
  })
})

test('a challenger that is surely worse is told by how much at least', () => {
  const difference = { estimate: 0.25, low: 0.125, high: 0.375 }
  expect(decideInWords(evidence({ difference }))).toMatchObject({
    verdict: 'worse',
    reasons: expect.arrayContaining([
      'Weighted quantile loss is higher by more than chance explains: at least 12.5%.',
    ]),
  })
})

test('a refresh that is looked at often is told so, and not that it is one of many challengers', () => {
  const claim = { tries: 7, confidence: 0.99, difference: { ...better, high: 0.125 } }
  const policy = { ...barePolicy, refresh: { ...barePolicy.refresh, newSeries: 1 } }
  const quiet = { ...refresh, newSeries: 0 }
  const decided = decideInWords(evidence({ claim, challenge: quiet, policy }))
  expect(decided).toMatchObject({
    decision: 'keep',
    reasons: expect.arrayContaining([
      'Production is looked at in the 7th horizon since it was trained, and who looks often sees what is not there: the 99% interval, 37.5% lower to 12.5% higher, includes 0.',
    ]),
  })
})

describe('what could not be measured speaks against a challenger, and is said once', () => {
  const without = ({ difference: _, ...rest }: Evidence): Evidence => {
    return { ...rest, claim: { tries: 1, confidence: 0.95 } }
  }
  const unknown = 'The confidence interval of the difference could not be computed.'
  const uncompared =
    'Weighted quantile loss could not be compared; at least 0.0% lower is required.'

  test('an interval', () => {
    expect(decideInWords(without(evidence()))).toMatchObject({
      decision: 'keep',
      verdict: 'not distinguishable',
      summary: 'The challenger could not be judged against the champion.',
      reasons: [unknown, uncompared],
    })
  })

  test('the interval of the try alone', () => {
    const claim = { tries: 2, confidence: 0.99 }
    expect(decideInWords(evidence({ claim }))).toMatchObject({
      decision: 'keep',
      reasons: [unknown],
    })
  })

  test('the metric that decides, of the champion or of seasonal naive', () => {
    const { weightedQuantileLoss: _, ...rest } = good
    const reasons = (changes: Partial<Evidence>) => {
      return decideInWords(without(evidence(changes))).reasons
    }
    const missing = 'could not be computed.'
    expect(reasons({ champion: rest })).toEqual([
      `Weighted quantile loss of the champion ${missing}`,
      uncompared,
    ])
    const { champion: __, ...first } = without(evidence({ baseline: rest }))
    expect(decideInWords(first)).toMatchObject({
      reasons: [`Weighted quantile loss of seasonal naive ${missing}`, uncompared],
    })
  })

  test('an origin too few, but not one that is just enough', () => {
    expect(decideInWords(evidence({ origins: 4 })).decision).toBe('promote')
    expect(decideInWords(evidence({ origins: 3 }))).toMatchObject({
      reasons: ['Too few origins could be scored: 3, but the policy requires 4.'],
    })
  })

  test('no metric is missing where all are there', () => {
    expect(checked('every metric', evidence())).toEqual([
      true,
      'The challenger has every metric that the model it is judged against has.',
    ])
    const { wape: _, bias: __, ...some } = good
    expect(checked('every metric', evidence({ challenger: some }))).toEqual([
      false,
      'The challenger has no wape, bias: a forecast is missing or not a finite number.',
    ])
  })
})

describe('an easier question', () => {
  const days = (horizon: number) => ({ frequency: 'day' as const, horizon })
  const smaller = [
    { by: 'shorterHorizon' as const, challenger: days(1), champion: days(2) },
    { by: 'fewerSeries' as const, of: 2, missing: 1, named: ['a'] },
  ]
  const asked = (allow?: Policy['allow']) =>
    checked(
      'same question',
      evidence({ smaller, policy: { ...barePolicy, ...(allow && { allow }) } }),
    )

  test.each<[string, Policy['allow'], boolean, string]>([
    [
      'nothing',
      undefined,
      false,
      'It forecasts 1 day ahead, but the champion 2 days ahead. It does not know 1 of the 2 series that the champion forecasts: a; the policy does not allow that; where it is wanted, it says allow: [shorterHorizon, fewerSeries].',
    ],
    [
      'a part',
      ['fewerSeries'],
      false,
      'It forecasts 1 day ahead, but the champion 2 days ahead; the policy does not allow that; where it is wanted, it says allow: [shorterHorizon].',
    ],
    [
      'all',
      ['fewerSeries', 'shorterHorizon'],
      true,
      'It forecasts 1 day ahead, but the champion 2 days ahead. It does not know 1 of the 2 series that the champion forecasts: a; the policy allows that by allow: [shorterHorizon, fewerSeries].',
    ],
  ])('is refused or allowed in the words of the policy: %s', (_, allow, passed, detail) => {
    expect(asked(allow)).toEqual([passed, detail])
  })
})

describe('seasonal naive', () => {
  const loss = (weightedQuantileLoss?: number): Evidence['challenger'] =>
    weightedQuantileLoss === undefined ? {} : { weightedQuantileLoss }
  const beaten = (own?: number, kept?: number, naive?: number, challenge?: Evidence['challenge']) =>
    checked(
      'seasonal naive beaten',
      evidence(
        {
          challenger: loss(own),
          champion: loss(kept),
          baseline: loss(naive),
          ...(challenge && { challenge }),
        },
        { beatsSeasonalNaive: true },
      ),
    )
  const required = (naive: string, kept = '') =>
    `below the ${naive} of seasonal naive${kept} is required.`
  const kept = (loss: string) => `, or at most the ${loss} of the champion,`

  test.each<[number, number | undefined, number, boolean, string]>([
    [0.25, 0.5, 0.5, true, required('0.5000')],
    [0.5, 0.75, 0.5, false, required('0.5000')],
    [0.5, 0.5, 0.25, false, required('0.2500')],
  ])(
    'has to be beaten by an experiment of %d, where production has %d and seasonal naive %d',
    (own, production, naive, passed, detail) => {
      const said = `Weighted quantile loss is ${own.toFixed(4)}; ${detail}`
      expect(beaten(own, production, naive)).toEqual([passed, said])
      expect(beaten(own, production, naive, { kind: 'experiment' })).toEqual([passed, said])
    },
  )

  test.each<[number, number | undefined, number, boolean, string]>([
    [0.25, 0.375, 0.5, true, required('0.5000')],
    [0.5, 0.375, 0.5, false, required('0.5000')],
    [0.5, undefined, 0.5, false, required('0.5000')],
    [0.5, 0.5, 0.5, true, required('0.5000', kept('0.5000'))],
    [0.75, 0.75, 0.5, true, required('0.5000', kept('0.7500'))],
    [0.875, 0.75, 0.5, false, required('0.5000', kept('0.7500'))],
  ])(
    'has to be beaten by a refresh of %d, unless production of %d does not beat its %d either',
    (own, production, naive, passed, detail) => {
      const said = `Weighted quantile loss is ${own.toFixed(4)}; ${detail}`
      expect(beaten(own, production, naive, refresh)).toEqual([passed, said])
    },
  )

  test('that could not be scored, or a challenger that could not, is not beaten', () => {
    const said =
      'Weighted quantile loss could not be compared with that of seasonal naive; below it is required.'
    expect(beaten(undefined, 0.5, 0.25, refresh)).toEqual([false, said])
    expect(beaten(0.25, 0.5, undefined, refresh)).toEqual([false, said])
  })

  test('has to be beaten by the first model', () => {
    const { champion: _, ...first } = evidence({}, { beatsSeasonalNaive: true })
    expect(checked('seasonal naive beaten', first)[0]).toBe(true)
    const worse = { ...first, challenger: { ...good, weightedQuantileLoss: 0.75 } }
    expect(checked('seasonal naive beaten', worse)[0]).toBe(false)
  })
})

test.each<[number, number | undefined, boolean, string]>([
  [
    0.25,
    undefined,
    true,
    'add up to 25.0% more than was sold; at most 25.0% either way is allowed.',
  ],
  [-0.25, 0.25, true, 'add up to 25.0% less than was sold; at most 25.0% either way is allowed.'],
  [
    0,
    0.5,
    true,
    'add up to 0.0% more than was sold; at most 25.0% either way, or the 50.0% of the champion is allowed.',
  ],
  [
    0.5,
    -0.5,
    true,
    'add up to 50.0% more than was sold; at most 25.0% either way, or the 50.0% of the champion is allowed.',
  ],
])('a bias of %d, where production has %d, is within the limit: %s', (bias, kept, passed, said) => {
  const champion = { ...good, ...(kept !== undefined && { bias: kept }) }
  const found = evidence({ challenger: { ...good, bias }, champion }, { bias: { max: 0.25 } })
  expect(checked('bias', found)).toEqual([passed, `The forecasts ${said}`])
})

test.each([
  [-0.25, true],
  [-0.1875, false],
])('a gain of %d is enough where 25%% is asked for: %s', (estimate, passed) => {
  const policy = { ...barePolicy, minimumImprovement: 0.25 }
  const difference = { ...better, estimate }
  expect(checked('minimum improvement', evidence({ policy, difference }))[0]).toBe(passed)
})

test.each<[number, number, boolean, string]>([
  [0.5, 0.25, true, ', or no further from it than the champion, by 25.0%,'],
  [0.25, 0.25, true, ', or no further from it than the champion, by 25.0%,'],
  [0.125, 0.25, false, ', or no further from it than the champion, by 25.0%,'],
  [0.25, 0.5, false, ''],
])('a coverage of %d, where production has %d, is enough: %s', (own, kept, passed, orKept) => {
  const found = evidence(
    { challenger: { ...good, coverage80: own }, champion: { ...good, coverage80: kept } },
    { coverage80: { min: 0.5, max: 1 } },
  )
  const [holds, detail] = checked('coverage of the 80% interval', found)
  expect(holds).toBe(passed)
  expect(detail).toContain(`50.0% to 100.0%${orKept} is required`)
})

describe('segments', () => {
  const segment = (
    name: string,
    loss: number | undefined,
    changes: Partial<Segment> = {},
  ): Segment => ({
    by: 'category',
    name,
    rows: 100,
    challenger: loss === undefined ? {} : { weightedQuantileLoss: loss },
    champion: { weightedQuantileLoss: 0.25 },
    baseline: { weightedQuantileLoss: 0.25 },
    ...changes,
  })
  const judged = (...segments: Segment[]) =>
    checked(
      'no category worse',
      evidence({ segments }, { segments: { minimumRows: 100, category: { maxWorse: 0.25 } } }),
    )

  test('are the parts of a model in parts where the policy says so, and of one model none', () => {
    const limits = { segments: { minimumRows: 100, part: { maxWorse: 0.25 } } }
    const parts = (...segments: Segment[]) =>
      decideInWords(evidence({ segments }, limits)).checks.filter(
        ({ name }) => name === 'no part worse',
      )
    const south = segment('south', 0.5, { by: 'part' })
    expect(parts(segment('north', 0.25, { by: 'part' }), south)).toMatchObject([
      {
        passed: false,
        detail:
          'Weighted quantile loss by part, too high: south (100.0% higher); at most 25.0% higher is allowed.',
      },
    ])
    expect(parts({ ...south, rows: 99 })).toMatchObject([{ passed: true }])
    expect(parts(segment('Books', 0.5))).toEqual([])
  })

  test('that are too high are all named, the worst first', () => {
    expect(judged(segment('Rice', 0.375), segment('Milk', 0.25), segment('Books', 0.5))).toEqual([
      false,
      'Weighted quantile loss by category, too high: Books (100.0% higher), Rice (50.0% higher); at most 25.0% higher is allowed.',
    ])
  })

  test('at the limit are not, and the worst of them alone is named', () => {
    expect(judged(segment('Milk', 0.25), segment('Rice', 0.3125), segment('Books', 0.125))).toEqual(
      [
        true,
        'Weighted quantile loss by category, the worst: Rice (25.0% higher); at most 25.0% higher is allowed.',
      ],
    )
  })

  test('may be higher by chance as long as the interval reaches 0', () => {
    const surely = (low: number) =>
      segment('Rice', 0.375, { difference: { estimate: 0.5, low, high: 1 } })
    expect(judged(surely(0))[0]).toBe(true)
    expect(judged(segment('Milk', 0.25), surely(0))[1]).toContain(
      'only where chance may explain it',
    )
    expect(judged(surely(0.0625))[0]).toBe(false)
  })

  test('of which one of the two models has no metric are worse', () => {
    const said = (name: string) =>
      `Weighted quantile loss by category, too high: ${name} (cannot be compared); at most 25.0% higher is allowed.`
    expect(judged(segment('Rice', 0.25, { champion: {} }))).toEqual([false, said('Rice')])
    expect(judged(segment('Rice', undefined))).toEqual([false, said('Rice')])
    expect(judged(segment('Rice', 0.25, { champion: { weightedQuantileLoss: 0 } }))).toEqual([
      false,
      said('Rice'),
    ])
  })

  test('are none where all have too few rows', () => {
    expect(judged(segment('Rice', 9, { rows: 99 }))).toEqual([
      true,
      'No category has the 100 rows that it takes to judge one; at most 25.0% higher is allowed.',
    ])
  })
})

describe('ordering', () => {
  const result = (changes: Partial<OrderingResult>): OrderingResult => ({
    ...{ demand: 100, short: 4, expired: 0, serviceLevel: 0.75 },
    ...{ lostMargin: 0, urgentReorders: 0, waste: 0, holding: 0, cost: 1000 },
    ...changes,
  })
  const simulated = (
    own: Partial<OrderingResult>,
    kept: Partial<OrderingResult>,
    isFirst = false,
  ) => ({
    outcome: 'simulated' as const,
    from: '2026-06-08',
    through: '2026-09-27',
    series: 65,
    challenger: result(own),
    ...(!isFirst && { champion: result(kept) }),
    baseline: result(isFirst ? kept : { serviceLevel: 0.125 }),
    lastPeriod: result({}),
  })
  const service = (own: number | undefined, kept: number | undefined, isFirst = false) => {
    const { serviceLevel: _, ...unknown } = result({})
    const ordering = simulated({}, {}, isFirst)
    const level = (serviceLevel?: number) =>
      serviceLevel === undefined ? unknown : result({ serviceLevel })
    const reference = isFirst ? { baseline: level(kept) } : { champion: level(kept) }
    const { champion, ...rest } = evidence(
      { ordering: { ...ordering, challenger: level(own), ...reference } },
      { ordering: { minServiceLevel: 0.75 } },
    )
    return checked('service level of ordering', isFirst ? rest : { ...rest, champion: champion! })
  }
  const meets = (share: string, orKept = '') =>
    `Ordering by the challenger meets ${share} of the demand in the simulation; at least 75.0%${orKept} is required.`

  test.each<[number, number | undefined, boolean, string]>([
    [0.75, 0.75, true, meets('75.0%')],
    [0.625, 0.75, false, meets('62.5%')],
    [0.625, undefined, false, meets('62.5%')],
    [0.625, 0.5, true, meets('62.5%', ', or the 50.0% by the champion,')],
    [0.5, 0.5, true, meets('50.0%', ', or the 50.0% by the champion,')],
    [0.375, 0.5, false, meets('37.5%', ', or the 50.0% by the champion,')],
  ])(
    'by the challenger that meets %d of the demand, by production %d',
    (own, kept, passed, said) => {
      expect(service(own, kept)).toEqual([passed, said])
    },
  )

  test('is judged by seasonal naive where nothing is in production', () => {
    expect(service(0.5, 0.5, true)).toEqual([
      true,
      meets('50.0%', ', or the 50.0% by seasonal naive,'),
    ])
  })

  test('that met no demand that there was is not good enough', () => {
    expect(service(undefined, 0.75)).toEqual([
      false,
      'The service level of ordering could not be computed; at least 75.0% is required.',
    ])
  })

  test('may cost as much more as the policy says', () => {
    const cost = (own: number) =>
      checked(
        'cost of ordering',
        evidence(
          { ordering: simulated({ cost: own }, {}) },
          { ordering: { maxCostIncrease: 0.25 } },
        ),
      )
    expect(cost(1250)).toEqual([
      true,
      'Ordering by the challenger costs 1,250 in the simulation, by the champion 1,000 (25.0% higher); at most 25.0% higher is allowed.',
    ])
    expect(cost(1251)[0]).toBe(false)
  })

  test('that was left out, and that the sales do not allow, are told apart', () => {
    const limits = { ordering: { maxCostIncrease: 0.25, minServiceLevel: 0.5 } }
    for (const name of ['cost of ordering', 'service level of ordering']) {
      expect(checked(name, evidence({}, limits))).toEqual([false, 'Ordering was not simulated.'])
      const ordering = { outcome: 'not simulated' as const, reason: 'no prices and costs' as const }
      expect(checked(name, evidence({ ordering }, limits))).toEqual([
        true,
        'Ordering could not be simulated: the sales have no prices or no costs. Nothing is asked of it then.',
      ])
    }
  })
})

describe('a refresh', () => {
  const due = (
    changes: Partial<typeof refresh>,
    of: Partial<Evidence> = {},
    guardrails: Guardrails = {},
  ) =>
    checked(
      'due',
      evidence({ challenge: { ...refresh, newSeries: 0, ...changes }, ...of }, guardrails),
    )
  const quiet = { estimate: 0, low: -0.125, high: 0.125 }
  const nothing = (share: string, days: string) =>
    `Nothing calls for a refresh: its metric is not 5.0% lower by more than chance explains, or while production surely breaks a limit; ${share} are new to production, and 10.0% would have to be; production lacks ${days} of sales, and more than 365 would have to be.`

  test.each<[string, Partial<typeof refresh>, boolean, string]>([
    ['nothing is new', {}, false, nothing('0 of the 100 series that sell (0.0%)', '70 days')],
    ['nothing sells', { series: 0 }, false, nothing('0 of the 0 series that sell', '70 days')],
    ['a day is new', { days: 1 }, false, nothing('0 of the 100 series that sell (0.0%)', '1 day')],
    [
      'a year is over',
      { days: 365 },
      false,
      nothing('0 of the 100 series that sell (0.0%)', '365 days'),
    ],
    ['more than a year is', { days: 366 }, true, 'Production knows nothing of the last 366 days.'],
    [
      'much is new, and a year is over',
      { days: 366, newSeries: 25 },
      true,
      '25 of the 100 series that sell (25.0%) are new to production. Production knows nothing of the last 366 days.',
    ],
  ])('is due or not, and why: %s', (_, changes, passed, detail) => {
    expect(due(changes, { difference: quiet })).toEqual([passed, detail])
  })

  test('is due where it is surely better, not where its interval ends at 0', () => {
    const claim = (high: number) => ({
      tries: 1,
      confidence: 0.95,
      difference: { ...better, high },
    })
    expect(due({}, { claim: claim(-0.125) })).toEqual([
      true,
      "Weighted quantile loss is lower than production's by more than chance explains.",
    ])
    expect(due({}, { claim: claim(0) })[0]).toBe(false)
    const slight = { estimate: -0.03125, low: -0.0625, high: -0.015625 }
    expect(due({}, { difference: slight })[0]).toBe(false)
  })

  test.each<[string, { low: number; high: number } | undefined, boolean]>([
    ['surely', { low: 0.5, high: 0.625 }, true],
    ['surely, the other way', { low: -0.625, high: -0.5 }, true],
    ['perhaps', { low: 0.25, high: 0.5 }, false],
    ['perhaps, the other way', { low: -0.5, high: -0.25 }, false],
    ['nobody knows how surely', undefined, false],
  ])('is due where production breaks a limit on bias: %s', (_, interval, isDue) => {
    const unsure = { tries: 1, confidence: 0.95, difference: { ...better, high: 0.125 } }
    const of = {
      claim: unsure,
      champion: { ...good, bias: 0.5 },
      deployed: interval ? { bias: { estimate: 0.5, ...interval } } : {},
    }
    expect(due({}, of, { bias: { max: 0.25 } })[0]).toBe(isDue)
    const { deployed: _d, ...unknown } = of
    expect(due({}, unknown, { bias: { max: 0.25 } })[0]).toBe(false)
  })

  test.each([
    [0.03125, -0.125, true],
    [0.0625, -0.125, false],
    [0.03125, 0, true],
    [0.03125, 0.015625, false],
  ])('that is %d higher, %d at least, is no worse: %s', (estimate, low, passed) => {
    const policy = { ...barePolicy, refresh: { ...barePolicy.refresh, margin: 0.03125 } }
    const difference = { estimate, low, high: 0.125 }
    expect(checked('no worse', evidence({ challenge: refresh, difference, policy }))[0]).toBe(
      passed,
    )
  })
})
