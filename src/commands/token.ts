import { canonicalJson } from '../base/canonical-json.ts'
import { dayFromIso, isoFromDay } from '../base/day.ts'
import { quoted, UserError } from '../base/errors.ts'
import { counted } from '../base/wording.ts'
import { askLedger, type LedgerDatabase, OWN_LEDGER, openDatabase } from '../ledger/sql/database.ts'
import { alignedColumns, terminalText } from '../reporting/aligned-columns.ts'
import { forgetPerson, personNamed, pseudonymOf } from '../service/access/persons.ts'
import { newLoginPath } from '../service/access/sessions.ts'
import { createToken, listTokens, revokeTokens, type Token } from '../service/access/tokens.ts'
import type { Scope } from '../service/http/identity.ts'
import type { Shell } from './shell.ts'

type LedgerOptions = { ledger?: string; json?: true; quiet?: true }

/** How long a link may wait in a mailbox. */
const LINK_HOURS = 24

type CreateOptions = LedgerOptions & {
  name?: string
  login?: string
  scope?: Scope[]
  expires?: string
  address: string
}

/** Makes a token for a system, or a link with which a person logs in; both are shown this once. */
export async function createTokenCommand(shell: Shell, options: CreateOptions): Promise<void> {
  const { name, login } = options
  await withLedger(shell, options, async (database) => {
    if (login !== undefined) await createLink(shell, database, { ...options, login })
    else if (name !== undefined) await createSecret(shell, database, { ...options, name })
    else {
      throw new UserError('a token needs to be for somebody', {
        remedy: 'Add --name "stock system" for a system, or --login "Name" for a person.',
      })
    }
  })
}

async function createLink(
  shell: Shell,
  database: LedgerDatabase,
  { login, scope = ['read', 'decide'], address, json, quiet }: CreateOptions & { login: string },
): Promise<void> {
  const base = checkedAddress(address)
  const now = new Date()
  const person = await personNamed(database, login, now)
  const path = await newLoginPath(database, {
    person: person.pseudonym,
    scopes: scope,
    hours: LINK_HOURS,
    now,
  })
  const link = new URL(path, base).href
  shell.print(json ? canonicalJson({ ...person, link }) : link)
  if (quiet) return
  const who = `${quoted(terminalText(person.name, 100))}, who is ${person.pseudonym} in decisions`
  shell.say(`For ${who}: once, within ${LINK_HOURS} hours.`)
}

async function createSecret(
  shell: Shell,
  database: LedgerDatabase,
  { name, scope = ['read'], expires, json, quiet }: CreateOptions & { name: string },
): Promise<void> {
  const now = new Date()
  const { secret, token } = await createToken(database, {
    name,
    scopes: scope,
    now,
    ...(expires !== undefined && { expires: endOf(expires, now) }),
  })
  shell.print(json ? canonicalJson({ ...token, secret }) : secret)
  if (quiet) return
  shell.say(`${describe(token)} It is shown this once: keep it where secrets are kept.`)
}

export async function listTokensCommand(shell: Shell, options: LedgerOptions): Promise<void> {
  await withLedger(shell, options, async (database) => {
    const tokens = await listTokens(database)
    if (options.json) shell.print(canonicalJson({ tokens }))
    else if (tokens.length === 0) shell.print('There are no tokens.')
    else {
      shell.print(
        alignedColumns({
          headers: ['Id', 'Name', 'Pseudonym', 'Scopes', 'Made', 'Expires', 'Last used'],
          rows: tokens.map(({ id, name, pseudonym, scopes, created, expires, used }) => [
            id,
            terminalText(name, 40),
            pseudonym,
            scopes.join(','),
            created.slice(0, 10),
            expires?.slice(0, 16).replace('T', ' ') ?? 'never',
            used ?? 'never',
          ]),
        }),
      )
    }
  })
}

export async function revokeTokenCommand(
  shell: Shell,
  idOrName: string,
  options: LedgerOptions,
): Promise<void> {
  await withLedger(shell, options, async (database) => {
    const revoked = await revokeTokens(database, idOrName)
    if (revoked.length === 0) {
      throw new UserError(`no token, or more than one, is meant by ${quoted(idOrName)}`, {
        remedy: 'cd4ml token list shows their ids and names.',
      })
    }
    if (options.json) shell.print(canonicalJson({ revoked }))
    else for (const token of revoked) shell.print(`Revoked: ${describe(token)}`)
  })
}

export async function forgetPersonCommand(
  shell: Shell,
  pseudonymOrName: string,
  options: LedgerOptions,
): Promise<void> {
  await withLedger(shell, options, async (database) => {
    const known = await pseudonymOf(database, pseudonymOrName)
    const forgotten = await forgetPerson(database, known ?? pseudonymOrName)
    if (!forgotten) {
      throw new UserError(`nobody is known as ${quoted(pseudonymOrName)}`, {
        remedy: 'Write the name or the pseudonym as it is kept; case counts.',
      })
    }
    const { pseudonym, notes, sessions, tokens } = forgotten
    if (options.json) shell.print(canonicalJson(forgotten))
    else {
      shell.print(
        `Deleted: the name of ${pseudonym}, ${counted(notes, 'note')}, ${counted(sessions, 'session')}, ${counted(tokens, 'token')}. What was decided stays, and leads to nobody.`,
      )
    }
  })
}

async function withLedger(
  shell: Shell,
  { ledger = OWN_LEDGER }: LedgerOptions,
  work: (database: LedgerDatabase) => Promise<void>,
): Promise<void> {
  const database = await openDatabase(ledger, shell.project)
  try {
    await askLedger(() => work(database))
  } finally {
    await database.close()
  }
}

function checkedAddress(address: string): URL {
  const url = /^https?:/.test(address) ? URL.parse(address) : null
  if (url) return url
  throw new UserError(`must be an address, but is ${quoted(address)}`, {
    key: '--address',
    remedy: 'Write where people reach the service, such as https://orders.example.',
  })
}

function describe({ id, name, scopes, expires }: Token): string {
  const until = expires === undefined ? 'without an end' : `until ${expires}`
  return `token ${id} of ${quoted(terminalText(name, 100))}: ${scopes.join(', ')}, ${until}.`
}

/** When something ends: after so long, such as `90d`, `12h` or `30s`, or with a day. */
function endOf(text: string, now: Date): string {
  const [, amount, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? []
  const end =
    amount === undefined
      ? dayAfter(text)
      : new Date(now.getTime() + Number(amount) * MILLISECONDS[unit as keyof typeof MILLISECONDS])
  if (end && end > now) return end.toISOString()
  throw new UserError(`must be a time to come, but is ${quoted(text)}`, {
    key: '--expires',
    remedy: 'Write how long, such as 90d or 12h, or the last day, such as 2027-12-31.',
  })
}

/** The end of a day, as its name says it; undefined where it is none. */
function dayAfter(text: string): Date | undefined {
  const day = dayFromIso(text)
  return day === undefined ? undefined : new Date(`${isoFromDay(day + 1)}T00:00:00Z`)
}

const MILLISECONDS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }
