import { ownWork } from './authorship.ts'
import type { GitHub } from './client.ts'
import { addComment } from './comment.ts'
import { createOnce } from './create-once.ts'
import { addLabels, ensureLabels, type Label } from './labels.ts'
import { isMarked, markedText, sameText } from './marked-text.ts'

export type AlertIssue = {
  /** What fails, such as `retrain`: one issue each. */
  key: string
  title: string
  body: string
  /** In addition to `ALERT_LABEL`. */
  labels: readonly Label[]
  /**
   * A line of the body that names the news: one that a person has closed since it was told stays
   * closed. Absent where what is closed is always opened again.
   */
  news?: string
}

/** On every alert: what they are found by among all issues. */
export const ALERT_LABEL: Label = {
  name: 'cd4ml alert',
  color: 'b60205',
  description: 'Something that runs by itself does not work; closed when it does again',
}

export type RaisedAlert = {
  outcome: 'opened' | 'updated' | 'unchanged' | 'reopened' | 'stays closed'
  number: number
  url: string
}

/** Keeps one open issue for the key, saying what `body` says; the one of an earlier time is reopened. */
export async function raiseAlert(github: GitHub, alert: AlertIssue): Promise<RaisedAlert> {
  const { key, title } = alert
  const labels = [ALERT_LABEL, ...alert.labels]
  const { api, owner, repo } = github
  const body = markedText(key, alert.body)
  await ensureLabels(github, labels)
  const { thing: issue, created } = await createOnce(
    github,
    () => findAlert(github, key),
    async () => {
      const names = labels.map(({ name }) => name)
      return (await api.rest.issues.create({ owner, repo, title, body, labels: names })).data
    },
  )
  if (created) return await unlessSecond(github, key, issue)
  const raised = { number: issue.number, url: issue.html_url }
  const isOpen = issue.state === 'open'
  const isKnown = alert.news !== undefined && issue.body?.includes(alert.news)
  if (!isOpen && isKnown) return { outcome: 'stays closed', ...raised }
  // By this label it is found again once it is closed.
  if (!isLabelled(issue)) await addLabels(github, issue.number, labels)
  if (isOpen && issue.title === title && sameText(body, issue.body)) {
    return { outcome: 'unchanged', ...raised }
  }
  await api.rest.issues.update({
    owner,
    repo,
    issue_number: issue.number,
    title,
    body,
    state: 'open',
  })
  return { outcome: isOpen ? 'updated' : 'reopened', ...raised }
}

/** Of two who open one at once, the second closes its own: GitHub itself takes both. */
async function unlessSecond(github: GitHub, key: string, opened: Issue): Promise<RaisedAlert> {
  const issue = (await findAlert(github, key)) ?? opened
  const raised = { number: issue.number, url: issue.html_url }
  if (issue.number >= opened.number) return { outcome: 'opened', ...raised }
  await close(github, opened.number, 'duplicate')
  return { outcome: 'unchanged', ...raised }
}

/** Closes the issue of the key, where one is open, with a comment that says why. */
export async function clearAlert(
  github: GitHub,
  { key, comment }: { key: string; comment: string },
): Promise<{ outcome: 'closed'; number: number; url: string } | { outcome: 'none' }> {
  const issue = await findAlert(github, key)
  if (issue?.state !== 'open') return { outcome: 'none' }
  // Where a person has locked the conversation, GitHub takes no comment of a workflow.
  if (!issue.locked) await addComment(github, { issue: issue.number, body: comment })
  // Closed last: a run that dies before it finds the issue open again, and does the rest.
  await close(github, issue.number, 'completed')
  return { outcome: 'closed', number: issue.number, url: issue.html_url }
}

async function close(
  { api, owner, repo }: GitHub,
  issue: number,
  reason: 'completed' | 'duplicate',
): Promise<void> {
  await api.rest.issues.update({
    owner,
    repo,
    issue_number: issue,
    state: 'closed',
    state_reason: reason,
  })
}

/** What the open issue of the key says; undefined where none is open. */
export async function openAlert(
  github: GitHub,
  key: string,
): Promise<{ number: number; url: string; body: string } | undefined> {
  const issue = await findAlert(github, key)
  if (issue?.state !== 'open') return undefined
  return { number: issue.number, url: issue.html_url, body: issue.body ?? '' }
}

type Issue = {
  number: number
  html_url: string
  state: string
  title: string
  locked: boolean
  body?: string | null
  labels: (string | { name?: string })[]
}

function isLabelled({ labels }: Issue): boolean {
  return labels.some(
    (label) => (typeof label === 'string' ? label : label.name) === ALERT_LABEL.name,
  )
}

/**
 * The oldest one that is open, whatever labels people have left it, or else of those that are closed:
 * those that were opened at the same moment came after it.
 */
async function findAlert(github: GitHub, key: string): Promise<Issue | undefined> {
  const { api, owner, repo } = github
  const isOurs = await ownWork(github)
  const alerts = async (asked: { state: 'open' | 'closed'; labels?: string }) => {
    const place = { owner, repo, per_page: 100 }
    const issues = await api.paginate(api.rest.issues.listForRepo, { ...place, ...asked })
    return issues.filter(
      ({ user, body, pull_request }) => !pull_request && isOurs(user) && isMarked(key, body),
    )
  }
  const open = await alerts({ state: 'open' })
  return open.at(-1) ?? (await alerts({ state: 'closed', labels: ALERT_LABEL.name })).at(-1)
}
