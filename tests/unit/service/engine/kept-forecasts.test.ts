import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Answered, ForecastAnswered } from '../../../../src/service/engine/engine.ts'
import { keepingForecasts } from '../../../../src/service/engine/kept-forecasts.ts'

/** Questions below 5 have an answer. */
function thread() {
  const asked: unknown[][] = []
  const ask = async (questions: readonly unknown[]) => {
    asked.push([...questions])
    return questions.map(answerTo)
  }
  return { asked, forecasts: keepingForecasts(ask) }
}

function answerTo(question: unknown): Answered<ForecastAnswered> {
  const mean = Number(question)
  return mean < 5
    ? {
        outcome: 'answered',
        answer: {
          product: 'P1',
          from: '2026-01-01',
          to: '2026-01-01',
          mean,
          quantiles: [],
          restsOn: 'series',
        },
      }
    : { outcome: 'refused', problems: [{ field: '', expected: 'must be less' }] }
}

it('gives every question its own answer, in its place, whatever was asked before', async () => {
  const questions = fc.array(fc.nat({ max: 9 }))
  await fc.assert(
    fc.asyncProperty(fc.array(questions), async (lists) => {
      const { forecasts } = thread()
      for (const list of lists) expect(await forecasts(list)).toEqual(list.map(answerTo))
    }),
  )
})

it('asks the thread only for what it was not asked before, and again for what it refused', async () => {
  const { asked, forecasts } = thread()
  await forecasts([1, 7])
  await forecasts([1, 7, 2])
  await forecasts([2, 1])
  expect(asked).toEqual([
    [1, 7],
    [7, 2],
  ])
})
