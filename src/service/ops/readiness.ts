import { type Static, Type } from 'typebox'
import { isoDay, object, union } from '../../base/schema-parts.ts'
import type { EventLog } from '../../ledger/events/event-log.ts'
import { versionNumber } from '../../ledger/run-record.ts'
import type { Engine } from '../engine/engine.ts'

/** Whether requests should be sent here. It says nothing that only those who belong may know. */
export const Readiness = union('status', [
  object({
    status: Type.Literal('ready'),
    version: versionNumber,
    salesThrough: isoDay,
    /** Why something newer could not take over: the version shown goes on. */
    refused: Type.Optional(Type.String()),
  }),
  object({
    status: Type.Literal('not ready'),
    version: versionNumber,
    salesThrough: isoDay,
    problems: Type.Array(Type.Enum(['shutting down', 'the ledger cannot be written'])),
  }),
])
export type Readiness = Static<typeof Readiness>

/**
 * Asks whether the ledger takes anything at most once in so many milliseconds, however many want to
 * know: nobody can have the database written to at will.
 */
export function readinessOf(
  { engine, log }: { engine: Engine; log: EventLog },
  now: () => number,
  tell: (writable: boolean) => void,
) {
  let asked: { at: number; writable: Promise<boolean> } | undefined
  let closing = false
  return {
    close() {
      closing = true
    },
    async now(): Promise<Readiness> {
      const writable = await ledgerWritable()
      const { basis, refused } = engine.current()
      const { version, salesThrough } = basis
      const problems = [
        ...(closing ? (['shutting down'] as const) : []),
        ...(writable ? [] : (['the ledger cannot be written'] as const)),
      ]
      return problems.length > 0
        ? { status: 'not ready', version, salesThrough, problems }
        : { status: 'ready', version, salesThrough, ...(refused && { refused: refused.problem }) }
    },
  }

  function ledgerWritable(): Promise<boolean> {
    if (asked === undefined || now() - asked.at >= ASKED_AGAIN_AFTER) {
      const writable = log.writable().catch(() => false)
      asked = { at: now(), writable }
      writable.then(tell)
    }
    return asked.writable
  }
}

const ASKED_AGAIN_AFTER = 1000
