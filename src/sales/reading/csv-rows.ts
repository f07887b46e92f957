import { pipeline } from 'node:stream/promises'
import { CsvError, parse } from 'csv-parse'
import type { Dialect } from '../contract/field.ts'
import { FileRefused } from './text-checks.ts'

const maxRowBytes = 1024 ** 2

/**
 * Calls `onRow` with the cells of each row of CSV in UTF-8, the line on which the row begins, and
 * whether it ends on a later one: cells in quotes may hold line ends. Lines end with LF, CR LF or CR; empty lines are passed over.
 * Throws `FileRefused` at the first quotation mark that is wrong and at a row of more than 1 MiB,
 * without reading further.
 *
 * `strayQuotes` says what a mark within a cell that is not quoted is (`TV 42"`): wrong, or text. Where
 * it is text, a cell that begins with a mark is refused, since it cannot be told apart from a
 * quoted cell that was closed in the wrong place.
 */
export async function forEachRow(
  utf8: AsyncIterable<Buffer>,
  dialect: Dialect,
  strayQuotes: 'wrong' | 'text',
  onRow: (cells: string[], line: number, mayHoldLineEnds: boolean) => void,
): Promise<void> {
  const quote = dialect.quoteChar ?? null
  let line = 1
  let parsedLines = 0
  const parser = parse({
    delimiter: dialect.delimiter,
    quote,
    escape: dialect.doubleQuote ? quote : null,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: strayQuotes === 'text',
    max_record_size: maxRowBytes,
    bom: true,
    // Within the parser, so that each row is done with before an error in the next one is raised.
    on_record: (cells: string[], { lines }) => {
      if (strayQuotes === 'text' && quote && cells.some((cell) => cell.startsWith(quote))) {
        throw new FileRefused('quote-wrong', cells.join(dialect.delimiter), { line })
      }
      // The parser counts a CR LF in quotes twice, but that there was one it knows.
      const mayHoldLineEnds = lines - parsedLines > 1
      if (cells.length > 1 || cells[0] !== '') onRow(cells, line, mayHoldLineEnds)
      line += mayHoldLineEnds ? 1 + lineEndsWithin(cells) : 1
      parsedLines = lines
      return null
    },
  })
  try {
    await pipeline(utf8, parser.resume())
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    const rule = error.code === 'CSV_MAX_RECORD_SIZE' ? 'row-too-long' : 'quote-wrong'
    throw new FileRefused(rule, '', { line })
  }
}

function lineEndsWithin(cells: string[]): number {
  let lines = 0
  for (const cell of cells) lines += cell.match(/\r\n|\n|\r/g)?.length ?? 0
  return lines
}
