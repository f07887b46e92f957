import { UserError } from '../../base/errors.ts'

export const CODE_OWNERS = '.github/CODEOWNERS'

/** The teams that the template leaves open, such as `data-engineering`, in the order of the file. */
export function openTeams(codeOwners: string): string[] {
  return [...new Set(Array.from(codeOwners.matchAll(PLACEHOLDER), ([, team]) => team))]
}

/**
 * The file with an owner for every team that it leaves open. `owners` are one for all (`@maria`), or
 * one for a team (`data-engineering=@shop/data`). Throws a `UserError` for a team that is left
 * without an owner, one that the file does not have, and what is no owner on GitHub.
 */
export function withOwners(codeOwners: string, owners: string[]): string {
  const teams = openTeams(codeOwners)
  let everyone: string | undefined
  const byTeam = new Map<string, string>()
  for (const owner of owners) {
    const [first, handle] = owner.split('=')
    if (handle === undefined) everyone = checked(first)
    else if (teams.includes(first)) byTeam.set(first, checked(handle))
    else throw unknownTeam(first, teams)
  }
  return codeOwners.replace(PLACEHOLDER, (_, team: string) => {
    const owner = byTeam.get(team) ?? everyone
    if (owner === undefined) throw withoutOwner(team)
    return owner
  })
}

const PLACEHOLDER = /@your-org\/([\w-]+)/g

/** A user, a team, or the address of a user: what GitHub takes in the file. */
const OWNER = /^(@[A-Za-z\d][\w-]*(\/[A-Za-z\d][\w.-]*)?|[^\s@=#]+@[^\s@=#]+\.[^\s@=#]+)$/

function checked(owner: string): string {
  if (OWNER.test(owner)) return owner
  throw new UserError(`must be owners on GitHub, but one is ${JSON.stringify(owner)}`, {
    key: '--owners',
    remedy: 'Write a user such as @maria or a team such as @shop/data.',
  })
}

function unknownTeam(team: string, teams: string[]): UserError {
  return new UserError(`there is no team ${JSON.stringify(team)} in ${CODE_OWNERS}`, {
    key: '--owners',
    remedy: `It leaves open: ${teams.join(', ')}.`,
  })
}

function withoutOwner(team: string): UserError {
  return new UserError(`says no owner for ${team}`, {
    key: '--owners',
    remedy: `Add ${team}=@owner, or one owner for all that are not named.`,
  })
}
