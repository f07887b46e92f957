import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  SqliteAdapter,
  type SqliteDatabase,
  SqliteDialect,
  SqliteDriver,
  type SqliteStatement,
} from 'kysely'

/**
 * Kysely's dialect of SQLite, over the SQLite that Node has. What was committed is on disk, and
 * whoever writes waits a moment for another process that does.
 */
export function nodeSqliteDialect(file: string): Dialect {
  const database = new DatabaseSync(file, { timeout: BUSY_MILLISECONDS })
  database.exec(SETTINGS)
  const config = { database: withKeptStatements(database) }
  const dialect = new SqliteDialect(config)
  return {
    createDriver: () => new WritingDriver(config, database),
    createAdapter: () => new TransactionalAdapter(),
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createIntrospector: (kysely) => dialect.createIntrospector(kysely),
  }
}

const BUSY_MILLISECONDS = 2000

// Without the last, `insert or replace` would delete and ask no trigger.
const SETTINGS = `
  pragma journal_mode = wal;
  pragma synchronous = full;
  pragma foreign_keys = on;
  pragma recursive_triggers = on;
`

/** Prepares each text once, as long as it stays among the last used. */
function withKeptStatements(database: DatabaseSync): SqliteDatabase {
  const kept = new Map<string, SqliteStatement>()
  return {
    prepare(sql) {
      const statement = kept.get(sql) ?? asKyselyWants(database.prepare(sql))
      kept.delete(sql)
      kept.set(sql, statement)
      const [oldest] = kept.keys()
      if (kept.size > MOST_KEPT) kept.delete(oldest)
      return statement
    },
    close: () => database.close(),
  }
}

const MOST_KEPT = 100

function asKyselyWants(statement: StatementSync): SqliteStatement {
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...(parameters as SQLInputValue[])),
    run: (parameters) => statement.run(...(parameters as SQLInputValue[])),
    iterate: (parameters) => statement.iterate(...(parameters as SQLInputValue[])),
  }
}

class WritingDriver extends SqliteDriver {
  readonly #database: DatabaseSync

  constructor(config: { database: SqliteDatabase }, database: DatabaseSync) {
    super(config)
    this.#database = database
  }

  // One that reads first and writes then would be refused where another wrote in between.
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }

  // After an error of the disk, SQLite has rolled back by itself.
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#database.isTransaction) await super.rollbackTransaction(connection)
  }
}

class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}
