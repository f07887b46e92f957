import { type Day, dayFromIso, isoFromDay } from '../../base/day.ts'
import { quoted, UserError } from '../../base/errors.ts'
import { BoundedMap } from '../../base/remembered.ts'
import { shortened } from '../../base/wording.ts'
import type { DaySpool } from './day-spool.ts'
import type { Layout } from './layout.ts'

/** The days that are asked for, both inclusive. */
export type DaysAsked = { from: Day; until: Day }

/** What takes an answer, row by row. A cell is null where the answer has NULL. */
export type WarehouseAnswer = {
  /** The columns, in the order of the cells to come. Throws a `UserError` where one is missing or not known. */
  columns(names: readonly string[]): void
  /** Throws a `UserError` where the row is not one of the days that were asked for. */
  row(cells: readonly (string | null)[]): void
}

/**
 * Takes an answer into a spool: every row as a line of the resource's files, under its day. A row
 * that no file could hold, or that was not asked for, ends all: an answer to another question proves
 * nothing about the rest of it.
 */
export function answerInto(
  spool: DaySpool,
  layout: Layout,
  { from, until }: DaysAsked,
  maxBytes: number,
  onRows: (rows: number) => void,
): WarehouseAnswer {
  const { fields, missing, dayAt } = layout
  const days = new BoundedMap<string, Day>(10_000)
  let order: number[] = []
  let width = 0
  let rows = 0
  let bytes = 0
  return {
    columns(names) {
      order = orderOf(names, fields)
      width = names.length
    },
    row(cells) {
      rows++
      if (cells.length !== width) {
        throw refused(`row ${rows} has ${cells.length} cells, but ${width} columns`, {
          remedy: 'See that cells with a delimiter or a line end are quoted.',
        })
      }
      const ordered = order.map((position) => cells[position] ?? missing)
      const written = cells[order[dayAt]]
      const day = (written === null ? undefined : days.get(written)) ?? dayOf(written)
      const line = layout.line(ordered, rows)
      bytes += Buffer.byteLength(line) + 1
      if (bytes > maxBytes) throw tooLarge(maxBytes)
      spool.add(day, line)
      if (rows % ROWS_A_MESSAGE === 0) onRows(rows)
    },
  }

  function dayOf(written: string | null): Day {
    const column = quoted(fields[dayAt])
    if (written === null || written === missing) {
      throw refused(`row ${rows} has no day in ${column}`, {
        remedy: 'Leave such rows out of the query: where … is not null.',
      })
    }
    const day = dayFromIso(written)
    if (day === undefined) {
      throw refused(`${column} must be a day such as 2026-11-26, but is ${shown(written)}`, {
        remedy: SAY_THE_DAY,
      })
    }
    if (day < from || day > until) {
      const asked = `${isoFromDay(from)} to ${isoFromDay(until)}`
      throw refused(`${asked} were asked for, but ${written} came`, {
        remedy: 'Have the query keep to the days: where sold_on between :from and :until.',
      })
    }
    days.set(written, day)
    return day
  }
}

const ROWS_A_MESSAGE = 1_000_000

/** What to do where an answer has moments. */
export const SAY_THE_DAY =
  "A moment is a day only in a time zone: have the query say it, such as (sold_at at time zone 'America/Sao_Paulo')::date."

/** Of each field, where in the answer it stands. */
function orderOf(names: readonly string[], fields: readonly string[]): number[] {
  const came = names.map(quoted).join(', ')
  const repeated = names.find((name, index) => names.indexOf(name) !== index)
  if (repeated !== undefined) {
    throw refused(`has the column ${quoted(repeated)} twice`, {
      remedy: 'Give each column a name of its own: … as units.',
    })
  }
  const missing = fields.filter((name) => !names.includes(name))
  const other = names.filter((name) => !fields.includes(name))
  if (missing.length > 0) {
    throw refused(`has no column ${missing.map(quoted).join(', ')}; it has ${came}`, {
      remedy:
        'Was it renamed or dropped in the warehouse? Name it in the query: … as units; or change the fields of the contract.',
    })
  }
  if (other.length > 0) {
    throw refused(`has a column that the contract does not list: ${other.map(quoted).join(', ')}`, {
      remedy: 'Leave it out of the query, or add it to the fields of the resource.',
    })
  }
  return fields.map((name) => names.indexOf(name))
}

/** That no file may have so many bytes. */
export function tooLarge(maxBytes: number): UserError {
  return refused(`is larger than ${maxBytes} bytes`, {
    remedy:
      'Ask for fewer days at once with --until, have the query add up, or raise cd4ml.maxBytes.',
  })
}

function refused(what: string, { remedy }: { remedy: string }): UserError {
  return new UserError(what, { key: 'the answer to cd4ml.source', remedy })
}

function shown(text: string): string {
  return quoted(shortened(text, 80))
}
