import { describe, expect, test } from 'vitest'
import type { Evaluation } from '../../../src/evaluation/gate/evaluation.ts'
import { alignedColumns } from '../../../src/reporting/aligned-columns.ts'
import { comparisonText } from '../../../src/reporting/comparison-report.ts'
import { runsComparison, runsTable } from '../../../src/reporting/runs-table.ts'
import { evaluation, failedBy, naughty, run } from './examples.ts'

const unsafe = /[^\n\P{Cc}]|\p{Cf}|\p{Cs}/u

describe('comparison on a terminal', () => {
  test('a data scientist reads the same text as was last approved', async () => {
    await expect(comparisonText(evaluation())).toMatchFileSnapshot('__golden__/comparison.txt')
  })

  test('a refusal begins with the verdict and its reasons, and shows what failed first', async () => {
    const text = comparisonText(evaluation({ decision: refused('higher') }))
    await expect(text).toMatchFileSnapshot('__golden__/comparison-refused.txt')
    expect(text).toMatch(
      /^Better, but not to be promoted: Weighted.*\n {2}- Weighted .* by category, too high: higher/,
    )
    expect(text.indexOf('FAILED')).toBeLessThan(text.indexOf('passed'))
  })

  test.each(naughty)('no name clears the screen or adds a line: $what', ({ text }) => {
    const hostile = comparisonText(
      evaluation({
        decision: refused(text),
        segments: evaluation().segments.map((segment) => ({ ...segment, name: text })),
      }),
    )
    const plain = comparisonText(evaluation({ decision: refused('x') }))
    expect(hostile).not.toMatch(unsafe)
    expect(hostile.split('\n')).toHaveLength(plain.split('\n').length)
  })
})

describe('columns on a terminal', () => {
  test('stay aligned below names with accents, composed or not', () => {
    const rows = [
      ['Pa\u0303o', '1'],
      ['Feijão', '1,200'],
    ]
    const lines = alignedColumns({ headers: ['Name', 'Units'], rows }).split('\n')
    expect(lines).toEqual(['Name    Units', 'Pa\u0303o         1', 'Feijão  1,200', ''])
  })
})

test('a comparison without prices says once that ordering could not be simulated', () => {
  const ordering = { outcome: 'not simulated', reason: 'no prices and costs' } as const
  expect(comparisonText(evaluation({ ordering }))).toContain(
    '\n\nOrdering could not be simulated: the sales have no prices and costs.\n',
  )
})

describe('runs on a terminal', () => {
  const failed = () => {
    const {
      model: _,
      metrics: __,
      verdict: ___,
      comparison: ____,
      ...rest
    } = run({ kind: 'train', searched: [] })
    return {
      ...rest,
      id: '20261103T080000000Z-ffffffff',
      startedAt: '2026-11-03T08:00:00.000Z',
      exitCode: 2,
    }
  }

  test('the list shows when, what, how good and how it ended', async () => {
    const damaged = [{ file: '.cd4ml/runs/x.json', problem: 'is not valid JSON' }]
    const text = runsTable([run(), failed()], damaged)
    await expect(text).toMatchFileSnapshot('__golden__/runs.txt')
  })

  test('a comparison marks the lines in which the runs differ', async () => {
    const other = run({ id: '20261103T080000000Z-ffffffff', data: '3'.repeat(40) })
    const text = runsComparison([run(), other])
    await expect(text).toMatchFileSnapshot('__golden__/runs-comparison.txt')
    expect(text.split('\n').filter((line) => line.startsWith('*'))).toEqual([
      expect.stringMatching(/^\* +Data +2222222222 +3333333333$/),
    ])
  })

  test('a comparison shows what the recipes say, and which was not committed', () => {
    const settings = { frequency: 'week', horizon: '4', 'search.budget': '5' }
    const other = run({ id: '20261103T080000000Z-ffffffff', settings, committed: false })
    const { settings: _, committed: __, ...earlier } = run()
    const differing = runsComparison([run(), other, { ...earlier, id: 'earlier' }])
      .split('\n')
      .filter((line) => line.startsWith('*'))
      .map((line) => line.split(/ {2,}/).slice(1).join(' | ').trim())
    expect(differing).toEqual([
      'Recipe | 1111111111 | 1111111111 (not committed) | 1111111111',
      'frequency | week | week | –',
      'horizon | 10 | 4 | –',
      'families.ridge.penalty | [10, 1000] | – | –',
      'search.budget | – | 5 | –',
    ])
  })

  test('without runs it says how to get one', () => {
    expect(runsTable([])).toBe('No runs yet: train and compare leave one each.\n')
  })

  test.each(naughty)('a branch or a file cannot forge a line: $what', ({ text }) => {
    const table = runsTable([run({ branch: text, model: text })], [{ file: text, problem: text }])
    expect(table).not.toMatch(unsafe)
    expect(table.split('\n')).toHaveLength(6)
  })
})

function refused(text: string): Evaluation['decision'] {
  return {
    decision: 'keep',
    verdict: 'better',
    doubts: [],
    checks: [{ name: 'bias', passed: true, bias: 0.012, allowed: 0.1 }, failedBy(text)],
  }
}
