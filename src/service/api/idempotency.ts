import { createHash } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { openObject } from '../../base/schema-parts.ts'
import { HttpError } from '../http/problem.ts'
import type { AnswerFormat } from './answer-format.ts'

/**
 * What a request may say beside its body.
 * https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
 */
export const RecordingHeaders = openObject({
  'idempotency-key': Type.Optional(
    Type.String({
      pattern: '^[\\x21-\\x7e]{1,200}$',
      description: '1 to 200 visible ASCII characters, such as a UUID',
    }),
  ),
})

/** An answer as it goes out, and as it is kept for the next time that the same is asked. */
export type WrittenAnswer = { status: number; type: string; text: string }

/** The key under which a request is answered once, and what it asks for, as a digest. */
export function idempotency(
  key: string,
  request: Pick<FastifyRequest, 'identity' | 'method' | 'url'>,
  asked: { text: string; format: AnswerFormat; language?: string },
): { owner: string; key: string; digest: string } {
  const { format, language = '', text } = asked
  const how = JSON.stringify([request.method, request.url, format, language])
  const digest = createHash('sha256').update(how).update('\n').update(text).digest('hex')
  return { owner: request.identity.pseudonym, key, digest }
}

export function otherRequest(): HttpError {
  return new HttpError(
    422,
    'Something else was asked under this Idempotency-Key before. Send a new key with a new request.',
  )
}

/** An answer as the ledger keeps it. */
export function keptAnswer({ status, type, text }: WrittenAnswer): string {
  return `${status} ${type}\n${text}`
}

/** What `keptAnswer` has made of it. */
export function answerKept(kept: string): WrittenAnswer {
  const end = kept.indexOf('\n')
  const space = kept.indexOf(' ')
  return {
    status: Number(kept.slice(0, space)),
    type: kept.slice(space + 1, end),
    text: kept.slice(end + 1),
  }
}
