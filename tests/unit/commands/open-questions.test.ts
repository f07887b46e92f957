import { PassThrough, Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { answersTo, type GivenAnswers, withSetting } from '../../../src/commands/open-questions.ts'
import {
  type OpenQuestion,
  optionText,
  type Setting,
} from '../../../src/sales/guess/open-question.ts'

const QUANTITY: OpenQuestion = {
  question: 'Which column is the quantity, in units?',
  why: '"Qtde" and "Un" could each be it.',
  changesUnits: true,
  answers: [
    { meaning: '"Qtde"', setting: { option: 'column', role: 'quantity', header: 'Qtde' } },
    { meaning: 'none', setting: { option: 'unset', role: 'quantity' } },
  ],
}

test('an owner answers by number, is asked again for anything else, and sees the option to keep', async () => {
  const output = new PassThrough()
  const terminal = { input: Readable.from(['Qtde\n', '3\n', '2\n']), output }
  expect(await answersTo([QUANTITY], terminal)).toEqual([{ option: 'unset', role: 'quantity' }])
  const shown = String(output.read())
  expect(shown).toContain('1  "Qtde" (--column quantity=Qtde)')
  expect(shown.match(/Answer with a number from 1 to 2/g)).toHaveLength(2)
})

test('every answer counts beside those before it', () => {
  const said: Setting[] = [
    { option: 'column', role: 'product', header: 'SKU' },
    { option: 'unset', role: 'store' },
    { option: 'decimal', sign: ',' },
    { option: 'dates', order: 'mdy' },
  ]
  const nothing: GivenAnswers = { columns: new Map([['price', 'P']]), unset: new Set() }
  expect(said.reduce(withSetting, nothing)).toEqual({
    columns: new Map([
      ['price', 'P'],
      ['product', 'SKU'],
    ]),
    unset: new Set(['store']),
    decimal: ',',
    dates: 'mdy',
  })
})

test.each([
  ['Qtde', '--column quantity=Qtde'],
  ['Qtde Vendida', '--column quantity="Qtde Vendida"'],
  ['Preço (R$)', "--column quantity='Preço (R$)'"],
  ["d'unités $", "--column quantity='d'\\''unités $'"],
])('an option for the column %s can be pasted into a shell', (header, text) => {
  expect(optionText({ option: 'column', role: 'quantity', header })).toBe(text)
})
