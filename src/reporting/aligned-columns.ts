import { shortened, visibleText } from '../base/wording.ts'
import type { Table } from './evaluation-table.ts'

/**
 * A table as lines of plain text for a terminal: columns of numbers to the right, the others to the
 * left, two spaces between them. Nothing in a cell can move the cursor or start a line.
 */
export function alignedColumns({ headers, rows }: Table): string {
  const lines = [headers, ...rows].map((row) => row.map((cell) => terminalText(cell)))
  const widths = headers.map((_, column) => Math.max(...lines.map((line) => width(line[column]))))
  const numeric = headers.map((_, column) => rows.some((row) => isNumber(row[column])))
  return lines
    .map((line) => line.map((cell, column) => padded(cell, widths[column], numeric[column])))
    .map((cells) => `${cells.join('  ').trimEnd()}\n`)
    .join('')
}

/**
 * As `alignedColumns`, with the first column cut to what the others leave of 100 characters a line,
 * but not below 20.
 */
export function fittedColumns({ headers, rows }: Table): string {
  const others = alignedColumns({
    headers: ['', ...headers.slice(1), '|'],
    rows: rows.map((row) => ['', ...row.slice(1), '|']),
  })
  const left = Math.max(20, MOST_WIDTH - (others.indexOf('\n') - '  |'.length))
  return alignedColumns({
    headers,
    rows: rows.map(([first, ...rest]) => [shortened(first, left), ...rest]),
  })
}

const MOST_WIDTH = 100

/** Text from outside as a part of a line on a terminal. */
export function terminalText(text: string, length = 80): string {
  return visibleText(shortened(text, length))
}

function isNumber(cell: string): boolean {
  return /^[-+]?\d[\d,.]*%?$/.test(cell)
}

function padded(cell: string, to: number, numeric: boolean): string {
  const space = ' '.repeat(to - width(cell))
  return numeric ? space + cell : cell + space
}

// What a reader takes for one character may be several code points, such as a letter and its accent.
function width(text: string): number {
  return [...segmenter.segment(text)].length
}

const segmenter = new Intl.Segmenter('en')
