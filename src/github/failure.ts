import { UserError } from '../base/errors.ts'

/**
 * The error of a request, as a person can act on it: a `UserError` (its cause is the answer) where
 * the token, a setting or GitHub itself is in the way. Other answers, such as 409 and 422, depend on
 * the question: they come back as they are.
 */
export function explained(error: unknown): unknown {
  if (!isAnswer(error)) return error
  const trouble = troubleOf(error)
  if (!trouble) return error
  return new UserError(`${trouble.what} (${place(error)})`, {
    remedy: trouble.remedy,
    cause: error,
  })
}

/** The HTTP status that an error stands for, also once it is explained; 500 where none came. */
export function statusOf(error: unknown): number | undefined {
  if (isAnswer(error)) return error.status
  return error instanceof UserError && isAnswer(error.cause) ? error.cause.status : undefined
}

/** What was asked for, or undefined where GitHub says that it is not there. */
export async function unlessMissing<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request
  } catch (error) {
    if (statusOf(error) === 404) return undefined
    throw error
  }
}

/** An error of Octokit's; without `response` where no answer came. */
type Answer = Error & {
  status: number
  request: { method: string; url: string }
  response?: { headers: Record<string, string | undefined> }
}

type Trouble = { what: string; remedy: string }

function isAnswer(error: unknown): error is Answer {
  return error instanceof Error && 'status' in error && 'request' in error
}

function troubleOf(error: Answer): Trouble | undefined {
  const { status, message } = error
  if (status >= 500) return unavailable(error)
  if (/not permitted to create or approve pull requests/i.test(message)) return MAY_NOT_PROPOSE
  if (/disabled workflow/i.test(message)) return { what: refused(error), remedy: ENABLE }
  if (/issue is locked/i.test(message)) return { what: refused(error), remedy: UNLOCK }
  if (isRateLimit(error)) return rateLimit(error)
  if (/repository rule violations|protected branch/i.test(message)) return protectedBranch(error)
  if (status === 401) return { what: `GitHub does not know the token: ${message}`, remedy: TOKEN }
  if (status === 403) return { what: refused(error), remedy: permission(error) }
  if (status === 404)
    return { what: 'GitHub finds nothing there, or hides it', remedy: hidden(error) }
  if (status === 410) return { what: refused(error), remedy: ISSUES_OFF }
  return undefined
}

function refused({ message }: Answer): string {
  return `GitHub refuses: ${message}`
}

/** `POST /repos/shop/demand/pulls`: without the query, and never with headers, where the token is. */
function place({ request }: Answer): string {
  return `${request.method} ${URL.parse(request.url)?.pathname ?? request.url}`
}

function unavailable({ response, status, message }: Answer): Trouble {
  const what = response ? `GitHub failed with ${status}` : `GitHub cannot be reached: ${message}`
  return {
    what,
    remedy:
      'Run the job again when https://www.githubstatus.com is green: what is there already is not made twice.',
  }
}

function isRateLimit({ status, message, response }: Answer): boolean {
  const exhausted = response?.headers['x-ratelimit-remaining'] === '0'
  return status === 429 || (status === 403 && (exhausted || /rate limit/i.test(message)))
}

function rateLimit({ response }: Answer): Trouble {
  const reset = Number(response?.headers['x-ratelimit-reset'])
  const when = reset > 0 ? `after ${new Date(reset * 1000).toISOString()}` : 'in an hour'
  return {
    what: "the token's rate limit at GitHub is used up",
    remedy: `Run the job again ${when}: what is there already is not made twice.`,
  }
}

const MAY_NOT_PROPOSE: Trouble = {
  what: 'GitHub does not let workflows of this repository open pull requests',
  remedy:
    'Under Settings > Actions > General > Workflow permissions, tick "Allow GitHub Actions to create and approve pull requests" (an organization has the same setting above it) and run the job again; or pass the token of a GitHub App.',
}

const ENABLE =
  'Open the workflow under Actions and press "Enable workflow": GitHub switches off what has a schedule after 60 days without a commit.'

const UNLOCK = 'Press "Unlock conversation" on its page.'

const TOKEN = `It may have expired, or belong to another server. Pass token: \${{ github.token }}, or a new token of your GitHub App.`

const ISSUES_OFF =
  'Turn issues on under Settings > General > Features: cd4ml reports there what fails when nobody watches.'

function protectedBranch({ message }: Answer): Trouble {
  return {
    what: `a rule of the repository forbids it: ${message}`,
    remedy:
      'Under Settings > Rules, leave the branches promotion/** and ledger and the tags model/** to the workflows.',
  }
}

function permission(error: Answer): string {
  return `Add ${neededPermission(error)} to the permissions of the job, or give it to your GitHub App. A pull request from a fork never has it.`
}

function hidden(error: Answer): string {
  return `Look whether it is still there. If it is, the token may not see it: add ${neededPermission(error)} to the permissions of the job.`
}

/** `contents: write`, as GitHub's answer says (`contents=write; pull_requests=write`: one of them). */
function neededPermission(error: Answer): string {
  const accepted =
    error.response?.headers['x-accepted-github-permissions'] || routePermission(error)
  return accepted
    .replaceAll('_', '-')
    .replace(/([\w-]+)=(\w+)/g, '`$1: $2`')
    .replace(/; */g, ' or ')
    .replace(/, */g, ' and ')
}

// An older GitHub Enterprise Server does not say what it would have accepted.
function routePermission({ request }: Answer): string {
  const [, kind = ''] = /\/repos\/[^/]+\/[^/]+\/(\w+)/.exec(request.url) ?? []
  const access = request.method === 'GET' ? 'read' : 'write'
  const scopes: Record<string, string> = {
    actions: 'actions',
    issues: 'issues',
    labels: 'issues',
    pulls: 'pull_requests',
  }
  return `${scopes[kind] ?? 'contents'}=${access}`
}
