import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { setTimeout } from 'node:timers/promises'
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type QueryResult,
  SqliteAdapter,
  type SqliteDatabase,
  SqliteDialect,
  SqliteDriver,
  type SqliteStatement,
} from 'kysely'

/**
 * Kysely's dialect of SQLite, over the SQLite that Node has. What was committed is on disk. While
 * another connection writes, whoever wants to write waits, and nothing else of this process does.
 */
export function nodeSqliteDialect(file: string): Dialect {
  const database = new DatabaseSync(file, { timeout: PATIENCE })
  database.exec(SETTINGS)
  const config = { database: withKeptStatements(database) }
  const dialect = new SqliteDialect(config)
  return {
    createDriver: () => new PatientDriver(config, database),
    createAdapter: () => new TransactionalAdapter(),
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createIntrospector: (kysely) => dialect.createIntrospector(kysely),
  }
}

/** Milliseconds. */
const PATIENCE = 5000

// Without `recursive_triggers`, `insert or replace` would delete and ask no trigger. SQLite itself
// waits for others only up to here: it would stop everything.
const SETTINGS = `
  pragma journal_mode = wal;
  pragma synchronous = full;
  pragma foreign_keys = on;
  pragma secure_delete = on;
  pragma recursive_triggers = on;
  pragma busy_timeout = 0;
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

class PatientDriver extends SqliteDriver {
  readonly #database: DatabaseSync
  #connection: PatientConnection | undefined

  constructor(config: { database: SqliteDatabase }, database: DatabaseSync) {
    super(config)
    this.#database = database
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    const connection = await super.acquireConnection()
    this.#connection ??= new PatientConnection(connection)
    return this.#connection
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

class PatientConnection implements DatabaseConnection {
  readonly #connection: DatabaseConnection

  constructor(connection: DatabaseConnection) {
    this.#connection = connection
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    const until = performance.now() + PATIENCE
    for (;;) {
      try {
        return await this.#connection.executeQuery(query)
      } catch (error) {
        if (!isBusy(error) || performance.now() > until) throw error
        await setTimeout(1 + 10 * Math.random())
      }
    }
  }

  streamQuery<Row>(
    query: CompiledQuery,
    chunkSize: number,
  ): AsyncIterableIterator<QueryResult<Row>> {
    return this.#connection.streamQuery(query, chunkSize)
  }
}

/** https://www.sqlite.org/rescode.html#busy, also where the extended code says of what. */
function isBusy(error: unknown): boolean {
  return error instanceof Error && ((error as { errcode?: number }).errcode ?? 0) % 256 === 5
}

class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}
