import { cp, symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, inject } from 'vitest'
import { git, gitMaybe } from '../../src/base/git.ts'
import { connect, type GitHub } from '../../src/github/client.ts'
import { SAMPLE_DATA } from '../../src/registry/sample.ts'
import type { Permission } from '../github/identity.ts'
import { type FakeGitHub, startGitHub } from '../github/server.ts'
import { mergeProposal, REPOSITORY, succeed } from '../project.ts'
import { commitAll, copyOf, initialise, put, temporaryFolder } from '../repository.ts'
import { recipe } from '../shop.ts'
import { runWorkflow } from './act.ts'
import type { WorkflowRun } from './act-log.ts'
import { isTriggered, type Trigger } from './triggers.ts'

/** The runs that an event started, by name of the workflow's file without its ending. */
export type Runs = Record<string, WorkflowRun>

/** A project on the fake GitHub whose workflows run when something happens. */
export type ProjectOnGitHub = {
  github: FakeGitHub
  /** The API as Maria uses it, who reviews, and to whom the repository belongs. */
  maria: GitHub
  /** Somebody's clone. */
  clone: string
  /** Commits the files on the branch (made from main where it is new), and pushes it. */
  push(branch: string, files: Record<string, string>, message?: string): Promise<Runs>
  /** Pushes a branch as the clone has it; the first push of main is how a template is copied. */
  publish(branch: string): Promise<Runs>
  /** Starts a workflow by hand, as on its page; of main unless another branch is given. */
  dispatch(workflow: string, inputs?: Record<string, string>, branch?: string): Promise<WorkflowRun>
  /** Runs the workflows that workflows have started meanwhile, one after the other. */
  dispatched(): Promise<Runs>
  /** Starts what has this workflow's schedule. */
  schedule(workflow: string): Promise<WorkflowRun>
  /** Opens a pull request into main as Maria, and returns its number. */
  open(branch: string, title: string): Promise<number>
  /** What a pull request starts: at once for a person's, and after "Approve and run" for a bot's. */
  pullRequest(number: number, action?: string): Promise<Runs>
  /** Merges as a person does. */
  merge(number: number): Promise<Runs>
  /** Numbers of the pull requests that are open. */
  openPullRequests(): Promise<number[]>
  /** Titles of the issues that are open. */
  openIssues(): Promise<string[]>
  /** Tags of the releases. */
  releases(): Promise<string[]>
  /** Text of a file on a branch; undefined where it is not there. */
  read(branch: string, path: string): Promise<string | undefined>
  /** Paths of the files on a branch below a folder. */
  list(branch: string, folder?: string): Promise<string[]>
}

type ProjectOptions = {
  baseline?: Record<string, string>
  daysWithoutRetraining?: number
  /** Where jobs get tokens that say who they are; none unless given. */
  issuer?: string
  /** When that model was put into production, ISO 8601; now unless given. */
  promotedAt?: string
  /** What has happened in the project since, on `main` and `ledger`. */
  lived?: (clone: string) => Promise<void>
}

/**
 * Puts a project on a fake GitHub of its own: this repository's code, workflows and policy, the
 * given files (sales and recipe), and the model of another recipe (seasonal naive, unless it is
 * given) of these sales in production. Retraining has last succeeded some days ago: 1, unless it is
 * given.
 */
export async function projectOnGitHub(
  files: Record<string, string>,
  {
    baseline = recipe('seasonal-naive: {}'),
    daysWithoutRetraining = 1,
    issuer = '',
    promotedAt,
    lived,
  }: ProjectOptions = {},
): Promise<ProjectOnGitHub> {
  const clone = await copyOf(await templateWith(files, baseline, promotedAt))
  await lived?.(clone)
  const { github, project } = await emptyOnGitHub(clone, issuer || undefined)
  await git(clone, ['push', '--quiet', 'origin', 'main'])
  if (lived) await git(clone, ['push', '--quiet', 'origin', 'ledger'])
  const retrained = new Date(Date.now() - daysWithoutRetraining * 24 * 60 * 60 * 1000)
  github.addRun({
    ...RUN,
    path: `${WORKFLOWS}/retrain.yml`,
    event: 'schedule',
    branch: 'main',
    commit: (await git(clone, ['rev-parse', 'main'])).trim(),
    conclusion: 'success',
    startedAt: retrained.toISOString(),
  })
  return project
}

/**
 * What "Use this template" makes of such a project whose sales are the sample: one commit without
 * history, not pushed yet.
 */
export async function copyOfTemplate(files: Record<string, string>): Promise<ProjectOnGitHub> {
  const clone = await copyOf(await templateWith(files, recipe('seasonal-naive: {}')))
  await put(clone, { [SAMPLE_DATA]: await git(clone, ['rev-parse', 'HEAD:data']) })
  await git(clone, ['add', '--all'])
  const tree = (await git(clone, ['write-tree'])).trim()
  const commit = (await git(clone, ['commit-tree', tree, '-m', 'Initial commit'])).trim()
  await git(clone, ['reset', '--quiet', '--hard', commit])
  return (await emptyOnGitHub(clone)).project
}

async function emptyOnGitHub(
  project: string,
  issuer?: string,
): Promise<{ github: FakeGitHub; project: ProjectOnGitHub }> {
  const github = await startGitHub()
  servers.push(github)
  await git(project, ['remote', 'add', 'origin', github.git])
  const maria = connect({
    token: github.ownerToken,
    repository: github.repository,
    apiUrl: github.url,
  })
  const caches = await temporaryFolder()
  let runs = 0

  async function variables(): Promise<Record<string, string>> {
    const { data } = await maria.api.rest.actions.listRepoVariables(place)
    return Object.fromEntries(data.variables.map(({ name, value }) => [name, value]))
  }

  async function run(
    file: string,
    { asked, ...happened }: Happened & { asked?: AskedRun },
  ): Promise<WorkflowRun> {
    runs += 1
    const startedAt = new Date().toISOString()
    const done = await runWorkflow({
      act: inject('act'),
      origin: github.git,
      commit: happened.commit,
      workflow: file,
      event: happened.event,
      payload: { repository: REPOSITORY_PAYLOAD, sender: { login: 'maria' }, ...happened.payload },
      env: {
        GITHUB_REPOSITORY: github.repository,
        GITHUB_API_URL: github.url,
        GITHUB_SERVER_URL: 'http://github.invalid',
        GITHUB_RUN_ID: String(9000 + runs),
        GITHUB_RUN_NUMBER: String(runs),
      },
      caches,
      variables: await variables(),
      issuer,
      tokenFor: (permissions) =>
        github.tokenFor({
          login: 'github-actions[bot]',
          type: 'Bot',
          permissions: ['metadata: read', ...permissions] as Permission[],
        }),
    })
    const { event, branch = 'main', commit } = happened
    if (asked) {
      Object.assign(asked, { status: 'completed', conclusion: done.result })
      return done
    }
    github.addRun({
      ...RUN,
      path: `${WORKFLOWS}/${file}`,
      event,
      branch,
      commit,
      conclusion: done.result,
      startedAt,
    })
    return done
  }

  /** One after the other: they would only take the processor from each other. */
  async function deliver(happened: Happened): Promise<Runs> {
    const names = await git(github.git, [
      'ls-tree',
      '--name-only',
      `${happened.commit}:${WORKFLOWS}`,
    ])
    const started: Runs = {}
    for (const file of names
      .trim()
      .split('\n')
      .filter((name) => !CHECKS.has(name))) {
      const text = await git(github.git, ['show', `${happened.commit}:${WORKFLOWS}/${file}`])
      if (isTriggered(text, happened))
        started[file.replace(/\.yml$/, '')] = await run(file, happened)
    }
    return started
  }

  async function tip(branch: string): Promise<string> {
    return (await git(github.git, ['rev-parse', `refs/heads/${branch}`])).trim()
  }

  async function changed(...range: string[]): Promise<string[]> {
    return (await git(github.git, ['diff', '--name-only', ...range])).split('\n').filter(Boolean)
  }

  async function pushed(branch: string, before: string | undefined): Promise<Runs> {
    const after = await tip(branch)
    const from = before ?? (branch === 'main' ? EMPTY_TREE : await tip('main'))
    return await deliver({
      event: 'push',
      branch,
      files: await changed(from, after),
      commit: after,
      payload: {
        ref: `refs/heads/${branch}`,
        before: before ?? '0'.repeat(40),
        after,
        created: before === undefined,
        deleted: false,
        forced: false,
      },
    })
  }

  const there = (branch: string) =>
    gitMaybe(github.git, ['rev-parse', '--verify', `refs/heads/${branch}`])

  async function publish(branch: string): Promise<Runs> {
    const before = await there(branch)
    await git(project, ['push', '--quiet', 'origin', `${branch}:refs/heads/${branch}`])
    return await pushed(branch, before)
  }

  const onGitHub: ProjectOnGitHub = {
    github,
    maria,
    clone: project,
    push: async (branch, files, message = 'Change the recipe') => {
      await git(project, ['fetch', '--quiet', 'origin'])
      const from = (await there(branch)) ?? 'origin/main'
      await git(project, ['switch', '--quiet', '--force-create', branch, from])
      await put(project, files)
      await commitAll(project, message)
      return await publish(branch)
    },
    publish,
    dispatch: async (workflow, inputs = {}, branch = 'main') =>
      await run(`${workflow}.yml`, {
        event: 'workflow_dispatch',
        branch,
        commit: await tip(branch),
        payload: { ref: `refs/heads/${branch}`, inputs, workflow: `${WORKFLOWS}/${workflow}.yml` },
      }),
    dispatched: async () => {
      const started: Runs = {}
      for (const it of github.dispatches.splice(0)) {
        if (it.event !== 'workflow_dispatch') continue
        const { path, ref, inputs } = it
        const file = path.slice(path.lastIndexOf('/') + 1)
        started[file.replace(/\.yml$/, '')] = await run(file, {
          event: 'workflow_dispatch',
          commit: await tip(ref),
          payload: { ref: `refs/heads/${ref}`, inputs, workflow: path },
          asked: it.run,
        })
      }
      return started
    },
    schedule: async (workflow) =>
      await run(`${workflow}.yml`, {
        event: 'schedule',
        commit: await tip('main'),
        payload: { schedule: '0 5 * * 1' },
      }),
    open: async (branch, title) => {
      const { data } = await maria.api.rest.pulls.create({
        ...place,
        base: 'main',
        head: branch,
        title,
      })
      return data.number
    },
    pullRequest: async (number, action = 'opened') => {
      const { data } = await maria.api.rest.pulls.get({ ...place, pull_number: number })
      const { head } = data
      const base = await tip(data.base.ref)
      return await deliver({
        event: 'pull_request',
        branch: data.base.ref,
        action,
        files: await changed(`${base}...${head.sha}`),
        commit: await mergeCommit(github.git, number, base, head.sha),
        payload: { action, number, pull_request: data },
      })
    },
    merge: async (number) => {
      const before = await tip('main')
      await maria.api.rest.pulls.merge({ ...place, pull_number: number })
      return await pushed('main', before)
    },
    openPullRequests: async () => {
      const { data } = await maria.api.rest.pulls.list({ ...place, state: 'open' })
      return data.map(({ number }) => number)
    },
    openIssues: async () => {
      const { data } = await maria.api.rest.issues.listForRepo({ ...place, state: 'open' })
      return data.filter((issue) => !issue.pull_request).map(({ title }) => title)
    },
    releases: async () => {
      const { data } = await maria.api.rest.repos.listReleases(place)
      return data.map(({ tag_name }) => tag_name)
    },
    read: async (branch, path) => await gitMaybe(github.git, ['show', `${branch}:${path}`]),
    list: async (branch, folder = '.') => {
      const args = ['ls-tree', '-r', '--name-only', branch, '--', folder]
      return ((await gitMaybe(github.git, args)) ?? '').split('\n').filter(Boolean)
    },
  }
  return { github, project: onGitHub }
}

type Happened = Trigger & { commit: string; payload: object }
type AskedRun = FakeGitHub['runs'][number]

const WORKFLOWS = '.github/workflows'

/** The tree of no files, which git knows in every repository. */
const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904'

/** These look at the code, not at a model; that the tests pass is not for the tests to say. */
const CHECKS = new Set(['ci.yml', 'codeql.yml', 'zizmor.yml'])

/** What of this repository is a project's own code. */
const CODE = ['.github', '.gitignore', 'actions', 'bin', 'model-registry', 'src', 'package*.json']

const place = { owner: 'shop', repo: 'demand' }
const REPOSITORY_PAYLOAD = {
  name: 'demand',
  full_name: 'shop/demand',
  owner: { login: 'shop' },
  default_branch: 'main',
  private: true,
}

const RUN = { status: 'completed', actor: { login: 'maria', type: 'User' } } as const

const servers: FakeGitHub[] = []
const templates = new Map<string, Promise<string>>()

afterAll(async () => {
  for (const server of servers) await server.close()
})

function templateWith(
  files: Record<string, string>,
  baseline: Record<string, string>,
  promotedAt?: string,
): Promise<string> {
  const key = JSON.stringify([files, baseline, promotedAt])
  const template = templates.get(key) ?? createTemplate(files, baseline, promotedAt)
  templates.set(key, template)
  return template
}

async function createTemplate(
  files: Record<string, string>,
  baseline: Record<string, string>,
  at?: string,
): Promise<string> {
  const project = await temporaryFolder()
  const listed = ['ls-files', '--cached', '--others', '--exclude-standard', '--deduplicate', '--']
  const paths = (await git(REPOSITORY, [...listed, ...CODE])).split('\n').filter(Boolean)
  const gone = (await git(REPOSITORY, ['ls-files', '--deleted'])).split('\n')
  for (const path of paths.filter((path) => !gone.includes(path))) {
    if (dirname(path).startsWith('model-registry/production')) continue
    await cp(join(REPOSITORY, path), join(project, path))
  }
  await put(project, { ...files, ...baseline })
  await symlink(join(REPOSITORY, 'node_modules'), join(project, 'node_modules'))
  await initialise(project)
  await commitAll(project, 'Use the template', at)
  for (const args of [['train'], ['compare'], ['promote', '--baseline']])
    await succeed(project, args)
  await mergeProposal(project, at)
  await git(project, ['branch', '--quiet', '-D', 'promotion/demand'])
  await put(project, files)
  await commitAll(project, 'Write the recipe', at)
  return project
}

/** The commit that GitHub tests for a pull request: what merging it would make. */
async function mergeCommit(
  repo: string,
  number: number,
  base: string,
  head: string,
): Promise<string> {
  const tree = (await git(repo, ['merge-tree', '--write-tree', base, head])).trim()
  const person = ['-c', 'user.name=GitHub', '-c', 'user.email=noreply@github.com']
  const args = ['commit-tree', tree, '-p', base, '-p', head, '-m', `Merge ${head} into ${base}`]
  const commit = (await git(repo, [...person, ...args])).trim()
  await git(repo, ['update-ref', `refs/pull/${number}/merge`, commit])
  return commit
}
