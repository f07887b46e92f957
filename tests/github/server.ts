import { randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { git } from '../../src/base/git.ts'
import { accountRoutes } from './account.ts'
import { actionsSettingsRoutes } from './actions-settings.ts'
import { graphqlRoute, mergeWhatIsReady } from './auto-merge.ts'
import { checkBody, parseBody } from './body-check.ts'
import { branchRuleRoutes } from './branch-rules.ts'
import { checkRoutes } from './checks.ts'
import { codeOwnersRoutes } from './code-owners.ts'
import { commentRoutes } from './comments.ts'
import { commitRoutes } from './commits.ts'
import { contentsRoutes } from './contents.ts'
import { type Fault, Faults, faultAnswer } from './faults.ts'
import { followBranches } from './follow-branches.ts'
import { gitDataRoutes } from './git-data.ts'
import { authorise, type Identity, Tokens, WORKFLOW } from './identity.ts'
import { issueRoutes } from './issues.ts'
import { labelRoutes } from './labels.ts'
import { mergeRoutes } from './merge.ts'
import { closeReader } from './object-reader.ts'
import { pullRoutes } from './pulls.ts'
import { refRoutes } from './refs.ts'
import { notFound, Refusal } from './refusal.ts'
import { releaseRoutes, uploadRoute } from './releases.ts'
import { repositoryRoutes } from './repository.ts'
import { reviewRoutes } from './reviews.ts'
import { type Answer, bySpecificity, findRoute } from './routing.ts'
import { type Dispatch, nextId, type State, type WorkflowRun } from './state.ts'
import { workflowRoutes } from './workflows.ts'

/** A request as it came. `known` is false where this server has no such route. */
export type RecordedRequest = {
  method: string
  /** Path and query. */
  path: string
  body: unknown
  login: string | undefined
  status: number | 'dropped'
  known: boolean
}

export type FakeGitHub = {
  /** What `GITHUB_API_URL` is to be. */
  url: string
  /** Of a workflow run: `github-actions[bot]`, with the permissions that this project's jobs have. */
  token: string
  /** Of maria, who may do and see everything. */
  ownerToken: string
  /** Another token: of a person, an App, or a job with fewer permissions. */
  tokenFor(identity: Identity): string
  repository: 'shop/demand'
  /** The folder of the bare repository, to push to and to read from. */
  git: string
  /** In the order in which they were answered. */
  requests: RecordedRequest[]
  /** Requests for which this server has no route, as in `GET /user/keys`. */
  unknown(): string[]
  fault(fault: Fault): void
  /** Puts a run of a workflow into the history; its file must be on the default branch to be asked for. */
  addRun(run: Omit<WorkflowRun, 'id'>): void
  /** The runs that were asked for through the API, which a test may start. */
  dispatches: Dispatch[]
  /** Those that were put there, and those that were asked for and wait. */
  runs: WorkflowRun[]
  /** Of the page "Environments", by name. */
  environments: State['environments']
  close(): Promise<void>
}

/**
 * Starts GitHub's API for one repository, `shop/demand`, on a free port. What is in git is kept
 * in a bare repository in `folder` (a temporary one that goes away with the server, unless it is
 * given); everything else in memory. Requests are answered one after the other.
 */
export async function startGitHub({ folder }: { folder?: string } = {}): Promise<FakeGitHub> {
  const home = folder ?? (await mkdtemp(join(tmpdir(), 'github ')))
  const repository = join(home, 'demand.git')
  await mkdir(repository, { recursive: true })
  await git(repository, ['init', '--quiet', '--bare', '--initial-branch=main'])
  // Objects that no reference holds stay: a commit made by the API is referenced later, if ever.
  await git(repository, ['config', 'gc.auto', '0'])

  const tokens = new Tokens()
  const faults = new Faults()
  const requests: RecordedRequest[] = []
  const state = newState(repository)
  const tokenFor = (identity: Identity) => {
    if (identity.type === 'User') state.people.add(identity.login)
    return tokens.issue(identity)
  }
  let queue: Promise<void> = Promise.resolve()
  const server = createServer((incoming, response) => {
    queue = queue.then(() => serve({ state, tokens, faults, requests }, incoming, response))
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  state.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  return {
    url: state.url,
    token: tokens.issue(WORKFLOW),
    ownerToken: tokenFor({ login: 'maria', type: 'User', permissions: 'everything' }),
    tokenFor,
    repository: 'shop/demand',
    git: repository,
    requests,
    unknown: () =>
      requests.filter(({ known }) => !known).map(({ method, path }) => `${method} ${path}`),
    fault: (fault) => faults.add(fault),
    addRun: (run) => state.runs.push({ id: nextId(state), ...run }),
    dispatches: state.dispatches,
    runs: state.runs,
    environments: state.environments,
    close: async () => {
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
      await closeReader(repository)
      if (!folder) await rm(home, { recursive: true, force: true })
    },
  }
}

const ROUTES = bySpecificity([
  uploadRoute,
  graphqlRoute,
  ...accountRoutes,
  ...actionsSettingsRoutes,
  ...branchRuleRoutes,
  ...checkRoutes,
  ...codeOwnersRoutes,
  ...commitRoutes,
  ...refRoutes,
  ...reviewRoutes,
  ...workflowRoutes,
  ...commentRoutes,
  ...contentsRoutes,
  ...gitDataRoutes,
  ...issueRoutes,
  ...labelRoutes,
  ...mergeRoutes,
  ...pullRoutes,
  ...releaseRoutes,
  ...repositoryRoutes,
])

type Server = { state: State; tokens: Tokens; faults: Faults; requests: RecordedRequest[] }

function newState(repository: string): State {
  return {
    id: 1001,
    owner: 'shop',
    name: 'demand',
    url: '',
    git: repository,
    defaultBranch: 'main',
    issues: [],
    comments: [],
    labels: [],
    releases: [],
    signed: new Set(),
    options: {
      private: true,
      archived: false,
      has_issues: true,
      allow_merge_commit: true,
      allow_squash_merge: true,
      allow_rebase_merge: false,
      delete_branch_on_merge: false,
      allow_auto_merge: false,
    },
    workflowToken: {
      default_workflow_permissions: 'read',
      can_approve_pull_request_reviews: true,
    },
    people: new Set(),
    rulesets: [],
    protections: new Map(),
    checkRuns: [],
    statuses: [],
    runs: [],
    disabledWorkflows: new Map(),
    dispatches: [],
    pages: undefined,
    variables: [],
    secrets: [],
    environments: new Map(),
    lastId: 2000,
  }
}

async function serve(
  server: Server,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const method = incoming.method ?? ''
  const url = new URL(incoming.url ?? '', server.state.url)
  const recorded: RecordedRequest = {
    method,
    path: `${url.pathname}${url.search}`,
    body: undefined,
    login: undefined,
    status: 'dropped',
    known: true,
  }
  server.requests.push(recorded)
  try {
    const bytes = await buffer(incoming)
    const fault = server.faults.strike(method, url.pathname)
    if (fault === 'dropped before') {
      response.destroy()
      return
    }
    const answer =
      fault && fault !== 'dropped after'
        ? refusalAnswer(faultRefusal(fault))
        : await answerTo(server, recorded, incoming, url, bytes)
    if (fault === 'dropped after') {
      response.destroy()
      return
    }
    recorded.status = answer.status
    send(response, answer)
  } catch {
    // The client hung up while it was sending.
    response.destroy()
  }
}

async function answerTo(
  { state, tokens }: Server,
  recorded: RecordedRequest,
  { headers }: IncomingMessage,
  url: URL,
  bytes: Buffer,
): Promise<Answer> {
  try {
    const path = url.pathname.replace(
      `/repositories/${state.id}`,
      `/repos/${state.owner}/${state.name}`,
    )
    const found = findRoute(ROUTES, recorded.method, path)
    recorded.known = found !== undefined
    const contentType = headers['content-type'] ?? ''
    const upload = found?.route === uploadRoute
    const body = upload ? {} : parseBody(bytes)
    recorded.body = upload ? undefined : body
    if (!headers['user-agent']) throw new Refusal(403, ADMINISTRATIVE)
    const identity = tokens.identify(headers.authorization)
    recorded.login = identity.login
    if (!found) throw notFound()
    const { route, params } = found
    if (params.owner && !isOurs(state, params)) throw notFound()
    authorise(identity, route.needs)
    if (state.options.archived && route.verb !== 'get') throw new Refusal(403, ARCHIVED)
    if (route.body) checkBody(route.body, body)
    await followBranches(state)
    const answer = await route.handle({
      state,
      identity,
      url,
      params,
      query: url.searchParams,
      accept: headers.accept ?? '',
      contentType,
      bytes,
      body,
    })
    await mergeWhatIsReady(state)
    return answer
  } catch (error) {
    if (error instanceof Refusal) return refusalAnswer(error)
    // A bug of this server's must be seen, not retried.
    return { status: 501, body: { message: `The fake is broken: ${(error as Error).stack}` } }
  }
}

const ARCHIVED = 'Repository was archived so is read-only.'
const ADMINISTRATIVE =
  'Request forbidden by administrative rules. Please make sure your request has a User-Agent header'

/** GitHub does not tell capital letters from small ones in the names of owners and repositories. */
function isOurs({ owner, name }: State, params: Record<string, string>): boolean {
  const asked = `${params.owner}/${params.repo}`.toLowerCase()
  return asked === `${owner}/${name}`.toLowerCase()
}

function faultRefusal(kind: Parameters<typeof faultAnswer>[0]): Refusal {
  const { status, message, headers } = faultAnswer(kind)
  return new Refusal(status, message, [], headers)
}

function refusalAnswer({ status, body, headers }: Refusal): Answer {
  return { status, body, headers: { ...headers } }
}

function send(response: ServerResponse, { status, body, headers }: Answer): void {
  const isBytes = Buffer.isBuffer(body)
  const type = isBytes ? 'application/octet-stream' : 'application/json; charset=utf-8'
  response.writeHead(status, {
    'x-github-request-id': randomUUID(),
    'x-github-api-version-selected': '2022-11-28',
    'x-ratelimit-limit': '5000',
    'x-ratelimit-remaining': '4999',
    'x-ratelimit-reset': String(Math.floor(Date.now() / 1000) + 3600),
    ...(body !== undefined && { 'content-type': type }),
    ...headers,
  })
  response.end(body === undefined || isBytes ? body : JSON.stringify(body))
}
