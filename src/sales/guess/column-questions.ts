import { quoted } from '../../base/errors.ts'
import type { KnownRoles } from '../contract/known-roles.ts'
import type { Role } from '../contract/roles.ts'
import type { MeantColumn } from './guess-columns.ts'
import type { OpenQuestion } from './open-question.ts'

/** What is counted wrong where these are read wrong. */
export const COUNTED: ReadonlySet<Role | undefined> = new Set([
  'saleDate',
  'quantity',
  'purchaseDate',
])

/** Whether a column that no units hang on may be read in two ways. */
export function isUnsure(column: MeantColumn): boolean {
  const { role, reading } = column
  if (reading.type === 'string' || isTakenAsText(column)) return false
  return reading.doubt !== undefined && !COUNTED.has(role)
}

/** Ids stay text, whatever they look like: 007 is not 7, and 1.101 is no number. */
export function isTakenAsText({ role }: MeantColumn): boolean {
  return role === undefined || ['product', 'store', 'name', 'category'].includes(role)
}

/** Asks once how dates are written, of the column on which most hangs. */
export function dateQuestions(columns: MeantColumn[], place: 'line' | 'row'): OpenQuestion[] {
  const [doubtful] = columns
    .filter(({ role }) => role !== undefined)
    .sort((a, b) => Number(COUNTED.has(b.role)) - Number(COUNTED.has(a.role)))
    .flatMap((column) => {
      const { reading } = column
      const isDate = reading.type === 'date' || reading.type === 'datetime'
      return isDate && reading.doubt ? [{ column, doubt: reading.doubt }] : []
    })
  if (doubtful === undefined) return []
  const { column, doubt } = doubtful
  const { name } = column
  const changesUnits = COUNTED.has(column.role)
  if (doubt.kind === 'exchanged') {
    const { example, alone } = doubt
    return [
      {
        question: `Which day is ${quoted(example.cell)} in ${place} ${example.line} of ${quoted(name)}?`,
        why: `It is written as ${quoted(alone.cell)} in ${place} ${alone.line} is, but only with day and month exchanged do the rows follow each other in time: a spreadsheet has taken days up to 12 for months. Export the file again, with dates such as 2026-10-31.`,
        changesUnits,
        answers: [],
      },
    ]
  }
  const why =
    doubt.kind === 'tie'
      ? `Every date in ${quoted(name)} can be read both ways, such as ${quoted(doubt.example)}.`
      : `${quoted(name)} holds both: ${quoted(doubt.cells[0])} in ${place} ${doubt.lines[0]}, ${quoted(doubt.cells[1])} in ${place} ${doubt.lines[1]}. Better write all of them one way; otherwise those that cannot be read are left out.`
  return [
    {
      question: `Does ${quoted(name)} write the day first, or the month?`,
      why,
      changesUnits,
      answers: [
        { meaning: 'the day', setting: { option: 'dates', order: 'dmy' } },
        { meaning: 'the month', setting: { option: 'dates', order: 'mdy' } },
      ],
    },
  ]
}

/** Asks once how numbers are written, of the column on which most hangs. */
export function numberQuestions(columns: MeantColumn[], place: 'line' | 'row'): OpenQuestion[] {
  const doubtful = columns.flatMap((column) => {
    const { name, role, reading } = column
    if (isTakenAsText(column) || reading.type !== 'number' || !reading.doubt) return []
    return [{ name, role, doubt: reading.doubt }]
  })
  const [first] = doubtful.sort((a, b) => Number(COUNTED.has(b.role)) - Number(COUNTED.has(a.role)))
  if (first === undefined) return []
  const { name, role, doubt } = first
  const common = { changesUnits: COUNTED.has(role) }
  if (doubt.kind === 'tie') {
    const { example, values } = doubt
    return [
      {
        ...common,
        question: `Is ${quoted(example)} in ${quoted(name)} ${values['.']} or ${values[',']}?`,
        why: 'No cell of the file tells which sign parts the decimals.',
        answers: (['.', ','] as const).map((sign) => ({
          meaning: String(values[sign]),
          setting: { option: 'decimal', sign },
        })),
      },
    ]
  }
  const [one, other] = doubt.cells.map((cell, i) => `${quoted(cell)} in ${place} ${doubt.lines[i]}`)
  return [
    {
      ...common,
      question: `Which sign parts the decimals in ${quoted(name)}?`,
      why: `It is written in two ways: ${one}, ${other}. Better write all numbers one way; otherwise those that cannot be read are left out.`,
      answers: [
        { meaning: 'the point', setting: { option: 'decimal', sign: '.' } },
        { meaning: 'the comma', setting: { option: 'decimal', sign: ',' } },
      ],
    },
  ]
}

/** Boxes and pieces are no sum. */
export function unitQuestions(columns: MeantColumn[], known: KnownRoles): OpenQuestion[] {
  return columns.flatMap(({ name, role, reading }) => {
    if (role !== 'quantity' || reading.type !== 'number' || reading.affixes.length < 2) return []
    if (known.columns.has('quantity')) return []
    return [
      {
        question: `May the numbers of ${quoted(name)} be added up?`,
        why: `They are in ${reading.affixes.join(', ')}.`,
        changesUnits: true,
        answers: [
          {
            meaning: 'yes, as they are',
            setting: { option: 'column', role: 'quantity', header: name },
          },
          { meaning: 'no: each row is one unit', setting: { option: 'unset', role: 'quantity' } },
        ],
      },
    ]
  })
}
