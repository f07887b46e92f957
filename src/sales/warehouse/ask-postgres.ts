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
      await withClient(address, signal, async (client) => {
        const backend = await unlessAborted(signal, begun(client, question))
        try {
          await unlessAborted(signal, copied(client, sql, answer))
        } catch (error) {
          if (signal.aborted) await cancelled(backend, address)
          throw error
        }
      })
    } catch (error) {
      if (error instanceof UserError || isBug(error)) throw error
      throw explained(error, question, connection)
    }
  }
}

/** Whom it would ask. Throws a `UserError` where the query or the address is none. */
export async function checkPostgres(
  { query, connection }: Extract<SourceEngine, { kind: 'postgresql' }>,
  from: Pick<WarehouseQuestion, 'folder' | 'environment'>,
): Promise<string> {
  withParameters(await queryText(query, from.folder), settingOf, { key: 'cd4ml.source.query' })
  if (!from.environment[connection]) return `PostgreSQL at ${connection}, which is not set here`
  addressIn(from, connection)
  return `PostgreSQL at ${connection}`
}

/** Throws a `UserError`, which does not repeat it, where the driver would take it for something else. */
function addressIn(
  { environment }: Pick<WarehouseQuestion, 'environment'>,
  connection: string,
): string {
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

async function withClient<T>(
  address: string,
  signal: AbortSignal,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const client = await clientOf(address)
  // A connection that breaks rejects what was asked as well.
  client.on('error', () => {})
  try {
    await unlessAborted(signal, client.connect())
    return await work(client)
  } finally {
    // Where an answer is still on its way, that cuts it off.
    client.end().catch(() => {})
  }
}

/** One that speaks TLS with every other machine, unless the address says that it does not. */
async function clientOf(address: string): Promise<Client> {
  const { default: pg } = await import('pg')
  const to = (connectionString: string) =>
    new pg.Client({
      connectionString,
      connectionTimeoutMillis: 30_000,
      application_name: 'cd4ml ingest',
      keepAlive: true,
    })
  // pg takes these as verify-full already, and says so at length.
  const strict = address.replace(
    /(?<=[?&]sslmode=)(?:prefer|require|verify-ca)(?=&|$)/,
    'verify-full',
  )
  const client = to(/[?&]uselibpqcompat=/.test(address) ? address : strict)
  const isSaid = /[?&]ssl(mode)?=/.test(address) || Boolean(process.env.PGSSLMODE)
  if (isSaid || /^(localhost|127\..*|::1|\/.*)$/i.test(client.host)) return client
  return to(`${address}${address.includes('?') ? '&' : '?'}sslmode=verify-full`)
}

/**
 * Begins the transaction, and returns the process of the server that works for it. Where this process
 * is killed, or the line breaks, the server notices by itself, from PostgreSQL 14 on.
 */
async function begun(
  client: Client,
  { asked, timeoutMinutes }: WarehouseQuestion,
): Promise<number> {
  await client.query(`begin transaction isolation level repeatable read read only;
    set local statement_timeout = ${timeoutMinutes * 60_000};
    set local time zone 'UTC';
    set local datestyle = 'ISO, YMD';
    select set_config(name, '10s', true) from pg_settings
    where name = 'client_connection_check_interval'`)
  const { rows } = await client.query(
    `select pg_backend_pid() as backend,
      set_config('cd4ml.from', $1, true), set_config('cd4ml.until', $2, true)`,
    [isoFromDay(asked.from), isoFromDay(asked.until)],
  )
  return rows[0].backend
}

/**
 * Has the server end what it does for us, by a connection of its own: a closed one it notices late.
 * Where it cannot be told, it finds out.
 */
async function cancelled(backend: number, address: string): Promise<void> {
  const soon = AbortSignal.timeout(5000)
  await withClient(address, soon, (client) =>
    unlessAborted(soon, client.query('select pg_cancel_backend($1)', [backend])),
  ).catch(() => {})
}

async function copied(client: Client, sql: string, answer: WarehouseAnswer): Promise<void> {
  const { default: streams } = await import('pg-copy-streams')
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
  const untrusted = remedyOfTls(code ?? '', told, connection)
  // Without the error as its cause: drivers put what they know of the connection into it.
  return new UserError(untrusted?.what ?? `PostgreSQL says: ${told}`, {
    key: 'cd4ml.source',
    remedy:
      untrusted?.remedy ??
      `Nothing was changed. See that ${connection} is right, and that the query runs: with psql, for days of your choice.`,
  })
}

/** Of a connection that does not come about by TLS; undefined of all else. */
function remedyOfTls(
  code: string,
  told: string,
  connection: string,
): { what: string; remedy: string } | undefined {
  if (/does not support SSL/.test(told)) {
    return {
      what: 'PostgreSQL does not speak TLS, so that anybody on the way could read along',
      remedy: `Have it switched on there (ssl = on). Only where the way is a network of your own, write sslmode=disable into ${connection}.`,
    }
  }
  if (/no encryption|SSL off/.test(told)) {
    return {
      what: `PostgreSQL says: ${told}`,
      remedy: `It is asked by TLS only: write sslmode=verify-full into ${connection}.`,
    }
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return {
      what: `the certificate of PostgreSQL is for another host: ${told}`,
      remedy: `Name the host in ${connection} as its certificate does.`,
    }
  }
  if (/^(CERT_(HAS_EXPIRED|NOT_YET_VALID)|ERR_(TLS|SSL|OSSL)_|EPROTO)/.test(code)) {
    return {
      what: `no connection by TLS comes about with PostgreSQL: ${told}`,
      remedy: 'Its certificate, or what it takes for TLS, has to be mended there.',
    }
  }
  if (/CERT|SELF_SIGNED|UNABLE_TO/.test(code)) {
    return {
      what: `the certificate of PostgreSQL is signed by nobody who is trusted here: ${told}`,
      remedy: `Where it is your own, name the certificate that signs, as a PEM file in the project: …&sslrootcert=data/warehouse-ca.pem in ${connection}.`,
    }
  }
  if (code === 'ENOENT' && /sslrootcert|, open /.test(told)) {
    return {
      what: 'a certificate that the connection string names cannot be read',
      remedy: `See that the files of sslrootcert, sslcert and sslkey in ${connection} are there; their paths begin at the project.`,
    }
  }
  return undefined
}

const STATEMENT_TIMEOUT = '57014'
