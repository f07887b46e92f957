import { describe, expect, test } from 'vitest'
import { initText } from '../../../src/commands/init-text.ts'
import type { ValidationReport } from '../../../src/sales/checks/validation-report.ts'
import type { NumberGuess } from '../../../src/sales/guess/guess-numbers.ts'
import type { InitReport } from '../../../src/steps/setup/init.ts'
import { naughty } from '../reporting/examples.ts'

const unsafe = /[^\n\P{Cc}]|\p{Cf}|\p{Cs}/u

describe('what init says', () => {
  test('shows an owner what was guessed, what changed and what comes next, as last approved', async () => {
    await expect(initText(initialised())).toMatchFileSnapshot('__golden__/init.txt')
  })

  test('shows what was found where the sales are not valid, and that nothing was changed', async () => {
    const { guess, report } = initialised()
    const invalid = { ...report, outcome: 'invalid' } as const
    const text = initText({ outcome: 'invalid', guess, report: invalid })
    await expect(text).toMatchFileSnapshot('__golden__/init-invalid.txt')
  })

  test('shows what only the owner can say, each with the option that says it', async () => {
    const { guess } = initialised()
    const questions = guess.questions.map((question) => ({ ...question, changesUnits: true }))
    const text = initText({ outcome: 'open', guess: { ...guess, questions } })
    await expect(text).toMatchFileSnapshot('__golden__/init-open.txt')
  })

  test('does not claim that a dry run has done anything', () => {
    const text = initText({ ...initialised(), outcome: 'planned' } as InitReport)
    expect(text).toContain('Nothing was changed: leave out --dry-run, and say with --owners')
    expect(text).not.toContain('git commit')
  })

  test.each(naughty)('no header and no cell moves the cursor: $what', ({ text }) => {
    const { guess, ...rest } = initialised()
    const columns = guess.columns.map((column) => ({ ...column, name: text, example: text }))
    expect(initText({ ...rest, guess: { ...guess, columns } })).not.toMatch(unsafe)
  })
})

function initialised(): Extract<InitReport, { outcome: 'initialised' | 'planned' }> {
  const number: NumberGuess & { type: 'number' } = {
    type: 'number',
    decimalChar: ',',
    groupChar: '.',
    bareNumber: true,
    isWhole: false,
    affixes: [],
    doubt: undefined,
  }
  return {
    outcome: 'initialised',
    guess: {
      dataPackage: { resources: [], cd4ml: {} },
      layout: { encoding: 'windows-1252', delimiter: ';', headerRow: 3, header: [] },
      rows: 1200,
      country: 'BR',
      remarks: ['"00101" and "101" in "Código" count as different products.'],
      doubtful: [
        {
          ...{ column: 'Situação', cells: ['Cancelada', 'Devolvida'], rows: 60 },
          ...{ constraints: { enum: ['Concluída'] }, maxQuarantinedShare: 0.08 },
        },
      ],
      questions: [
        {
          question: 'Which column is the price of a unit?',
          why: '"Preço" and "Preço de tabela" could each be it.',
          changesUnits: false,
          answers: ['Preço', 'Preço de tabela'].map((header) => ({
            meaning: `"${header}", such as "8,99"`,
            setting: { option: 'column', role: 'price', header },
          })),
        },
      ],
      columns: [
        { name: 'Código', role: 'product', reading: number, example: '007' },
        {
          name: 'Data',
          role: 'saleDate',
          reading: {
            type: 'date',
            format: '%d/%m/%Y',
            sentinels: [],
            style: 'dmy',
            doubt: undefined,
          },
          example: '01/02/2026',
        },
        { name: 'Qtde', role: 'quantity', reading: number, example: '1,5' },
        {
          name: 'Vendedor',
          role: undefined,
          reading: { type: 'string' },
          example: undefined,
        },
      ],
    },
    report: REPORT,
    frequency: 'week',
    horizon: 10,
    holidays: 'BR',
    language: 'pt-BR',
    changes: [
      { change: 'changed', path: 'README.md' },
      { change: 'changed', path: 'data/datapackage.json' },
      { change: 'added', path: 'data/sales/vendas.csv' },
      ...['01', '02'].map((month) => ({
        change: 'moved' as const,
        from: `data/sales/2026-${month}.csv`,
        path: `examples/supermarket/sales/2026-${month}.csv`,
      })),
      { change: 'removed', path: 'model-registry/production/model.json' },
    ],
  }
}

const REPORT: ValidationReport = {
  outcome: 'valid',
  totals: {
    rowsRead: 5000,
    rowsAccepted: 4980,
    rowsQuarantined: 20,
    files: 1,
    unitsSold: 9000,
    unitsReturned: 0,
    products: 40,
    stores: 0,
    days: 300,
  },
  files: [],
  switchedOff: [],
  findings: [
    {
      rule: 'number-unreadable',
      level: 'row',
      file: 'sales/vendas.csv',
      column: 'Qtde',
      count: 20,
      examples: [{ line: 7, value: 'dois' }],
      explanation: 'The cell is no number.',
      remedy: 'Correct it.',
    },
  ],
}
