import { createHash, randomBytes } from 'node:crypto'

/** What a secret is for; it can be told by its beginning, also by those who search for leaked ones. */
const prefixes = { token: 'cd4ml_', login: 'cd4ml-login_', session: 'cd4ml-session_' } as const
export type SecretKind = keyof typeof prefixes

/** 256 random bits, which are shown to one person once, and kept by nobody. */
export function newSecret(kind: SecretKind): string {
  return prefixes[kind] + randomBytes(32).toString('base64url')
}

/** Whether the text could be such a secret at all. */
export function isSecret(kind: SecretKind, text: string): boolean {
  return text.startsWith(prefixes[kind]) && RANDOM.test(text.slice(prefixes[kind].length))
}

/**
 * SHA-256 in hexadecimal: what the database knows of a secret. One of 256 random bits needs no salt
 * and no slow hash, and what a search by the hash takes says nothing of the secret.
 */
export function secretHash(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

/**
 * What a form has to send back to be one that this session was shown: it follows from the session's
 * secret, and does not lead to it.
 */
export function formTokenOf(secret: string): string {
  return createHash('sha256').update(`form of ${secret}`).digest('base64url')
}

const RANDOM = /^[A-Za-z0-9_-]{43}$/
