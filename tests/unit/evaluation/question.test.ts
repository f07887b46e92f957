import { describe, expect, test } from 'vitest'
import type { Evaluation } from '../../../src/evaluation/gate/evaluation.ts'
import type { Narrowing, SmallerQuestion } from '../../../src/evaluation/gate/question.ts'
import { smallerQuestions } from '../../../src/evaluation/gate/question.ts'
import type { Model } from '../../../src/forecasting/model.ts'
import { questionSchema } from '../../../src/forecasting/question-schema.ts'
import { comparisonText } from '../../../src/reporting/comparison-report.ts'
import { experimentComment } from '../../../src/reporting/experiment-comment.ts'
import { smallerText } from '../../../src/reporting/verdict-text.ts'
import { evaluation, naughty } from '../reporting/examples.ts'
import { barePolicy } from './examples.ts'
import { decideInWords } from './in-words.ts'
import { recipeOf } from './shop.ts'

describe('a challenger answers less than production', () => {
  test.each<[string, Asked, Asked, Narrowing[]]>([
    ['ten days for ten weeks', day(10), week(10), ['shorterHorizon', 'otherFrequency']],
    ['fewer weeks', week(4), week(5), ['shorterHorizon']],
    ['months that are fewer days', month(2), week(9), ['shorterHorizon', 'otherFrequency']],
    ['as many days, as days', day(70), week(10), ['otherFrequency']],
    ['as many weeks as months have', week(13), month(3), ['otherFrequency']],
    ['a year of days, for one of months', day(365), month(12), ['otherFrequency']],
    ['four weeks, for a month', week(4), month(1), ['shorterHorizon', 'otherFrequency']],
    ['a longer horizon in other periods', month(3), week(10), ['otherFrequency']],
    ['a product less', week(4, ['a']), week(4, ['a', 'b']), ['fewerSeries']],
    ['chains for stores', week(4, ['a']), week(4, ['["a","s1"]', '["a","s2"]']), ['fewerSeries']],
    ['the same', week(4), week(4), []],
    ['more of everything', week(5, ['a', 'b', 'c']), week(4), []],
  ])('%s', (_, challenger, champion, by) => {
    const found = smallerQuestions(modelOf(challenger), modelOf(champion))
    expect(found.map((it) => it.by)).toEqual(by)
  })

  test('in a sentence that names both horizons in days, or the series', () => {
    const found = smallerQuestions(modelOf(day(10, ['a'])), modelOf(week(10, ['a', 'b', 'c'])))
    expect(found.map((smaller) => smallerText(smaller, 'en'))).toEqual([
      'It forecasts 10 days ahead, but the champion 10 weeks (70 days) ahead.',
      'It forecasts in days, but the champion in weeks.',
      'It does not know 2 of the 3 series that the champion forecasts: b, c.',
    ])
  })
})

test.each<[Asked, string]>([
  [day(1), 'It forecasts 1 day ahead, but the champion 10 weeks (70 days) ahead.'],
  [week(1), 'It forecasts 1 week (7 days) ahead, but the champion 10 weeks (70 days) ahead.'],
  [month(2), 'It forecasts 2 months (61 days) ahead, but the champion 10 weeks (70 days) ahead.'],
])('a horizon is told in its periods and in days', (asked, sentence) => {
  expect(smallerText(smallerQuestions(modelOf(asked), modelOf(week(10)))[0], 'en')).toBe(sentence)
})

test('of many series that are missing, five are named', () => {
  const missing = (...series: string[]) =>
    smallerText(
      smallerQuestions(modelOf(week(4, ['z'])), modelOf(week(4, ['z', ...series])))[0],
      'en',
    )
  const beginning = 'series that the champion forecasts:'
  expect(missing('a', 'b', 'c', 'd', 'e')).toBe(
    `It does not know 5 of the 6 ${beginning} a, b, c, d, e.`,
  )
  expect(missing('a', 'b', 'c', 'd', 'e', 'f')).toBe(
    `It does not know 6 of the 7 ${beginning} a, b, c, d, e, ….`,
  )
})

describe('an easier question', () => {
  const smaller = smallerQuestions(modelOf(day(10)), modelOf(week(10)))

  test('keeps out a challenger that is better at it, with what the policy would have to say', () => {
    const decision = decideInWords(evidence(smaller))
    expect(decision).toMatchObject({
      decision: 'keep',
      verdict: 'better',
      reasons: [
        expect.stringMatching(
          /10 days ahead, but .*; .* it says allow: \[shorterHorizon, otherFrequency\]\.$/,
        ),
      ],
    })
  })

  test('is promoted where the policy allows every way in which it is smaller, by name', () => {
    const names = smaller.map(({ by }) => by)
    expect(decideInWords(evidence(smaller, names)).decision).toBe('promote')
    for (const left of names) {
      const decision = decideInWords(
        evidence(
          smaller,
          names.filter((name) => name !== left),
        ),
      )
      expect(decision).toMatchObject({ decision: 'keep', reasons: [expect.stringContaining(left)] })
    }
  })

  const comment = (of: Evaluation) =>
    experimentComment({ evaluation: of, run: 'https://github.com/a/b' }, 'en')

  test.each<[string, (of: Evaluation) => string, number]>([
    ['terminal, below the names of the models', comparisonText, 5],
    ['comment', comment, 3],
  ])('is said in the first lines of the %s', (_, text, first) => {
    const lines = text(evaluation({ smaller })).split('\n')
    const said = lines.findIndex((line) => line.includes('10 days ahead, but the champion'))
    expect(said).toBeGreaterThan(0)
    expect(said).toBeLessThan(first)
  })

  test.each(naughty)('a series of this name adds no line to the terminal: $what', ({ text }) => {
    const lines = (series: string[]) => {
      const found = smallerQuestions(modelOf(week(4, [])), modelOf(week(4, series)))
      return comparisonText(evaluation({ smaller: found })).split('\n').length
    }
    expect(lines([text])).toBe(lines(['a']))
  })
})

type Asked = { frequency: 'day' | 'week' | 'month'; horizon: number; series: string[] }

function day(horizon: number, series = ['a', 'b']): Asked {
  return { frequency: 'day', horizon, series }
}

function week(horizon: number, series = ['a', 'b']): Asked {
  return { frequency: 'week', horizon, series }
}

function month(horizon: number, series = ['a', 'b']): Asked {
  return { frequency: 'month', horizon, series }
}

function modelOf({ frequency, horizon, series }: Asked): Model {
  return {
    format: 'cd4ml-model/5',
    inputs: questionSchema([]),
    recipe: recipeOf({ frequency, horizon }),
    members: [],
    calibration: {
      levels: [],
      scale: { intercept: 0, mean: 0, spread: 0 },
      growth: [],
      limits: [],
      classes: [],
    },
    series,
    trainedThrough: '2026-10-31',
  }
}

function evidence(smaller: SmallerQuestion[], allow: Narrowing[] = []) {
  const metrics = { weightedQuantileLoss: 0.2 }
  const difference = { estimate: -0.1, low: -0.2, high: -0.05 }
  return {
    policy: { ...barePolicy, allow },
    sameModel: false,
    origins: 6,
    challenger: metrics,
    champion: metrics,
    baseline: metrics,
    difference,
    claim: { tries: 1, confidence: 0.95, difference },
    segments: [],
    smaller,
  }
}
