import { gitDate, isoInstant, type Signature } from './bare-repository.ts'
import { emailOf, type Identity } from './identity.ts'
import { unprocessable } from './refusal.ts'
import { now, type State } from './state.ts'

/** Who commits: what the request says, otherwise whose token it is. */
export function signatureOf(
  identity: Identity,
  given: { name?: string; email?: string; date?: string } = {},
): Signature {
  const date = given.date ?? now()
  if (Number.isNaN(Date.parse(date))) throw unprocessable(`"${date}" is not a timestamp.`)
  return {
    name: given.name ?? identity.login,
    email: given.email ?? emailOf(identity),
    date: gitDate(date),
  }
}

export function shownPerson(signature: Signature) {
  return { name: signature.name, email: signature.email, date: isoInstant(signature) }
}

export function verificationOf(state: State, commit: string) {
  const verified = state.signed.has(commit)
  return {
    verified,
    reason: verified ? 'valid' : 'unsigned',
    signature: null,
    payload: null,
    verified_at: null,
  }
}
