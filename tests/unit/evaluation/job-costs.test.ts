import { expect, test } from 'vitest'
import { billedMinutes, estimatedCosts } from '../../../src/evaluation/search/job-costs.ts'

test('a begun minute of every job is billed, and one that did nothing is one', () => {
  expect(billedMinutes([0, 59, 60, 61])).toBe(1 + 1 + 1 + 2)
})

test('two cores share the seconds of fits; every job is set up, and the longest is waited for', () => {
  expect(estimatedCosts(2400, [1200, 600, 600])).toEqual({
    alone: { jobs: 1, billedMinutes: 21, wallSeconds: 40 + 1200 },
    shared: { jobs: 5, billedMinutes: 1 + 11 + 6 + 6 + 1, wallSeconds: 40 + (40 + 600) + 40 },
  })
})

test('where one job does everything, there are no others to wait for', () => {
  expect(estimatedCosts(100, [])).toEqual({
    alone: { jobs: 1, billedMinutes: 2, wallSeconds: 90 },
  })
})
