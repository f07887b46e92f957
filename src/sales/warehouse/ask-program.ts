import { spawn } from 'node:child_process'
import { access, constants, stat, writeFile } from 'node:fs/promises'
import { delimiter, join, resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { isoFromDay } from '../../base/day.ts'
import { quoted, UserError } from '../../base/errors.ts'
import { shortened } from '../../base/wording.ts'
import type { Field } from '../contract/field.ts'
import { type RuleId, rules } from '../contract/rules.ts'
import { forEachRow } from '../reading/csv-rows.ts'
import { FileRefused, utf8Chunks } from '../reading/text-checks.ts'
import { KIND_BYTES, refuseOtherKinds } from '../sources/file-kind.ts'
import { type DaysAsked, SAY_THE_DAY, tooLarge, type WarehouseAnswer } from './answer.ts'
import {
  type Ask,
  besideContract,
  timeLimit,
  unlessAborted,
  type WarehouseQuestion,
} from './question.ts'
import type { SourceEngine } from './source.ts'

/**
 * Asks a program, which writes its answer to its standard output: Parquet, or CSV with a header. It is started
 * without a shell, in a group of its own that ends with it.
 */
export function askProgram(
  engine: Extract<SourceEngine, { kind: 'program' }>,
  fields: readonly Field[],
): Ask {
  return async (question, answer) => {
    const { command, input, delimiter } = engine
    const text =
      input === undefined ? undefined : await besideContract(input, question.folder, 'input')
    const signal = timeLimit(question.signal, question.timeoutMinutes)
    const program = started(command, question)
    const rowsOf = async (output: Readable, into: WarehouseAnswer) => {
      const { head, chunks } = await beginning(output)
      if (!head.toString('latin1').startsWith('PAR1')) {
        refuseOtherKinds(head, 'the output of cd4ml.source.command')
        return await rowsOfCsv(chunks, delimiter, into)
      }
      const file = join(question.scratchFolder, 'answer.parquet')
      await writeFile(file, upTo(question.maxBytes, chunks))
      await rowsOfParquet(file, fields, into)
    }
    try {
      program.stdin.end(text)
      await unlessAborted(
        signal,
        answered(program, () => rowsOf(program.stdout, answer)),
      )
    } finally {
      program.end()
    }
  }
}

/** Whom it would ask. Throws a `UserError` where the program, or its input, is not there. */
export async function checkProgram(
  { command: [name], input }: Extract<SourceEngine, { kind: 'program' }>,
  { folder, project, environment }: Pick<WarehouseQuestion, 'folder' | 'project' | 'environment'>,
): Promise<string> {
  if (input !== undefined) await besideContract(input, folder, 'input')
  const isPath = name.includes('/')
  const places = isPath ? [project] : (environment.PATH ?? '').split(delimiter)
  for (const place of places) {
    if (await isProgram(resolve(place || '.', name))) return `the program ${quoted(name)}`
  }
  throw missingProgram(name)
}

async function isProgram(path: string): Promise<boolean> {
  const isExecutable = access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
  return (await isExecutable) && (await stat(path)).isFile()
}

/** Where the output ends too early, what the program says of itself is the reason. */
async function answered(program: Program, read: () => Promise<void>): Promise<void> {
  let unusable: unknown
  try {
    await read()
  } catch (error) {
    unusable = error instanceof FileRefused ? unreadable(error) : error
    if (!program.stdout.readableEnded) throw unusable
  }
  await program.ended()
  if (unusable !== undefined) throw unusable
}

type Program = {
  stdin: { end(text: string | undefined): void }
  stdout: Readable
  /** Resolves when it has ended as it should; rejects with a `UserError` where it failed. */
  ended(): Promise<void>
  /** Ends it with all that it started. */
  end(): void
}

function started(
  command: readonly string[],
  { asked, project, environment }: WarehouseQuestion,
): Program {
  const [name, ...args] = command.map((argument) => withDays(argument, asked))
  const child = spawn(name, args, {
    cwd: project,
    env: {
      ...environment,
      CD4ML_FROM: isoFromDay(asked.from),
      CD4ML_UNTIL: isoFromDay(asked.until),
    },
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const said = lastOf(child.stderr)
  const end = Promise.withResolvers<void>()
  child.on('error', (error: NodeJS.ErrnoException) => end.reject(notStarted(name, error)))
  child.on('close', (code, signal) => {
    if (code === 0) end.resolve()
    else end.reject(failed(name, code, signal, said()))
  })
  end.promise.catch(() => {})
  // A program that does not read its input, or is gone.
  child.stdin.on('error', () => {})
  return {
    stdin: child.stdin,
    stdout: child.stdout,
    ended: () => end.promise,
    end: () => endGroup(child.pid),
  }
}

function withDays(argument: string, { from, until }: DaysAsked): string {
  return argument.replaceAll('{from}', isoFromDay(from)).replaceAll('{until}', isoFromDay(until))
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // All of them have ended.
  }
}

/** The end of what comes, of any length; behind a … where there was more. */
function lastOf(stream: Readable): () => string {
  let text = ''
  let isCut = false
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
    isCut ||= text.length > MOST_SAID
    text = text.slice(-MOST_SAID)
  })
  return () => (isCut ? `…${text}` : text).trim()
}

const MOST_SAID = 2000

/** The first bytes of a stream, and all of its chunks. */
async function beginning(
  output: Readable,
): Promise<{ head: Buffer; chunks: AsyncIterable<Buffer> }> {
  const rest: AsyncIterator<Buffer> = output[Symbol.asyncIterator]()
  let head = Buffer.alloc(0)
  let isOver = false
  while (head.length < KIND_BYTES && !isOver) {
    const { value, done } = await rest.next()
    isOver = done === true
    if (!isOver) head = Buffer.concat([head, value])
  }
  return { head, chunks: joined(head, rest) }
}

async function* joined(head: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield head
  try {
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value
  } finally {
    await rest.return?.()
  }
}

async function* upTo(maxBytes: number, chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let bytes = 0
  for await (const chunk of chunks) {
    bytes += chunk.length
    if (bytes > maxBytes) throw tooLarge(maxBytes)
    yield chunk
  }
}

async function rowsOfCsv(
  chunks: AsyncIterable<Buffer>,
  delimiter: string,
  answer: WarehouseAnswer,
): Promise<void> {
  const dialect = { delimiter, quoteChar: '"', doubleQuote: true, header: true, headerRow: 1 }
  const text = utf8Chunks(chunks, { encoding: 'utf-8', maxBytes: Number.POSITIVE_INFINITY })
  let isBelowHeader = false
  await forEachRow(text, dialect, 'wrong', (cells) => {
    if (isBelowHeader) answer.row(cells)
    else answer.columns(cells)
    isBelowHeader = true
  })
  if (isBelowHeader) return
  throw new UserError('the program wrote nothing, not even a header', {
    key: 'cd4ml.source.command',
    remedy: 'Have it write CSV with the names of the columns in the first line.',
  })
}

/** Types are held to the fields of the contract. */
async function rowsOfParquet(
  path: string,
  fields: readonly Field[],
  answer: WarehouseAnswer,
): Promise<void> {
  const { openParquet } = await import('../reading/parquet-file.ts')
  const { forEachParquetRow } = await import('../reading/parquet-rows.ts')
  const file = await openParquet(path)
  try {
    const names = file.columns.map(({ name }) => name)
    answer.columns(names)
    const columns = names.map((name, position) => ({
      position,
      field: fields.find((field) => field.name === name),
    }))
    const options = { columns, timeZone: undefined, maxBytes: Number.POSITIVE_INFINITY }
    await forEachParquetRow(file, options, (cells) => answer.row(cells))
  } finally {
    await file.close()
  }
}

function unreadable({ rule, line, column, value }: FileRefused): UserError {
  const { explanation, remedy } = rules[rule]
  const at = line === undefined ? column && ` (${quoted(column)})` : ` (line ${line})`
  // Of another encoding the line is shown from where it was read on: half a secret might be told.
  const isShown = value !== '' && rule !== 'encoding-wrong'
  const shown = isShown ? `: ${quoted(shortened(value, MOST_SHOWN))}` : ''
  return new UserError(`${explanation}${at ?? ''}${shown}`, {
    key: 'the answer to cd4ml.source',
    remedy: remediesOfAnswers[rule] ?? remedy,
  })
}

/** Where the contract of a source leaves less to choose than that of other files. */
const remediesOfAnswers: { [rule in RuleId]?: string } = {
  'quote-wrong':
    'Have the program quote such a cell as a whole, and double the marks within it: "say ""yes"" twice". Where it cannot, have the query take the marks out, or have it write Parquet.',
  'row-too-long':
    'Have the program double quotation marks within a cell that it quotes: most likely one is not closed.',
  'encoding-wrong': 'Have the program write UTF-8.',
  'nul-byte': 'Have the program write CSV in UTF-8, or Parquet.',
  'time-zone-missing': SAY_THE_DAY,
}

const MOST_SHOWN = 160

function notStarted(name: string, error: NodeJS.ErrnoException): UserError {
  if (error.code === 'ENOENT') return missingProgram(name)
  return new UserError(`${quoted(name)} cannot be started: ${error.code}`, NAME_IT)
}

function missingProgram(name: string): UserError {
  return new UserError(`there is no program ${quoted(name)}`, NAME_IT)
}

const NAME_IT = {
  key: 'cd4ml.source.command',
  remedy: 'Install it, or name it with its path; each argument is a text of its own.',
}

function failed(
  name: string,
  code: number | null,
  signal: NodeJS.Signals | null,
  said: string,
): UserError {
  const how = code === null ? `was ended by ${signal}` : `ended with code ${code}`
  return new UserError(`${quoted(name)} ${how}${said && `: ${said}`}`, {
    key: 'cd4ml.source.command',
    remedy: 'Nothing was changed. Run it in a terminal, with CD4ML_FROM and CD4ML_UNTIL set.',
  })
}
