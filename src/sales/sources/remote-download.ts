import { createHash, type Hash } from 'node:crypto'
import {
  type FileHandle,
  lstat,
  open,
  readdir,
  readFile,
  rename,
  rm,
  writeFile,
} from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { UserError } from '../../base/errors.ts'
import { isAlive } from '../../base/scratch.ts'
import { makeFolder } from '../../base/write-file.ts'
import { shownUrl } from '../contract/remote-path.ts'
import { ask } from './remote-request.ts'

/** What to fetch, and what is known of it: nothing but the address where it is about to be described. */
export type WantedFile = {
  url: string
  bytes: number | undefined
  /** More are not fetched. */
  mostBytes: number
}

/** How long to wait: for tests to say otherwise. */
export type Patience = {
  /** So many milliseconds, in which less than `leastBytes` come, are a line that has gone quiet. */
  stall: number
  leastBytes: number
  /** Questions that are asked in vain, one after the other. */
  attempts: number
  pause: (milliseconds: number) => Promise<void>
}

export const USUAL_PATIENCE: Patience = {
  stall: 60_000,
  leastBytes: 60_000,
  attempts: 5,
  pause: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
}

/** A whole file that was fetched, and what it is. Who asked for it moves it to its place. */
export type Fetched = { path: string; bytes: number; sha256: string; sha512: string }

/**
 * Fetches a file to `folder` as a stream, hashed as it comes. What is interrupted is kept beside the
 * `name` as a part, and the next one to fetch it goes on from there where the server can (Range, with
 * If-Range where it has said which state of the file it sends); a part belongs to one process at a
 * time, so that two at once do not write into each other's.
 *
 * Rejects with a `UserError` where the server says no, sends something else than `wanted`, or nothing
 * for too long, after some questions, each later than the one before.
 */
export async function download(
  wanted: WantedFile,
  folder: string,
  name: string,
  patience: Patience,
  onProgress: (bytes: number) => void = () => {},
): Promise<Fetched> {
  await makeFolder(folder)
  const part = await ownPart(folder, name)
  const file = await open(part.path, 'a+')
  try {
    const state = await continued(file, part)
    onProgress(state.bytes)
    for (let vain = 0; ; ) {
      const before = state.bytes
      const outcome = await attempt(wanted, { ...part, file }, state, patience, onProgress)
      if (outcome.kind === 'whole') {
        await file.sync()
        await rm(part.tagPath, { force: true })
        const { bytes, sha256, sha512 } = state
        return {
          path: part.path,
          bytes,
          sha256: sha256.digest('hex'),
          sha512: sha512.digest('hex'),
        }
      }
      vain = state.bytes >= before + patience.leastBytes ? 1 : vain + 1
      if (vain >= patience.attempts) throw gaveUp(wanted, state.bytes, outcome)
      await patience.pause(outcome.wait ?? 1000 * 2 ** (vain - 1))
    }
  } catch (error) {
    if (error instanceof WrongFile) {
      await rm(part.path, { force: true })
      await rm(part.tagPath, { force: true })
      throw error.mistake
    }
    // Nothing of it is worth going on from.
    if ((await file.stat()).size === 0) await rm(part.path, { force: true })
    throw error
  } finally {
    await file.close()
  }
}

/** What comes is not what was asked for, and no part of it is worth keeping. */
class WrongFile extends Error {
  readonly mistake: UserError

  constructor(url: string, what: string) {
    super(what)
    this.mistake = new UserError(`${shownUrl(url)} ${what}`, {
      remedy:
        'Where the file has changed, bring bytes and hash in the contract up to date: npx cd4ml data add URL.',
    })
  }
}

type Part = { path: string; tagPath: string }

/** One that a process left behind, taken over by renaming it, or a new one. */
async function ownPart(folder: string, name: string): Promise<Part> {
  const own = join(folder, `${name}.${process.pid}.partial`)
  const others = (await readdir(folder)).flatMap((entry) => {
    const pid = entry.startsWith(`${name}.`)
      ? /^\.(\d+)\.partial$/.exec(entry.slice(name.length))
      : null
    return pid && Number(pid[1]) !== process.pid && !isAlive(Number(pid[1])) ? [entry] : []
  })
  const tagPath = join(folder, `${name}.${process.pid}.etag`)
  for (const other of others) {
    try {
      await rename(join(folder, other), own)
      await rename(join(folder, other.replace(/partial$/, 'etag')), tagPath).catch(() => {})
      break
    } catch {
      // Another process has taken it.
    }
  }
  for (const path of [own, tagPath]) {
    const found = await lstat(path).catch(() => undefined)
    // A link would lead what comes to where somebody else wants it.
    if (found?.isFile() === false) await rm(path, { recursive: true, force: true })
  }
  return { path: own, tagPath }
}

type State = { bytes: number; sha256: Hash; sha512: Hash; tag: string | undefined }

/** What is there already, hashed. */
async function continued(file: FileHandle, { tagPath }: Part): Promise<State> {
  const state = newState()
  const buffer = Buffer.alloc(1024 ** 2)
  for (;;) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, state.bytes)
    if (bytesRead === 0) break
    add(state, buffer.subarray(0, bytesRead))
  }
  state.tag = (await readFile(tagPath, 'utf8').catch(() => '')) || undefined
  return state
}

function newState(): State {
  return { bytes: 0, sha256: createHash('sha256'), sha512: createHash('sha512'), tag: undefined }
}

function add(state: State, chunk: Buffer): void {
  state.bytes += chunk.length
  state.sha256.update(chunk)
  state.sha512.update(chunk)
}

type Attempt = { kind: 'whole' } | { kind: 'again'; why: string; wait?: number; cause?: unknown }

async function attempt(
  wanted: WantedFile,
  part: Part & { file: FileHandle },
  state: State,
  patience: Patience,
  onProgress: (bytes: number) => void,
): Promise<Attempt> {
  if (state.bytes > 0 && state.bytes === wanted.bytes) return { kind: 'whole' }
  const line = new AbortController()
  let came = 0
  const watch = setInterval(() => {
    if (came < patience.leastBytes) line.abort(new Error('too little came for too long'))
    came = 0
  }, patience.stall)
  try {
    const response = await ask(wanted.url, headersFor(wanted, state), line.signal, patience.stall)
    try {
      return await received(wanted, response, part, state, (bytes) => {
        came += bytes
        onProgress(bytes)
      })
    } finally {
      response.destroy()
    }
  } catch (error) {
    if (error instanceof UserError || error instanceof WrongFile || isOfDisk(error)) throw error
    if (isForGood(error)) throw noAnswer(wanted, error)
    const cause = line.signal.aborted ? line.signal.reason : error
    return { kind: 'again', why: cause instanceof Error ? cause.message : String(cause), cause }
  } finally {
    clearInterval(watch)
  }
}

function headersFor(wanted: WantedFile, { bytes, tag }: State): Record<string, string> {
  // Where nothing says what the whole has to be, parts of two states would not show.
  const canGoOn = bytes > 0 && (tag ?? wanted.bytes) !== undefined
  return {
    'accept-encoding': 'identity',
    'user-agent': 'cd4ml',
    ...(canGoOn && { range: `bytes=${bytes}-` }),
    ...(canGoOn && tag !== undefined && { 'if-range': tag }),
  }
}

/** Writes what comes to what is there, as far as it is what was asked for. */
async function received(
  wanted: WantedFile,
  response: IncomingMessage,
  { file, tagPath }: Part & { file: FileHandle },
  state: State,
  onBytes: (bytes: number) => void,
): Promise<Attempt> {
  const refused = refusal(wanted, response)
  if (refused === 'from the beginning') {
    await restart(file, state)
    return { kind: 'again', why: 'it could not go on where it was interrupted', wait: 0 }
  }
  if (refused !== undefined) return refused
  if (!goesOn(response, state, wanted)) await restart(file, state)
  const length = lengthOf(response, state)
  const expected = wanted.bytes ?? length
  refuseOtherLength(wanted, length, response)
  state.tag = strongTag(response)
  if (state.tag !== undefined) await writeFile(tagPath, state.tag)
  for await (const chunk of response as AsyncIterable<Buffer>) {
    const most = expected ?? wanted.mostBytes
    if (state.bytes + chunk.length > most) throw tooLong(wanted, most)
    await file.write(chunk)
    add(state, chunk)
    onBytes(chunk.length)
  }
  if (expected === undefined || state.bytes >= expected) return { kind: 'whole' }
  if (length !== undefined) return { kind: 'again', why: 'the line was cut' }
  throw new WrongFile(wanted.url, otherLength(state.bytes, expected, response))
}

async function restart(file: FileHandle, state: State): Promise<void> {
  await file.truncate(0)
  Object.assign(state, newState())
}

/** What the status says against it; undefined where the file comes. */
function refusal(
  { url }: WantedFile,
  { statusCode = 0, headers }: IncomingMessage,
): Attempt | 'from the beginning' | undefined {
  if (statusCode === 200 || statusCode === 206) return undefined
  if (statusCode === 416) return 'from the beginning'
  if (statusCode === 429 || statusCode >= 500) {
    const seconds = secondsToWait(headers)
    const wait = seconds > 0 ? { wait: Math.min(seconds, 60) * 1000 } : {}
    return { kind: 'again', why: `the server answers ${statusCode}`, ...wait }
  }
  const what =
    {
      401: 'asks for a password',
      403: 'is forbidden',
      404: 'is not there',
      410: 'is no longer there',
    }[statusCode] ?? `cannot be fetched`
  throw new UserError(`${shownUrl(url)} ${what} (${statusCode})`, {
    remedy:
      'Write an address that anybody can read without a password, or fetch the file into the data folder.',
  })
}

/** What `Retry-After` says: so many seconds, or until a moment, by the clock of the server. */
function secondsToWait({ 'retry-after': after, date }: IncomingMessage['headers']): number {
  if (after === undefined || /^\d+$/.test(after)) return Number(after)
  return (Date.parse(after) - Date.parse(date ?? '')) / 1000
}

/** Whether what comes is the rest; a server that knows no ranges sends all of it again. */
function goesOn(
  { statusCode, headers }: IncomingMessage,
  { bytes }: State,
  wanted: WantedFile,
): boolean {
  if (statusCode !== 206) return bytes === 0
  const [, from, size] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers['content-range'] ?? '') ?? []
  if (Number(from) !== bytes) {
    throw new WrongFile(wanted.url, 'answers with another part of the file than was asked for')
  }
  if (size !== '*' && wanted.bytes !== undefined && Number(size) !== wanted.bytes) {
    throw new WrongFile(wanted.url, `has ${size} bytes now, but the contract says ${wanted.bytes}`)
  }
  return true
}

/** Of the whole file; undefined where the server does not say. */
function lengthOf({ headers }: IncomingMessage, { bytes }: State): number | undefined {
  const stated = headers['content-length']
  return stated === undefined ? undefined : bytes + Number(stated)
}

function refuseOtherLength(
  wanted: WantedFile,
  length: number | undefined,
  response: IncomingMessage,
): void {
  const { url, bytes, mostBytes } = wanted
  if (length === undefined) return
  if (bytes !== undefined && length !== bytes) {
    throw new WrongFile(url, otherLength(length, bytes, response))
  }
  if (length > mostBytes) throw tooLong(wanted, mostBytes)
}

function tooLong({ url, bytes }: WantedFile, most: number): WrongFile {
  const says = bytes === undefined ? 'which is allowed' : 'which the contract says'
  return new WrongFile(url, `sends more than the ${most} bytes ${says}: stopped there`)
}

function otherLength(
  came: number,
  bytes: number | undefined,
  { headers }: IncomingMessage,
): string {
  const packed = headers['content-encoding']
  const how = packed === undefined ? '' : `, packed on its way (${packed})`
  return `has ${came} bytes${how}, but the contract says ${bytes}`
}

/** One by which a server tells one state of a file from another, byte for byte. */
function strongTag({ headers: { etag } }: IncomingMessage): string | undefined {
  return etag !== undefined && /^"[\x21\x23-\x7e]{1,200}"$/.test(etag) ? etag : undefined
}

/** A certificate that does not hold will not hold in a minute, nor does a proxy that says no. */
function isForGood(error: unknown): boolean {
  const code = codeOf(error)
  if (code === 'ERR_PROXY_TUNNEL') return /HTTP\/1\.\d 4\d\d/.test((error as Error).message)
  return /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|EPROTO|HPE_|ERR_INVALID)/.test(
    code,
  )
}

function isOfDisk(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EIO'].includes(codeOf(error))
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

function noAnswer({ url }: WantedFile, cause: unknown): UserError {
  const why = cause instanceof Error ? cause.message : String(cause)
  const isOfProxy = codeOf(cause) === 'ERR_PROXY_TUNNEL'
  return new UserError(`${shownUrl(url)} cannot be fetched: ${why}`, {
    remedy: isOfProxy
      ? 'HTTPS_PROXY names the proxy, with name and password where it asks for them (407); NO_PROXY names the hosts that are reached without it.'
      : 'Look whether its server is what it should be.',
    cause,
  })
}

function gaveUp({ url }: WantedFile, bytes: number, outcome: Attempt): UserError {
  const { why, cause } = outcome.kind === 'again' ? outcome : { why: '', cause: undefined }
  const kept = bytes > 0 ? ` The ${bytes} bytes that came are kept.` : ''
  return new UserError(`${shownUrl(url)} cannot be fetched: ${why}`, {
    remedy: `Try again later.${kept}`,
    cause,
  })
}
