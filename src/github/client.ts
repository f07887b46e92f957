import { setTimeout as sleep } from 'node:timers/promises'
import { getOctokit } from '@actions/github'
import { retry } from '@octokit/plugin-retry'
import { throttling } from '@octokit/plugin-throttling'
import Bottleneck from 'bottleneck'
import { UserError } from '../base/errors.ts'
import { explained } from './failure.ts'

/** One repository, as everything in this folder talks to it. */
export type GitHub = {
  api: Api
  owner: string
  repo: string
  /** Waits before the next try, longer after each, and a random while so that two do not meet again. */
  pause: (attempt: number) => Promise<void>
}

export type Connection = {
  token: string
  /** `owner/name`. */
  repository: string
  /** Such as `https://api.github.com`. */
  apiUrl: string
  /** How many milliseconds a second of waiting lasts: 1000, but 1 in tests. */
  retryAfterBaseValue?: number
}

/**
 * Opens nothing yet: a wrong token shows at the first request. Requests that may be repeated are,
 * after 5xx, a dropped connection and a rate limit; what is refused for good becomes a `UserError`
 * (see failure.ts). Throws a `UserError` for a repository or an address that cannot be one.
 */
export function connect(connection: Connection): GitHub {
  const { token, repository, apiUrl, retryAfterBaseValue = 1000 } = connection
  const [owner, repo] = checkedRepository(repository)
  const api = getOctokit(
    checkedToken(token),
    {
      baseUrl: checkedAddress(apiUrl),
      retry: { doNotRetry: FINAL, retryAfterBaseValue },
      throttle: {
        // One write after the other, as GitHub asks. The plugin's second between two of them would
        // only widen the gap in which another run moves the branch that this one writes on.
        write: new Bottleneck.Group({ maxConcurrent: 1 }),
        notifications: new Bottleneck.Group({ maxConcurrent: 1 }),
        onRateLimit: isWorthWaiting,
        onSecondaryRateLimit: isWorthWaiting,
        retryAfterBaseValue,
      },
    },
    retry,
    throttling,
  )
  api.hook.before('request', (options) => {
    // Another object, since this one is shared by all requests.
    if (isRepeatable(options.method, options.url)) return
    options.request = { ...options.request, retries: 0 }
  })
  api.hook.error('request', (error) => {
    throw explained(error)
  })
  const pause = async (attempt: number) => {
    await sleep(Math.random() * Math.min(2 ** attempt, LONGEST_PAUSE) * retryAfterBaseValue)
  }
  return { api, owner, repo, pause }
}

type Api = ReturnType<typeof getOctokit>

// 409 and 422 say that something is there already: asking again in the same words does not help.
const FINAL = [400, 401, 403, 404, 409, 410, 422, 451]

/** Seconds. */
const LONGEST_PAUSE = 8
const LONGEST_WAIT = 300

function checkedRepository(repository: string): [string, string] {
  const [, owner, repo] = /^([\w.-]+)\/([\w.-]+)$/.exec(repository) ?? []
  if (owner && repo) return [owner, repo]
  throw new UserError(`the repository must be owner/name, but is ${JSON.stringify(repository)}`, {
    remedy: 'In a workflow, GITHUB_REPOSITORY holds it: do not overwrite it.',
  })
}

function checkedToken(token: string): string {
  if (/^\S+$/.test(token)) return token
  throw new UserError('the token is empty or has spaces in it', { remedy: TOKEN_REMEDY })
}

const TOKEN_REMEDY = `Pass the token of the workflow run, token: \${{ github.token }}, or that of your GitHub App.`

function checkedAddress(apiUrl: string): string {
  if (/^https?:$/.test(URL.parse(apiUrl)?.protocol ?? '')) return apiUrl.replace(/\/+$/, '')
  throw new UserError(`the address of the API must be a URL, but is ${JSON.stringify(apiUrl)}`, {
    remedy: 'Such as https://api.github.com, which GITHUB_API_URL holds in a workflow.',
  })
}

/** Twice and not for long: a job that sleeps until the next hour costs more than a rerun. */
function isWorthWaiting(seconds: number, _options: object, _api: object, retries: number): boolean {
  return retries < 2 && seconds <= LONGEST_WAIT
}

/**
 * A POST whose connection dropped may have been carried out, and doing it again would make a second
 * comment. Git objects are named by their content, and a label is on an issue or not; who creates a
 * reference looks what it stands at when it is said to be there already.
 */
function isRepeatable(method: string, url: string): boolean {
  return method !== 'POST' || /\/(git\/(blobs|trees|commits|refs)|issues\/[^/]+\/labels)$/.test(url)
}
