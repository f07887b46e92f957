import { expect, test } from 'vitest'
import { biasBreach, coverageBreach, isNoFurther } from '../../../src/evaluation/gate/breaches.ts'
import { claimConfidence } from '../../../src/evaluation/gate/campaign.ts'
import { comparingTexts } from '../../../src/reporting/texts/comparing.ts'

const { change, compared, span } = comparingTexts.en

test.each([
  [-0.16, -0.081, '8.1% to 16.0% lower'],
  [-0.16, 0, '0.0% to 16.0% lower'],
  [-0.031, 0.022, '3.1% lower to 2.2% higher'],
  [0, 0.022, '0.0% to 2.2% higher'],
  [0.01, 0.022, '1.0% to 2.2% higher'],
])('reviewers read the interval %d to %d the right way round: %s', (low, high, text) => {
  expect(span(low, high)).toBe(text)
})

test('reviewers read a difference as lower, higher or none', () => {
  expect(compared(-0.123, 'champion')).toBe("is 12.3% lower than the champion's")
  expect(compared(0.123, 'champion')).toBe("is 12.3% higher than the champion's")
  expect(compared(0, 'champion')).toBe("is the same as the champion's")
  expect([change(-0.5), change(0), change(0.5)]).toEqual([
    '50.0% lower',
    '0.0% higher',
    '50.0% higher',
  ])
})

test('how far a limit is broken is measured from the limit, on either side of it', () => {
  const bias = (found?: number) =>
    biasBreach(found === undefined ? {} : { bias: found }, { max: 0.25 })
  expect([0.25, -0.25, 0.5, -0.5, undefined].map(bias)).toEqual([0, 0, 0.25, 0.25, undefined])
  const coverage = (found?: number) =>
    coverageBreach(found === undefined ? {} : { coverage80: found }, { min: 0.5, max: 0.75 })
  expect([0.5, 0.75, 0.25, 1, undefined].map(coverage)).toEqual([0, 0, 0.25, 0.25, undefined])
})

test.each([
  [undefined, 0.1, false],
  [0, undefined, true],
  [0.1, undefined, false],
  [0.1, 0.1, true],
  [0.11, 0.1, false],
])(
  'a limit broken by %d, where the model that would stay breaks it by %d, lets pass: %s',
  (own, kept, passes) => {
    expect(isNoFurther(own, kept)).toBe(passes)
  },
)

test.each([
  [1, 0.95],
  [2, 0.99],
  [5, 0.99],
  [6, 1 - (2 * 0.05 * 0.6) / 42],
  [50, 1 - (2 * 0.05 * 0.6) / (50 * 51)],
])('try %d has to be better with a confidence of %d', (tries, confidence) => {
  expect(claimConfidence(0.95, tries)).toBeCloseTo(confidence, 12)
})
