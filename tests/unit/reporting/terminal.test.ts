import fc from 'fast-check'
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

  test('the verdict is the last line, whatever came before it', () => {
    const lastLine = (text: string) => text.trimEnd().split('\n').at(-1)
    expect(lastLine(comparisonText(evaluation()))).toMatch(/^Better: Weighted quantile loss is 9/)
    const outcome = 'promotion/demand is now at 0123: version 4.'
    expect(lastLine(comparisonText(evaluation(), { outcome }))).toMatch(/^Better: /)
    expect(lastLine(comparisonText(evaluation({ decision: refused('higher') })))).toMatch(
      /^Better, but not to be promoted: /,
    )
  })

  test('a refusal ends with its reasons and what to try, and shows what failed first', async () => {
    const text = comparisonText(evaluation({ decision: refused('higher') }))
    await expect(text).toMatchFileSnapshot('__golden__/comparison-refused.txt')
    expect(text).toMatch(
      /\nWhy it is kept out\n {2}- Weighted .* by category, too high: higher .*\n\nWhat to try next\n {2}- npx cd4ml compare --rows .*: see what it errs by in higher\.\n/,
    )
    expect(text.indexOf('FAILED')).toBeLessThan(text.indexOf('passed'))
  })

  test.each(naughty)('no name clears the screen or adds a line: $what', ({ text }) => {
    const named = (name: string) =>
      comparisonText(
        evaluation({
          decision: refused(name),
          segments: evaluation().segments.map((segment) => ({ ...segment, name })),
        }),
      )
    const hostile = named(text)
    expect(hostile).not.toMatch(unsafe)
    // Beside long names, the headers of a table go over several lines.
    const usual = [named('x'), named('x'.repeat(60))].map((plain) => plain.split('\n').length)
    expect(usual).toContain(hostile.split('\n').length)
  })
})

test('the reports of a comparison and of runs fit a screen of 100 columns', () => {
  const long = 'x'.repeat(80)
  const wide = evaluation({
    segments: evaluation().segments.map((it) => ({ ...it, name: long, rows: 12_345_678 })),
    ordering: scaled(evaluation().ordering!, 1e5),
  })
  const many = Array.from({ length: 9 }, (_, i) => run({ id: `${i}`, name: long, branch: long }))
  const tables = [comparisonText(wide), runsTable(many), runsComparison(many)]
  const lines = tables.flatMap((text) => text.split('\n')).filter((line) => / {3}/.test(line))
  for (const line of lines) expect(line.length, line).toBeLessThan(101)
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

  const anyText = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 120 }),
    fc.constantFrom('–', '', '+8.1% (+2.2% to +14.0%)', 'not distinguishable'),
    fc.double({ noNaN: true }).map((value) => value.toFixed(4)),
    fc.integer().map((value) => value.toLocaleString('en-US')),
  )
  const anyTable = fc
    .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 0, max: 8 }))
    .chain(([columns, rows]) => {
      const cells = fc.array(anyText, { minLength: columns, maxLength: columns })
      return fc.record({
        headers: cells,
        rows: fc.array(cells, { minLength: rows, maxLength: rows }),
      })
    })

  test('fit a screen of 100 columns, whatever is in a table, and name what they leave out', () => {
    fc.assert(
      fc.property(anyTable, (table) => {
        const lines = alignedColumns(table).split('\n')
        for (const line of lines) expect([...segmenter.segment(line)].length).toBeLessThan(101)
        expect(lines.length).toBeGreaterThan(table.rows.length)
      }),
    )
  })

  test('cut a name before a number, and never a number', () => {
    const numbers = ['1,234,567', '0.1787', '0.2339', '12.3%', '7,654,321', '99,999']
    const table = { headers: numbers.map((_, i) => `Column ${i}`), rows: [numbers] }
    const text = alignedColumns({
      headers: ['Name', ...table.headers],
      rows: [['x'.repeat(70), ...numbers]],
    })
    expect(text).toMatch(/x…/)
    for (const number of numbers) expect(text).toContain(number)
  })

  test('say which columns there was no room for', () => {
    const headers = ['Product', ...Array.from({ length: 12 }, (_, i) => `Month ${i + 1}`)]
    const row = ['milk', ...headers.slice(1).map(() => '123,456,789')]
    const text = alignedColumns({ headers, rows: [row] })
    expect(text).toMatch(/\n5 more columns, with --json: Month 8, Month 9, .*Month 12\n$/)
  })
})

test('a comparison without prices says once that ordering could not be simulated', () => {
  const ordering = { outcome: 'not simulated', reason: 'no prices and costs' } as const
  expect(comparisonText(evaluation({ ordering }))).toContain(
    '\n\nOrdering could not be simulated: the sales have no prices or no costs.\n',
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
    const usual = ['x', 'x'.repeat(80)].map((name) => {
      const plain = runsTable([run({ branch: name, model: name })], [{ file: name, problem: name }])
      return plain.split('\n').length
    })
    expect(usual).toContain(table.split('\n').length)
  })
})

type Ordering = NonNullable<Evaluation['ordering']>

/** The same of a chain that is so many times as large. */
function scaled(ordering: Ordering, by: number): Ordering {
  return JSON.parse(JSON.stringify(ordering), (key, value) =>
    typeof value === 'number' && key !== 'serviceLevel' ? value * by : value,
  )
}

const segmenter = new Intl.Segmenter('en')

function refused(text: string): Evaluation['decision'] {
  return {
    decision: 'keep',
    verdict: 'better',
    doubts: [],
    checks: [{ name: 'bias', passed: true, bias: 0.012, allowed: 0.1 }, failedBy(text)],
  }
}
