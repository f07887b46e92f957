import { describe, expect, test } from 'vitest'
import type { Decision } from '../../../src/evaluation/gate/evaluation.ts'
import type { Experiment } from '../../../src/registry/experiment.ts'
import { experimentComment } from '../../../src/reporting/experiment-comment.ts'
import { MOST_CHARACTERS } from '../../../src/reporting/text-length.ts'
import {
  bigList,
  evaluation,
  failedBy,
  interval,
  naughty,
  search,
  segment,
  validation,
} from './examples.ts'
import { expectHarmless, shapeOf } from './harmless.ts'
import { expectApproved, languages } from './languages.ts'

describe('comment on the pull request of an experiment', () => {
  test('a data scientist reads the same comment as was last approved', async () => {
    await expectApproved('experiment', (language) => experimentComment(experiment(), language))
    const invalid = { validation: validation(), run }
    await expectApproved('experiment-invalid', (language) => experimentComment(invalid, language))
  })

  test('how it stands against a version that waits is said below the verdict', () => {
    const difference = interval(0.051, 0.01, 0.092)
    const waiting = { version: 4, model: 'ab'.repeat(32), decidedBy: 'wape' as const, difference }
    const comment = experimentComment(
      {
        ...experiment(),
        pending: { ...waiting, verdict: 'worse' },
      },
      'en',
    )
    expect(comment.slice(0, comment.indexOf('**Next:**'))).toContain(
      'It is worse than version 4, which waits on promotion/demand (WAPE +5.1% (+1.0% to +9.2%))',
    )
  })

  const worse: Decision = {
    decision: 'keep',
    verdict: 'worse',
    doubts: [{ doubt: 'surely higher' }],
    checks: [],
  }

  test.each<[string, Experiment, string, string]>([
    ['better', experiment(), '✅ **Better.** Weighted quantile loss', 'merge.'],
    [
      'worse',
      { evaluation: evaluation({ decision: worse }) },
      '❌ **Worse.** Weighted quantile loss is',
      'merging changes nothing in production',
    ],
    [
      'better, but a check failed',
      { evaluation: evaluation({ decision: { ...worse, verdict: 'better' } }) },
      '⛔ **Better, but not to be promoted.**',
      'which check of the policy failed',
    ],
    [
      'invalid data, whatever failed after it',
      { validation: validation(), problem: 'there is no model.json', evaluation: evaluation() },
      '❌ **The data cannot be used.** 1 file cannot be trusted',
      'correct the files',
    ],
    [
      'a mistake in the recipe',
      { problem: 'recipe.yml: horizon: must be integer' },
      '💥 **No verdict.** recipe.yml: horizon: must be integer',
      'open the run',
    ],
    ['data alone', { validation: valid() }, '✅ **The data can be used.**', 'nothing, where'],
    ['nothing at all', {}, '💥 **No verdict.** The run ended before', 'open the run'],
  ])('the first line and the next step say it: %s', (_, found, first, next) => {
    const [line, ...others] = experimentComment({ ...found, run }, 'en').split('\n')
    expect(line).toContain(first)
    expect(others.find((other) => other.startsWith('**Next:** '))).toContain(next)
  })

  test('a verdict that the data no longer supports is not shown', () => {
    const text = experimentComment({ ...experiment(), validation: validation() }, 'en')
    expect(text).not.toContain('Better')
    expect(text).not.toContain('### Against the champion')
  })

  test('no number of segments, candidates, checks, reasons and findings is too long for GitHub', () => {
    const long = '@'.repeat(3000)
    const text = experimentComment(
      {
        validation: valid({
          findings: Array.from({ length: 500 }, () => ({
            ...validation().findings[0],
            remedy: long.slice(0, 400),
          })),
        }),
        evaluation: evaluation({
          segments: Array.from({ length: 1000 }, (_, i) =>
            segment('category', `${i}${long}`, 10, 0.2, interval(i / 1000, 0.1, 0.5)),
          ),
          decision: {
            ...worse,
            checks: Array.from({ length: 150 }, () => failedBy(long)),
          },
        }),
        search: {
          candidates: Array.from({ length: 200 }, () => ({
            name: long,
            loss: 1,
            origins: 1,
            chosen: false,
          })),
          origins: [],
        },
        run,
      },
      'en',
    )
    expect(text.length).toBeLessThanOrEqual(MOST_CHARACTERS)
    expect(text).toContain('left out here for length')
    expect(text).toContain('[The run]')
  })

  test.each(naughty)('names and sentences from outside stay text: $what', ({ text }) =>
    expectText(text),
  )

  test('so does everything in the big list of naughty strings', () => bigList.forEach(expectText))

  function expectText(text: string) {
    for (const language of languages) {
      for (const told of [hostile, problem]) {
        const comment = experimentComment(told(text), language)
        expectHarmless(comment)
        expect(shapeOf(comment)).toEqual(shapeOf(experimentComment(told('plain'), language)))
      }
    }
  }

  function problem(text: string) {
    return { problem: text, run }
  }
})

const run = 'https://github.com/shop/demand/actions/runs/42'

function experiment(): Experiment & { run: string } {
  return { validation: valid(), evaluation: evaluation(), search: search(), run }
}

function valid(overrides: Partial<ReturnType<typeof validation>> = {}) {
  const [, ...findings] = validation().findings
  return validation({ outcome: 'valid', findings, ...overrides })
}

function hostile(text: string): Experiment & { run: string } {
  const { challenger, segments } = evaluation()
  return {
    validation: valid({
      findings: validation().findings.map((finding) => ({
        ...finding,
        file: text,
        column: text,
        examples: [{ line: 2, value: text }],
      })),
    }),
    evaluation: evaluation({
      challenger: { ...challenger, model: text, chosen: [text] },
      segments: segments.map((one) => ({ ...one, name: text })),
      decision: {
        decision: 'keep',
        verdict: 'worse',
        doubts: [],
        checks: [failedBy(text)],
      },
    }),
    search: {
      candidates: [{ name: text, loss: 1, origins: 1, chosen: true }],
      origins: ['2026-08-30'],
    },
    run,
  }
}
