import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { isoFromDay } from '../../base/day.ts'
import { UserError } from '../../base/errors.ts'
import type { WarehouseAnswer } from './answer.ts'
import {
  type Ask,
  isBug,
  queryText,
  timeLimit,
  unlessAborted,
  type WarehouseQuestion,
} from './question.ts'
import type { SourceEngine } from './source.ts'
import { withParameters } from './sql-parameters.ts'

/**
 * Asks DuckDB, where the project has installed it: a database that is opened to be read, or none, and
 * the files that the query names. It loads no extension that it would have to fetch.
 */
export function askDuckdb({ query, database }: Extract<SourceEngine, { kind: 'duckdb' }>): Ask {
  return async (question, answer) => {
    const { folder, project, timeoutMinutes } = question
    const sql = await sqlOf(query, folder)
    const { DuckDBInstance } = await installed(project)
    const signal = timeLimit(question.signal, timeoutMinutes)
    try {
      const instance = await DuckDBInstance.create(
        database === undefined ? ':memory:' : resolve(project, database),
        {
          ...(database !== undefined && { access_mode: 'READ_ONLY' }),
          autoinstall_known_extensions: 'false',
          autoload_known_extensions: 'false',
          allow_community_extensions: 'false',
          file_search_path: project,
          // What does not fit into memory: .tmp of the project otherwise, where a kill leaves it.
          temp_directory: question.scratchFolder,
        },
      )
      try {
        const connection = await instance.connect()
        signal.addEventListener('abort', () => connection.interrupt(), { once: true })
        await unlessAborted(signal, streamed(connection, sql, question, answer))
      } finally {
        instance.closeSync()
      }
    } catch (error) {
      if (error instanceof UserError || isBug(error)) throw error
      throw explained(error)
    }
  }
}

/** Whom it would ask. Throws a `UserError` where DuckDB, the query or the database is not there. */
export async function checkDuckdb(
  { query, database }: Extract<SourceEngine, { kind: 'duckdb' }>,
  { folder, project }: Pick<WarehouseQuestion, 'folder' | 'project'>,
): Promise<string> {
  await sqlOf(query, folder)
  pathOfPackage(project)
  if (database === undefined) return 'DuckDB, with the files that its query names'
  const file = resolve(project, database)
  if (existsSync(file)) return `DuckDB, ${database}`
  throw new UserError('is not there', { file, remedy: 'cd4ml.source.database names it.' })
}

async function sqlOf(query: string, folder: string): Promise<string> {
  const place = { key: 'cd4ml.source.query' }
  const text = await queryText(query, folder)
  return withParameters(text, (parameter) => `(cast($${parameter} as date))`, place)
}

/** What is used of the package, which is not one of cd4ml's own. */
type DuckDb = {
  DuckDBInstance: { create(path: string, options: Record<string, string>): Promise<Instance> }
}
type Instance = { connect(): Promise<Connection>; closeSync(): void }
type Connection = {
  stream(sql: string, values: Record<string, string>): Promise<Result>
  interrupt(): void
}
type Result = AsyncIterable<{ getRows(): (string | null)[][] }> & { columnNames(): string[] }

const PACKAGE = '@duckdb/node-api'

async function installed(project: string): Promise<DuckDb> {
  return await import(pathToFileURL(pathOfPackage(project)).href)
}

function pathOfPackage(project: string): string {
  try {
    return createRequire(join(project, 'package.json')).resolve(PACKAGE)
  } catch (cause) {
    throw new UserError(`${PACKAGE} is not installed in this project`, {
      key: 'cd4ml.source.engine',
      remedy: `Install it: npm install ${PACKAGE}. It is not one of cd4ml's own packages: it takes 70 MB.`,
      cause,
    })
  }
}

async function streamed(
  connection: Connection,
  sql: string,
  { asked }: WarehouseQuestion,
  answer: WarehouseAnswer,
): Promise<void> {
  const result = await connection.stream(`select columns(*)::varchar from (\n${sql}\n) as answer`, {
    from: isoFromDay(asked.from),
    until: isoFromDay(asked.until),
  })
  answer.columns(result.columnNames())
  for await (const chunk of result) for (const row of chunk.getRows()) answer.row(row)
}

function explained(error: unknown): UserError {
  const said = error instanceof Error ? error.message : String(error)
  return new UserError(`DuckDB says: ${said}`, {
    key: 'cd4ml.source',
    remedy:
      'Nothing was changed. See that the query runs, in DuckDB itself, for days of your choice; extensions are not fetched here.',
  })
}
