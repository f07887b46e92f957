import { expect, test } from 'vitest'
import type { Check } from '../../../src/evaluation/gate/check.ts'
import type { Doubt, Evaluation } from '../../../src/evaluation/gate/evaluation.ts'
import { nextSteps } from '../../../src/evaluation/gate/next-step.ts'
import { nextStepLines, nextStepsList } from '../../../src/reporting/next-steps-text.ts'
import { bigList, evaluation, failedBy, search } from '../reporting/examples.ts'

const { champion: _, ...rest } = evaluation()
const first: Evaluation = { ...rest, challenge: { kind: 'first' } }
const keep = (doubt: Doubt, of: Partial<Evaluation> = {}) =>
  evaluation({
    ...of,
    decision: { decision: 'keep', verdict: 'worse', doubts: [doubt], checks: [] },
  })
const failing = (...checks: Check[]) =>
  evaluation({ decision: { decision: 'keep', verdict: 'better', doubts: [], checks } })
const tooFew: Doubt = { doubt: 'too few origins', origins: 1, required: 4 }
const everyFamily = {
  origins: [],
  candidates: ['moving-average', 'exponential-smoothing', 'theta', 'ridge', 'boosted-trees'].map(
    (name) => ({ name: `${name} (x 1)`, origins: 4, chosen: false }),
  ),
}
const short = (frequency: Evaluation['frequency'], horizon: number) =>
  keep(tooFew, { frequency, horizon })
const unsure = (estimate: number) =>
  keep(
    { doubt: 'chance' },
    { differences: { weightedQuantileLoss: { estimate, low: -0.1, high: 0.1 } } },
  )
/** Of the example, whose search has tried the others. */
const untried = 'boosted-trees, theta'
const reach = (horizon: number) => ({ frequency: 'week' as const, horizon })

test.each([
  [
    'a history too short for weeks',
    short('week', 10),
    'horizon in recipe.yml, such as 5, or frequency: day,',
  ],
  ['a history too short for months', short('month', 1), 'such as 1, or frequency: week,'],
  ['a history too short for days', short('day', 14), 'such as 7 days.'],
  ['a history too short for a single day', short('day', 1), 'Nothing now: with each day of sales'],
  [
    'the champion itself',
    keep({ doubt: 'the champion itself' }),
    `Change recipe.yml: | ${untried}.`,
  ],
  [
    'the same as production',
    keep({ doubt: 'the same everywhere' }),
    `Change recipe.yml: | ${untried}.`,
  ],
  [
    'the same as seasonal naive',
    { ...first, decision: keep({ doubt: 'the same everywhere' }).decision },
    `Add families that were not tried to recipe.yml: ${untried}. | frequency: month | --rows`,
  ],
  ['what looks better by chance', unsure(-0.02), `but 4 origins are few | ${untried}. | --rows`],
  ['what looks worse by chance', unsure(0.02), `${untried}. | --rows rows.csv`],
  [
    'what is worse',
    keep({ doubt: 'surely higher' }),
    `change one thing at a time | ${untried}. | --rows`,
  ],
  [
    'the hundredth try',
    keep({
      doubt: 'looked at often',
      tries: 100,
      confidence: 0.999,
      interval: { estimate: -0.1, low: -0.2, high: 0.01 },
    }),
    'Try something larger | --rows',
  ],
  [
    'sales that give no metric',
    keep({ doubt: 'no metric', of: 'challenger' }),
    'See what can be scored',
  ],
  ['sales that give no interval', keep({ doubt: 'no interval' }), 'See what can be scored'],
  ['a category that got worse', failing(failedBy('Iogurtes')), 'see what it errs by in Iogurtes.'],
  [
    'too small a gain',
    failing({ name: 'minimum improvement', passed: false, required: 0.01 }),
    'Try something larger',
  ],
  [
    'a shorter horizon than that of production',
    failing({
      name: 'same question',
      passed: false,
      smaller: [{ by: 'shorterHorizon', challenger: reach(4), champion: reach(10) }],
    }),
    'as far ahead as production: 10 weeks.',
  ],
  [
    'no better than seasonal naive',
    failing({ name: 'seasonal naive beaten', passed: false, own: 0.3, naive: 0.2 }),
    `${untried}. | frequency: month | --rows`,
  ],
  [
    'biased forecasts',
    failing({ name: 'bias', passed: false, bias: 0.3, allowed: 0.15 }),
    `--rows | ${untried}.`,
  ],
  [
    'intervals that do not hold',
    failing({
      name: 'coverage of the 80% interval',
      passed: false,
      coverage: 0.4,
      least: 0.7,
      most: 0.9,
    }),
    'raise search.origins',
  ],
  [
    'dearer orders',
    failing({ name: 'cost of ordering', passed: false, allowed: 0.05, byChance: false }),
    'ordering.yml are true | --rows',
  ],
  [
    'a refresh that is not due',
    keep(tooFew, {
      challenge: {
        kind: 'refresh',
        since: '2026-08-30',
        horizons: 1,
        days: 9,
        series: 9,
        newSeries: 0,
      },
    }),
    'Nothing now: with each week of sales there is more to tell by, and every retraining looks again.',
  ],
] as [string, Evaluation, string][])(
  'after %s, a data scientist reads what to try',
  (_, kept, said) => {
    const parts = said.split(' | ')
    const lines = nextStepLines(kept, search(), 'en')
    expect(lines).toHaveLength(parts.length)
    parts.forEach((part, i) => {
      expect(lines[i]).toContain(part)
    })
  },
)

test('who has tried every family is not told to try one of them', () => {
  expect(nextSteps(unsure(0.02), everyFamily)).toEqual([
    { try: 'other settings' },
    { try: 'the rows', segments: [] },
  ])
})

test('without a record of the search, what was chosen counts as tried', () => {
  const [step] = nextSteps(keep({ doubt: 'the champion itself' })).slice(1)
  expect(step).toEqual({
    try: 'other families',
    families: ['boosted-trees', 'theta', 'exponential-smoothing', 'moving-average'],
  })
})

test('what is promoted needs nothing else', () => {
  expect(nextSteps(evaluation())).toEqual([])
})

test('no more than four things are told, and none of them twice', () => {
  const segments = [failedBy('a'), failedBy('b')]
  const steps = nextSteps({
    ...keep({ doubt: 'surely higher' }),
    decision: {
      decision: 'keep',
      verdict: 'worse',
      doubts: [{ doubt: 'surely higher' }, { doubt: 'chance' }],
      checks: [
        ...segments,
        { name: 'cost of ordering', passed: false, allowed: 0, byChance: false },
      ],
    },
  })
  expect(steps).toHaveLength(4)
  expect(new Set(steps.map((step) => step.try)).size).toBe(4)
})

test('no category breaks out of the list that it is named in, in any language', () => {
  for (const name of bigList) {
    for (const language of ['en', 'pt-BR'] as const) {
      const list = nextStepsList(failing(failedBy(name)), undefined, language)
      expect(list.match(/\n/g)).toHaveLength(1)
      expect(list).toContain('`npx cd4ml compare --rows rows.csv`')
    }
  }
})
