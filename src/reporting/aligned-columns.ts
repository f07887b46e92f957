import { counted, shortened, visibleText } from '../base/wording.ts'
import type { Table } from './evaluation-table.ts'

/** Columns of a terminal that nobody has made wider. */
const TERMINAL_WIDTH = 100

/**
 * A table as lines of plain text for a terminal: columns of numbers to the right, the others to the
 * left, two spaces between them. Nothing in a cell can move the cursor or start a line.
 *
 * No line is longer than 100 columns: headers go over several lines, texts are cut, and what is left
 * over at the right is named below the table.
 */
export function alignedColumns(table: Table): string {
  const shown = fitting(columnsOf(table))
  const left = table.headers.length - shown.length
  const lines = [...headerLines(shown), ...table.rows.map((_, row) => lineOf(shown, row))]
  const text = lines.map((line) => `${line.trimEnd()}\n`).join('')
  if (left === 0) return text
  const names = table.headers.slice(shown.length).map((header) => terminalText(header))
  const note = `${counted(left, 'more column')}, with --json: ${names.join(', ')}`
  return `${text}${cutTo(note, TERMINAL_WIDTH)}\n`
}

/** Text from outside as a part of a line on a terminal. */
export function terminalText(text: string, length = 80): string {
  return visibleText(shortened(text, length))
}

type Column = {
  header: string
  cells: string[]
  width: number
  /** `name`: may be cut first; `phrase`: of numbers and words, such as a difference and its interval. */
  kind: 'number' | 'phrase' | 'name'
}

function columnsOf({ headers, rows }: Table): Column[] {
  return headers.map((header, column) => {
    const cells = rows.map((row) => terminalText(row[column]))
    return { header: terminalText(header), cells, kind: kindOf(cells), width: 0 }
  })
}

function kindOf(cells: string[]): Column['kind'] {
  const isShort = cells.every((cell) => cell.length <= LONGEST_NUMBER)
  if (isShort && cells.some((cell) => NUMBER.test(cell))) return 'number'
  return cells.every((cell) => PHRASE.test(cell)) ? 'phrase' : 'name'
}

const NUMBER = /^[-+]?\d[\d,.]*%?$/
const LONGEST_NUMBER = 24
const PHRASE = /^([-+]?\d.*|–|)$/

/** The first columns, as many as there is room for, each with its width. */
function fitting(columns: Column[]): Column[] {
  const whole = withWidths(columns, (header) => header)
  if (totalOf(whole) <= TERMINAL_WIDTH) return whole
  const cut = narrowed(withWidths(columns, longestWord), ['name', 'phrase', 'number'])
  if (totalOf(cut) <= TERMINAL_WIDTH) return cut
  return fitting(columns.slice(0, -1))
}

function withWidths(columns: Column[], ofHeader: (header: string) => string): Column[] {
  return columns.map((column) => ({
    ...column,
    width: Math.max(width(ofHeader(column.header)), ...column.cells.map(width)),
  }))
}

function totalOf(columns: Column[]): number {
  return columns.reduce((sum, column) => sum + column.width + 2, -2)
}

/** The widest column of the first kind gives way, down to what still tells something; then the next. */
function narrowed(columns: Column[], [kind, ...others]: Column['kind'][]): Column[] {
  const result = columns.map((column) => ({ ...column }))
  while (totalOf(result) > TERMINAL_WIDTH) {
    // A number that is cut is another number.
    if (kind === undefined || kind === 'number') return result
    const [widest] = result
      .filter((column) => column.kind === kind)
      .sort((a, b) => b.width - a.width)
    if (!widest || widest.width <= NARROWEST[kind]) return narrowed(result, others)
    widest.width--
  }
  return result
}

const NARROWEST = { name: 14, phrase: 24 }

function headerLines(columns: Column[]): string[] {
  const wrapped = columns.map((column) => wrappedWords(column.header, column.width))
  const height = Math.max(...wrapped.map((lines) => lines.length))
  return Array.from({ length: height }, (_, line) =>
    columns
      // What is on one line stands right above the cells.
      .map((column, i) => padded(wrapped[i][line - height + wrapped[i].length] ?? '', column))
      .join('  '),
  )
}

function lineOf(columns: Column[], row: number): string {
  return columns.map((column) => padded(cutTo(column.cells[row], column.width), column)).join('  ')
}

function wrappedWords(text: string, most: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && width(last) + 1 + width(word) <= most) {
      lines[lines.length - 1] = `${last} ${word}`
    } else lines.push(cutTo(word, most))
  }
  return lines
}

function longestWord(text: string): string {
  return text.split(' ').reduce((longest, word) => (width(word) > width(longest) ? word : longest))
}

function padded(cell: string, column: Column): string {
  const space = ' '.repeat(column.width - width(cell))
  return column.kind === 'number' ? space + cell : cell + space
}

function cutTo(text: string, most: number): string {
  if (width(text) <= most) return text
  const characters = [...segmenter.segment(text)].slice(0, most - 1)
  return `${characters.map(({ segment }) => segment).join('')}…`
}

// What a reader takes for one character may be several code points, such as a letter and its accent.
function width(text: string): number {
  return [...segmenter.segment(text)].length
}

const segmenter = new Intl.Segmenter('en')
