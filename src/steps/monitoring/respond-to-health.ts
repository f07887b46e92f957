import { UserError } from '../../base/errors.ts'
import type { Language } from '../../base/language.ts'
import { clearAlert, openAlert, type RaisedAlert, raiseAlert } from '../../github/alert.ts'
import type { GitHub } from '../../github/client.ts'
import { statusOf } from '../../github/failure.ts'
import { appendTo } from '../../github/ledger-branch.ts'
import {
  asksForRetraining,
  type HealthEnd,
  isAlarming,
  reachedLevel,
} from '../../monitoring/health/alarm.ts'
import type { HealthRecord } from '../../monitoring/health/health-record.ts'
import { healthEndText, healthIssue, versionOfIssue } from '../../reporting/health-alarm.ts'
import { type HealthRecorded, recordHealth } from './record-health.ts'
import { type Retraining, startRetraining } from './start-retraining.ts'

export type HealthSeen = {
  record: HealthRecord
  /** What the version in production has replaced, and which one it brings back. */
  replaced: number | undefined
  restores: number | undefined
  /** The moment, ISO 8601 in UTC. */
  now: string
  /** Page of the repository. */
  repository: string
  language: Language
}

export type Responded = {
  recorded: HealthRecorded
  issue: HealthIssue
  retraining: Retraining | { outcome: 'not asked for' }
  /** What GitHub did not do, one sentence each: the next look makes up for it. */
  problems: string[]
}

export type HealthIssue =
  | RaisedAlert
  | { outcome: 'closed'; number: number; url: string }
  /** `open`: by what is known now, nothing is to be said anew of what it says. */
  | { outcome: 'open'; number: number; url: string }
  | { outcome: 'none' }

/**
 * Does what a health record asks for: keeps it on the branch of records, keeps one issue while
 * production is worse than it promised, and starts a retraining. What is there already is not made
 * again, and where GitHub fails on the way, the next look at the same completes the rest.
 *
 * Throws a `UserError` where the record cannot be kept: what follows would rest on nothing.
 */
export async function respondToHealth(github: GitHub, seen: HealthSeen): Promise<Responded> {
  const { record, now } = seen
  const recorded = await recordHealth(appendTo(github), { record, now })
  const { id } = recorded
  const problems: string[] = []
  const issue = await orProblem(problems, () => keepHealthIssue(github, id, seen))
  const retraining = asksForRetraining(record)
    ? await orProblem(problems, () => startRetraining(github, { id, record, now }))
    : { outcome: 'not asked for' as const }
  return {
    recorded,
    issue: issue ?? { outcome: 'none' },
    retraining: retraining ?? { outcome: 'not asked for' },
    problems,
  }
}

/** The one issue about production. */
async function keepHealthIssue(
  github: GitHub,
  id: string,
  { record, replaced, restores, repository, language }: HealthSeen,
): Promise<HealthIssue> {
  const reader = { repository, language }
  if (isAlarming(reachedLevel(record).level)) {
    const issue = healthIssue(record, { replaced, restores, ...reader })
    return await raiseAlert(github, { key: KEY, ...issue, labels: [] })
  }
  const open = await openAlert(github, KEY)
  if (open === undefined) return { outcome: 'none' }
  const end = endOf(record, versionOfIssue(open.body), { id, restores })
  if (end === undefined) return { outcome: 'open', number: open.number, url: open.url }
  return await clearAlert(github, { key: KEY, comment: healthEndText(record, end, reader) })
}

const KEY = 'health'

/** What ended what the open issue says; undefined where nothing has. */
function endOf(
  { production, standing }: HealthRecord,
  about: number | undefined,
  { id, restores }: { id: string; restores: number | undefined },
): HealthEnd | undefined {
  if (about !== undefined && about !== production.version) {
    return { because: 'other version', restores }
  }
  return standing.outcome === 'judged' ? { because: 'other figures', id } : undefined
}

async function orProblem<T>(problems: string[], work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof UserError) && statusOf(error) === undefined) throw error
    problems.push(
      String(error instanceof Error ? error.message : error).replaceAll(/\s*\n\s*/g, ' '),
    )
    return undefined
  }
}
