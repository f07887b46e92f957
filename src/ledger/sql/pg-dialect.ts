import { type Dialect, PostgresDialect } from 'kysely'
import pg from 'pg'

/** Kysely's dialect of PostgreSQL over a pool of connections that wait for nothing without end. */
export function pgDialect(connectionString: string): Dialect {
  const pool = new pg.Pool({
    connectionString,
    application_name: 'cd4ml',
    max: 8,
    keepAlive: true,
    connectionTimeoutMillis: 5000,
    statement_timeout: 20_000,
    // Where even the refusal of the database does not arrive.
    query_timeout: 25_000,
    idle_in_transaction_session_timeout: 20_000,
    types: {
      getTypeParser: (oid, format) =>
        oid === pg.types.builtins.JSON ? asText : pg.types.getTypeParser(oid, format),
    },
  })
  // A connection that is lost: who uses it hears of it from the query, the next gets another.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  return new PostgresDialect({ pool })
}

function asText(value: string | Buffer): string {
  return value.toString()
}
