import { UserError } from '../../base/errors.ts'
import { parseJson } from '../../base/schema.ts'
import { shortened, visibleText } from '../../base/wording.ts'
import { checkRecordedEvent, type RecordedEvent } from '../../ledger/events/event.ts'

/** What a service tells of its ledger, page by page. */
export type ServiceEvents = {
  /**
   * At most so many events that come after a cursor, with the cursor after them. Throws a `UserError`
   * where the service cannot be reached, or where what it says is not whole.
   */
  page(after: string | undefined, limit: number): Promise<EventPage>
}

/** The cursor is absent where the ledger has no events at all. */
export type EventPage = { events: RecordedEvent[]; cursor: string | undefined }

export type ServiceAccess = {
  /** As `serviceAddress` gives it. */
  address: URL
  /** A token by which the service knows who asks; asked for each page, since it holds for minutes. */
  token: () => Promise<string>
  /** Waits before the next try, longer after each. */
  pause: (attempt: number) => Promise<void>
}

/**
 * The service at an address. It is another system: what it says is checked line by line, and nothing
 * that is cut off, larger than a page can be, or somewhere else is taken for an answer.
 */
export function serviceEvents({ address, token, pause }: ServiceAccess): ServiceEvents {
  return {
    async page(after, limit) {
      const url = new URL('v1/events', address)
      url.searchParams.set('limit', String(limit))
      if (after !== undefined) url.searchParams.set('after', after)
      for (let attempt = 1; ; attempt++) {
        const got = await asked(url, await token(), limit)
        if ('events' in got) return got
        if (attempt === ATTEMPTS || got.isFinal) throw notGot(address, got.problem)
        await pause(attempt)
      }
    },
  }
}

/**
 * Where a service is, as a text says: https, but on this machine, without name or password. Throws a
 * `UserError` for anything else.
 */
export function serviceAddress(text: string): URL {
  const url = URL.parse(text)
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isHere(url.hostname))
  if (url && isSafe && url.username === '' && url.password === '') {
    const folder = url.pathname.endsWith('/') ? url.pathname : `${url.pathname}/`
    return new URL(folder, url.origin)
  }
  const came = url ? `${url.protocol}//${url.host}` : 'no address'
  throw new UserError(`the address of the service must begin with https://, but is ${came}`, {
    remedy: 'Correct the variable CD4ML_SERVICE under Settings > Secrets and variables > Actions.',
  })
}

const ATTEMPTS = 4
const SECONDS = 60
/** Less than a file of events may hold. */
const MOST_BYTES = 30 * 1024 ** 2

type Failed = { problem: string; isFinal: boolean }

async function asked(url: URL, token: string, limit: number): Promise<EventPage | Failed> {
  try {
    const response = await fetch(url, {
      headers: { authorization: `Bearer ${token}`, accept: 'application/x-ndjson' },
      redirect: 'manual',
      signal: AbortSignal.timeout(1000 * SECONDS),
    })
    if (response.status !== 200) return await refusal(response)
    return pageOf(response.headers, await textOf(response), limit)
  } catch (error) {
    if (error instanceof UserError) return { problem: error.message, isFinal: true }
    return { problem: networkProblem(error), isFinal: false }
  }
}

async function refusal(response: Response): Promise<Failed> {
  const { status } = response
  if (status >= 300 && status < 400) {
    await response.body?.cancel()
    return { problem: 'it sends elsewhere, where no token is taken', isFinal: true }
  }
  const said = visibleText(shortened(detailIn(await textOf(response)), 300))
  const isFinal = status < 500 && status !== 429
  return { problem: `it answers ${status}${said && `: ${said}`}`, isFinal }
}

/** Of a problem as RFC 9457 has it; nothing of any other answer. */
function detailIn(text: string): string {
  try {
    const { detail, title } = JSON.parse(text)
    return [detail, title].find((it) => typeof it === 'string') ?? ''
  } catch {
    return ''
  }
}

/** The body, never more of it than a page can have. */
async function textOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length
    if (bytes > MOST_BYTES) throw new UserError(`more than ${MOST_BYTES} bytes came at once`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

/** Throws a `UserError` where the lines are not all, not events, or more than was asked for. */
function pageOf(headers: Headers, text: string, limit: number): EventPage {
  const lines = text.split('\n')
  const isCut = lines.pop() !== ''
  const count = headers.get('event-count')
  if (isCut || count !== String(lines.length)) {
    throw new UserError(`${lines.length} lines came of ${count ?? 'nobody says how many'} events`)
  }
  if (lines.length > limit) throw new UserError(`${lines.length} events came, not ${limit}`)
  const events = lines.map((line, i) => {
    const place = `event ${i + 1}`
    return checkRecordedEvent(parseJson(line, place), place)
  })
  if (new Set(events.map(({ id }) => id)).size < events.length) {
    throw new UserError('an event came twice')
  }
  const cursor = headers.get('next-cursor') ?? undefined
  if (cursor === undefined && events.length > 0) {
    throw new UserError('it does not say where to go on')
  }
  return { events, cursor }
}

function networkProblem(error: unknown): string {
  if (error instanceof DOMException && error.name === 'TimeoutError') {
    return `there was no whole answer within ${SECONDS} seconds`
  }
  if (!(error instanceof TypeError)) throw error
  const { cause } = error as { cause?: NodeJS.ErrnoException }
  return `the connection fails: ${cause?.code ?? cause?.message ?? error.message}`
}

function notGot({ host }: URL, problem: string): UserError {
  return new UserError(`the events of the service at ${host} were not got: ${problem}`, {
    remedy:
      'See that it runs, that CD4ML_SERVICE is its address, and that it trusts this repository: docs/github.md, "The service".',
  })
}

function isHere(host: string): boolean {
  return host === 'localhost' || host === '127.0.0.1' || host === '[::1]'
}
