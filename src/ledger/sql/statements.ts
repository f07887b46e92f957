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

/**
 * Inserts rows that come as the JSON of objects with these keys, however many by one statement whose
 * text is always the same; returns how many were added. A `json` column keeps what it is given as it
 * is, the others are texts or null.
 */
export function insertionOf(
  dialect: DialectName,
  table: keyof Tables,
  { columns, onConflict }: { columns: Record<string, 'text' | 'json'>; onConflict?: string },
): (kysely: Kysely<Tables>, rows: readonly string[]) => Promise<number> {
  const names = Object.keys(columns)
  const given =
    dialect === 'sqlite'
      ? `select ${names.map((name) => `value ${columns[name] === 'json' ? '->' : '->>'} '${name}'`)}
        from json_each(?) where true`
      : `select ${names.join(', ')}
        from json_to_recordset($1::json) as given (${names.map((name) => `${name} ${columns[name]}`)})`
  const conflict = onConflict ? `on conflict ${onConflict}` : ''
  const statement = `insert into ${table} (${names.join(', ')}) ${given} ${conflict}`
  return async (kysely, rows) => {
    if (rows.length === 0) return 0
    const query = CompiledQuery.raw(statement, [`[${rows.join(',')}]`])
    const { numAffectedRows } = await kysely.executeQuery(query)
    return Number(numAffectedRows)
  }
}
