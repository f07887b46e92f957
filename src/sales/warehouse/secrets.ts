import { quoted, UserError } from '../../base/errors.ts'

/** An error as anybody may read it: of a user's mistake, what it says goes through `withoutSecrets`. */
export function errorWithoutSecrets(
  error: unknown,
  environment: Readonly<Record<string, string | undefined>>,
  connections: readonly string[],
): unknown {
  if (!(error instanceof UserError)) return error
  const { what, place, remedy, cause } = error
  const told = withoutSecrets(what, environment, connections)
  if (told === what) return error
  return new UserError(told, { ...place, ...(remedy !== undefined && { remedy }), cause })
}

/** What the address of a database says, each part by its name. */
type Part = { name: string; value: string }

/**
 * A text from a database, a driver or a program with everything secret taken out: the connection
 * strings in the environment variables named, each part of them, and what variables hold that are
 * called as secrets are. What it was is said in its place.
 */
export function withoutSecrets(
  text: string,
  environment: Readonly<Record<string, string | undefined>>,
  connections: readonly string[],
): string {
  const secrets = Object.entries(environment).flatMap(([name, value]): Part[] => {
    if (!value) return []
    if (connections.includes(name)) return [{ name, value }, ...partsOf(name, value)]
    return CALLED_SECRET.test(name) && value.length >= 6 ? [{ name, value }] : []
  })
  // The longest first: a password may be a part of another.
  secrets.sort((a, b) => b.value.length - a.value.length)
  return secrets.reduce(
    (left, { name, value }) =>
      left.replaceAll(value, `(${name})`).replaceAll(quoted(value).slice(1, -1), `(${name})`),
    text,
  )
}

const CALLED_SECRET = /pass|pwd|secret|token|key|credential|private|auth|_url$|dsn/i

/** Also as they stand in a URL, and in the form of `key=value`. */
function partsOf(name: string, address: string): Part[] {
  const parts: Part[] = []
  const add = (what: string, value: string | undefined) => {
    for (const form of new Set([value, decoded(value)])) {
      if (form && form.length >= 3) parts.push({ name: `${what} of ${name}`, value: form })
    }
  }
  const match = /^[a-z]+:\/\/(?:([^:@/]*)(?::(.*))?@)?([^:/?@]*)/i.exec(address)
  add('user', match?.[1])
  add('password', match?.[2])
  add('host', match?.[3])
  for (const [, key, value] of address.matchAll(/([a-z]+)=([^\s&]*)/gi)) {
    if (/^(password|pass|user|host|hostaddr|sslpassword|sslkey)$/i.test(key)) add(key, value)
  }
  return parts
}

function decoded(text: string | undefined): string | undefined {
  try {
    return text && decodeURIComponent(text)
  } catch {
    return text
  }
}
