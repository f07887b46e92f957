import type { Client } from 'pg'
import type { CopyToStreamQuery } from 'pg-copy-streams'
import { isoFromDay } from '../../base/day.ts'
import { UserError } from '../../base/errors.ts'
import type { WarehouseAnswer } from './answer.ts'
import {
  type Ask,
  isBug,
  queryText,
  timeLimit,
  tookTooLong,
  unlessAborted,
  type WarehouseQuestion,
} from './question.ts'
import type { SourceEngine } from './source.ts'
import { type Parameter, withParameters } from './sql-parameters.ts'

/**
 * Asks PostgreSQL, by COPY, in a transaction that reads one state of the database and may change
 * nothing. The days are bound as settings of that transaction, since COPY takes no parameters.
 */
export function askPostgres({
  query,
  connection,
}: Extract<SourceEngine, { kind: 'postgresql' }>): Ask {
  return async (question, answer) => {
    const address = addressIn(question, connection)
    const place = { key: 'cd4ml.source.query' }
    const sql = withParameters(await queryText(query, question.folder), settingOf, place)
    const signal = timeLimit(question.signal, question.timeoutMinutes, GRACE_SECONDS)
    try {
      await withClient(address, (client) =>
        unlessAborted(signal, copied(client, sql, question, answer)),
      )
    } catch (error) {
      if (error instanceof UserError || isBug(error)) throw error
      throw explained(error, question, connection)
    }
  }
}

/** Throws a `UserError`, which does not repeat it, where the driver would take it for something else. */
function addressIn({ environment }: WarehouseQuestion, connection: string): string {
  // Line ends come with what is pasted.
  const address = environment[connection]?.trim()
  if (!address) throw wrongAddress(connection, 'is not set')
  if (!/^postgres(ql)?:\/\//.test(address)) throw wrongAddress(connection, NO_ADDRESS)
  return address
}

const NO_ADDRESS = 'holds no connection string of PostgreSQL'

function wrongAddress(connection: string, what: string): UserError {
  return new UserError(`the environment variable ${connection} ${what}`, {
    key: 'cd4ml.source.connection',
    remedy: `Put the connection string into it: ${connection}=postgres://user:password@host/database?sslmode=verify-full. In a password, write # as %23, / as %2F, @ as %40 and % as %25.`,
  })
}

/** The server is to say first that time is up. */
const GRACE_SECONDS = 15

function settingOf(parameter: Parameter): string {
  return `(current_setting('cd4ml.${parameter}')::date)`
}

async function withClient(address: string, work: (client: Client) => Promise<void>) {
  const { default: pg } = await import('pg')
  const client = new pg.Client({
    connectionString: address,
    connectionTimeoutMillis: 30_000,
    application_name: 'cd4ml ingest',
    keepAlive: true,
  })
  // A connection that breaks rejects what was asked as well.
  client.on('error', () => {})
  try {
    await client.connect()
    await work(client)
  } finally {
    // Where an answer is still on its way, that cuts it off.
    client.end().catch(() => {})
  }
}

async function copied(
  client: Client,
  sql: string,
  { asked, timeoutMinutes }: WarehouseQuestion,
  answer: WarehouseAnswer,
): Promise<void> {
  const { default: streams } = await import('pg-copy-streams')
  await client.query(`begin transaction isolation level repeatable read read only;
    set local statement_timeout = ${timeoutMinutes * 60_000};
    set local time zone 'UTC';
    set local datestyle = 'ISO, YMD'`)
  await client.query(
    "select set_config('cd4ml.from', $1, true), set_config('cd4ml.until', $2, true)",
    [isoFromDay(asked.from), isoFromDay(asked.until)],
  )
  const { fields } = await client.query(`select * from (\n${sql}\n) as answer limit 0`)
  answer.columns(fields.map(({ name }) => name))
  const copy = client.query(streams.to(`copy (\n${sql}\n) to stdout`))
  const rows = await rowsOf(copy, answer)
  await client.query('commit')
  if (rows !== copy.rowCount) {
    throw new Error(`${copy.rowCount} rows were sent, but ${rows} came`)
  }
}

/** Hands on the rows of COPY's text format: a line a row, with what is special written by a \. */
async function rowsOf(copy: CopyToStreamQuery, answer: WarehouseAnswer): Promise<number> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let rows = 0
  let rest = ''
  for await (const chunk of copy) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) answer.row(cellsOf(line))
    rows += lines.length
  }
  return rows
}

function cellsOf(line: string): (string | null)[] {
  const cells = line.split('\t')
  return line.includes('\\') ? cells.map(meant) : cells
}

function meant(cell: string): string | null {
  if (cell === '\\N') return null
  return cell.replace(/\\(.)/g, (_, sign: string) => controls[sign] ?? sign)
}

const controls: { [sign: string]: string | undefined } = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
}

/** What the server or the network said, as a mistake that can be mended. */
function explained(
  error: unknown,
  { timeoutMinutes }: WarehouseQuestion,
  connection: string,
): UserError {
  const { message, code, hint } = error as { message?: string; code?: string; hint?: string }
  if (code === STATEMENT_TIMEOUT && /statement timeout/.test(message ?? '')) {
    return tookTooLong(timeoutMinutes)
  }
  if (code === 'ERR_INVALID_URL') return wrongAddress(connection, NO_ADDRESS)
  const told = [message || code || String(error), hint].filter(Boolean).join(' ')
  // Without the error as its cause: drivers put what they know of the connection into it.
  return new UserError(`PostgreSQL says: ${told}`, {
    key: 'cd4ml.source',
    remedy: `Nothing was changed. See that ${connection} is right, and that the query runs: with psql, for days of your choice.`,
  })
}

const STATEMENT_TIMEOUT = '57014'
