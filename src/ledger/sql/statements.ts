import { CompiledQuery, type Kysely, type RawBuilder, sql } from 'kysely'
import type { DialectName, Tables } from './tables.ts'

/** That a column is one of these texts, however many: one parameter has all of them. */
export function among(
  column: string,
  texts: readonly string[],
  dialect: DialectName,
): RawBuilder<boolean> {
  const searched = texts.filter(isStorable)
  return dialect === 'sqlite'
    ? sql`${sql.ref(column)} in (select value from json_each(${JSON.stringify(searched)}))`
    : sql`${sql.ref(column)} = any(${searched}::text[])`
}

/** Whether a column of text can hold it: PostgreSQL takes no NUL, and both take whole characters. */
export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0')
}

/** The values of a row, in the order of the columns. */
export type RowValues = (string | null)[]

/**
 * Inserts rows, however many, by one statement whose text is always the same; returns how many were
 * added. A column of `json` takes its text.
 */
export function insertionOf(
  dialect: DialectName,
  table: keyof Tables,
  { columns, onConflict }: { columns: Record<string, 'text' | 'json'>; onConflict?: string },
): (kysely: Kysely<Tables>, rows: readonly RowValues[]) => Promise<number> {
  const names = Object.keys(columns)
  const given =
    dialect === 'sqlite'
      ? `select ${names.map((_, i) => `value ->> ${i}`)} from json_each(?) where true`
      : `select ${names.map((name) => `${name}::${columns[name]}`)}
        from unnest(${names.map((_, i) => `$${i + 1}::text[]`)}) as given (${names})`
  const statement = `insert into ${table} (${names}) ${given}
    ${onConflict ? `on conflict ${onConflict}` : ''}`
  return async (kysely, rows) => {
    if (rows.length === 0) return 0
    const parameters =
      dialect === 'sqlite' ? [JSON.stringify(rows)] : names.map((_, i) => rows.map((row) => row[i]))
    const { numAffectedRows } = await kysely.executeQuery(CompiledQuery.raw(statement, parameters))
    return Number(numAffectedRows)
  }
}
