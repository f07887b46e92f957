import { quoted, UserError } from '../../base/errors.ts'
import { visibleText } from '../../base/wording.ts'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * An error as anybody may read it. Of a user's mistake all that it says goes through `withoutSecrets`,
 * and what caused it is left out: drivers put what they know of a connection into their errors. A bug
 * keeps its class and its stack, without what is secret in them.
 */
export function errorWithoutSecrets(
  error: unknown,
  environment: Environment,
  connections: readonly string[],
): unknown {
  const secrets = secretsIn(environment, connections)
  if (error instanceof UserError) {
    const { what, place, remedy } = error
    // What a place and a remedy say is cd4ml's own: there, a user called "sales" is most likely none.
    const own = (text: string) =>
      without(
        secrets.filter(({ isName }) => !isName),
        text,
      )
    const { file, key } = place
    return new UserError(withoutToldSecrets(without(secrets, what)), {
      ...place,
      ...(file !== undefined && { file: own(file) }),
      ...(key !== undefined && { key: own(key) }),
      ...(remedy !== undefined && { remedy: own(remedy) }),
    })
  }
  if (error instanceof Error) {
    error.message = without(secrets, error.message)
    error.stack = without(secrets, error.stack ?? '')
    error.cause = errorWithoutSecrets(error.cause, environment, connections)
  }
  return error
}

/**
 * A text from a database, a driver or a program with everything secret taken out: the connection
 * strings in the environment variables named, each part of them, what variables hold that are called
 * as secrets are, line by line, and what is written as secrets are. What it was is said in its place.
 * Beside a `…`, where a text was cut, a part of a secret counts as one.
 */
export function withoutSecrets(
  text: string,
  environment: Environment,
  connections: readonly string[],
): string {
  return withoutToldSecrets(without(secretsIn(environment, connections), text))
}

/** What must not be read, by its name; `isName` where it is a name, which may be a word as well. */
type Secret = { name: string; value: string; isName: boolean }

function secretsIn(environment: Environment, connections: readonly string[]): Secret[] {
  const secrets = Object.entries(environment).flatMap(([name, value = '']): Secret[] => {
    if (connections.includes(name)) return [...wholeAndLines(name, value), ...partsOf(name, value)]
    if (!CALLED_SECRET.test(name) || NO_SECRET.test(name)) return []
    return value.length >= (CALLED_PASSWORD.test(name) ? 3 : 6) ? wholeAndLines(name, value) : []
  })
  const written = secrets.flatMap((secret) =>
    [...new Set(formsOf(secret.value))].map((value) => ({ ...secret, value })),
  )
  // The longest first: a password may be a part of another.
  return written.sort((a, b) => b.value.length - a.value.length)
}

const CALLED_SECRET = /pass|pwd|secret|token|key|credential|private|auth|_url$|dsn/i
const CALLED_PASSWORD = /(password|passwd|pwd|pass)$/i
/** The folder that a shell is in, and the one before. */
const NO_SECRET = /^(OLD)?PWD$/

/** A key of many lines, or in JSON, is told line by line. */
function wholeAndLines(name: string, value: string): Secret[] {
  const texts = [value, ...textsInJson(value)].flatMap((text) => [
    text,
    text.replaceAll('\\n', '\n'),
  ])
  const lines = texts.flatMap((text) => text.split(/\r?\n/)).map((line) => line.trim())
  const long = [...texts.slice(1), ...lines].filter((text) => text.length >= 6)
  const all = new Set(value === '' ? [] : [value, value.trim(), ...long])
  return [...all].map((text) => ({ name, value: text, isName: false }))
}

function textsInJson(text: string): string[] {
  if (!/^\s*[[{]/.test(text)) return []
  const found: string[] = []
  try {
    JSON.parse(text, (_, value) => {
      if (typeof value === 'string') found.push(value)
      return value
    })
  } catch {
    // It only looked like JSON.
  }
  return found
}

/** The parts of a connection string: as they stand in a URL, as URLs are read, and of `key=value`. */
function partsOf(connection: string, address: string): Secret[] {
  const parts: Secret[] = []
  const add = (what: string, value: string | undefined) => {
    for (const form of new Set([value, decoded(value)])) {
      if (!form || form.length < 3) continue
      const isName = what !== 'password' && !what.startsWith('ssl')
      parts.push({ name: `${what} of ${connection}`, value: form, isName })
    }
  }
  // An @ may stand in a password that nobody encoded, or behind the host.
  for (const pattern of [TO_THE_FIRST_AT, TO_THE_LAST_AT]) {
    const [, user, password, hosts] = pattern.exec(address) ?? []
    add('user', user)
    add('password', password)
    for (const host of hosts?.split(',') ?? []) add('host', host.replace(/:\d*$/, ''))
  }
  const url = URL.parse(address.trim())
  add('user', url?.username)
  add('password', url?.password)
  add('host', url?.hostname)
  for (const [, key, value] of address.matchAll(/([a-z]+)\s*=\s*('(?:[^'\\]|\\.)*'|[^\s&]*)/gi)) {
    const what = key.toLowerCase()
    if (!/^(password|pass|user|host|hostaddr|sslpassword|sslkey)$/.test(what)) continue
    const isQuoted = value.startsWith("'")
    const text = isQuoted ? value.slice(1, -1).replace(/\\(.)/g, '$1') : value
    add(what === 'pass' ? 'password' : what, text)
  }
  return parts
}

const TO_THE_FIRST_AT = /^\s*[a-z]+:\/\/(?:([^:@/]*)(?::(.*?))?@)?([^/?@]*)/i
const TO_THE_LAST_AT = /^\s*[a-z]+:\/\/(?:([^:@/]*)(?::(.*))?@)?([^/?@]*)/i

function decoded(text: string | undefined): string | undefined {
  try {
    return text && decodeURIComponent(text)
  } catch {
    return text
  }
}

/** As messages and addresses show it. */
function formsOf(value: string): string[] {
  const text = value.toWellFormed()
  const encoded = encodeURIComponent(text)
  return [
    value,
    quoted(value).slice(1, -1),
    visibleText(value),
    encoded,
    // As a host is looked up.
    value.toLowerCase(),
    encoded.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
  ]
}

function without(secrets: readonly Secret[], text: string): string {
  if (secrets.length === 0) return text
  const values = secrets.map(({ value, isName }) =>
    isName ? `${NO_LETTER_BEFORE}${RegExp.escape(value)}${NO_LETTER_AFTER}` : RegExp.escape(value),
  )
  const names = new Map(secrets.toReversed().map(({ name, value }) => [value, name]))
  const whole = text.replace(new RegExp(values.join('|'), 'gu'), (found) => `(${names.get(found)})`)
  return whole.includes('…') ? withoutCut(secrets, whole) : whole
}

const NO_LETTER_BEFORE = String.raw`(?<![\p{L}\p{N}_])`
const NO_LETTER_AFTER = String.raw`(?![\p{L}\p{N}_])`

/** Where a text was cut, half of a secret may be left on either side. */
function withoutCut(secrets: readonly Secret[], text: string): string {
  return text
    .split('…')
    .map((piece, index, pieces) => {
      const isCutBefore = index > 0
      const isCutAfter = index < pieces.length - 1
      const left = isCutBefore ? withoutStart(secrets, piece) : piece
      return isCutAfter ? withoutEnd(secrets, left) : left
    })
    .join('…')
}

const LEAST_CUT = 3

function withoutEnd(secrets: readonly Secret[], text: string): string {
  const cut = longestCut(secrets, (value, length) => text.endsWith(value.slice(0, length)))
  return cut === undefined ? text : `${text.slice(0, -cut.length)}(${cut.name})`
}

function withoutStart(secrets: readonly Secret[], text: string): string {
  const cut = longestCut(secrets, (value, length) => text.startsWith(value.slice(-length)))
  return cut === undefined ? text : `(${cut.name})${text.slice(cut.length)}`
}

function longestCut(
  secrets: readonly Secret[],
  isThere: (value: string, length: number) => boolean,
): { name: string; length: number } | undefined {
  let longest: { name: string; length: number } | undefined
  for (const { name, value } of secrets) {
    for (let length = value.length - 1; length >= LEAST_CUT; length--) {
      if (length <= (longest?.length ?? 0)) break
      if (isThere(value, length)) longest = { name, length }
    }
  }
  return longest
}

/** What is written as secrets are, such as a token that a program has just been given. */
function withoutToldSecrets(text: string): string {
  return WRITTEN_AS_SECRETS.reduce((left, pattern) => left.replace(pattern, '(secret)'), text)
}

const WRITTEN_AS_SECRETS = [
  // The password in an address.
  /(?<=:\/\/[^\s:@/]*:)(?!\()[^\s@…]+(?=@|…)/g,
  // Of a header of HTTP.
  /(?<=\b(?:bearer|basic) +)[\w.~+/=-]{6,}/gi,
  // PGPASSWORD=…, "access_token": "…"
  /(?<=(?:pass(?:word|wd)?|pwd|secret|token|api_?key|private_?key)(?:=["']?|["'] ?: ?["']))(?!\()[^\s"'&;,)]{3,}/gi,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----(?:(?!-----END)[\s\S])*(?:-----END [A-Z ]*PRIVATE KEY-----)?/g,
]
