import { MILLISECONDS_A_DAY } from '../../base/day.ts'
import { UserError } from '../../base/errors.ts'
import type { Language } from '../../base/language.ts'
import { clearAlert, type RaisedAlert, raiseAlert } from '../../github/alert.ts'
import type { GitHub } from '../../github/client.ts'
import { addedAt, lastSuccess } from '../../github/workflow-runs.ts'
import { alertText, clearedText } from '../../reporting/alert-text.ts'

/** What runs by itself, and how it is. */
export type Watched = {
  /** One issue for each, such as `retrain`. */
  key: string
  title: string
  /** Without it, the last success of the workflow decides. */
  state?: 'failing' | 'ok' | undefined
  reason?: string | undefined
  /** File of a workflow, such as `retrain.yml`. */
  workflow?: string | undefined
  overdueDays?: number | undefined
  /** The moment, ISO 8601 in UTC. */
  at: string
  /** Page of the run that says so. */
  run: string
  /** Of the issue. */
  language: Language
}

export type Alerted =
  | (RaisedAlert & { body: string })
  | { outcome: 'closed'; number: number; url: string }
  | { outcome: 'none' }

/**
 * Opens or updates the issue that says that something does not work which nobody watches, and closes
 * it when it works. Without a state: it does not work where the workflow has not succeeded on `main`
 * for too long.
 */
export async function alert(github: GitHub, watched: Watched): Promise<Alerted> {
  const { key, title, state, reason, workflow, overdueDays, at, run, language } = watched
  if (state === undefined && (workflow === undefined || overdueDays === undefined)) {
    throw new UserError('there is neither a state, nor a workflow that may be overdue', {
      remedy: 'Give state: failing or ok; or workflow: and overdue-days:.',
    })
  }
  if (state === 'ok')
    return await clearAlert(github, { key, comment: clearedText({ run }, language) })
  const last = workflow === undefined ? undefined : await lastSuccess(github, workflow, 'main')
  // A workflow that is new has not had its time yet.
  const since = last ?? (workflow === undefined ? undefined : await addedAt(github, workflow))
  const overdue = overdueDays !== undefined && isOverdue(since, at, overdueDays)
  if (state === undefined && !overdue) {
    return await clearAlert(github, { key, comment: clearedText({ run }, language) })
  }
  const body = alertText({ reason, workflow, lastSuccess: last, overdueDays, run }, language)
  return {
    ...(await raiseAlert(github, { key, title, body, labels: [] })),
    body,
  }
}

function isOverdue(since: string | undefined, at: string, days: number): boolean {
  return since === undefined || Date.parse(at) - Date.parse(since) > days * MILLISECONDS_A_DAY
}
