import { spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { git } from '../../src/base/git.ts'
import { environment, REPOSITORY } from '../project.ts'
import { readLog, type WorkflowRun } from './act-log.ts'
import { giveTokens } from './job-tokens.ts'

export type ActOptions = {
  /** Path of the program. */
  act: string
  /** Bare repository that is checked out from. */
  origin: string
  /** The commit that the event is about; the workflow files are taken from it. */
  commit: string
  /** File of the workflow, such as `experiment.yml`. */
  workflow: string
  event: string
  payload: object
  /** Environment of the run, such as `GITHUB_API_URL`. */
  env: Record<string, string>
  /** Folder of the caches of the repository, which its runs share; none is there unless given. */
  caches?: string
  /** Variables of the repository; none unless given. */
  variables?: Record<string, string>
  /** Where jobs get tokens that say who they are. */
  issuer?: string | undefined
  /** A token for a job that asks for these permissions, such as `contents: read`. */
  tokenFor: (permissions: string[]) => string
}

/** Executes a workflow for an event on this machine, without containers, one empty folder a job. */
export async function runWorkflow(options: ActOptions): Promise<WorkflowRun> {
  // A name without spaces: act does not quote the paths of its scripts.
  const folder = await mkdtemp(join(tmpdir(), 'cd4ml-run-'))
  try {
    return await runIn(folder, options)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function runIn(folder: string, options: ActOptions): Promise<WorkflowRun> {
  const { act, origin, commit, workflow, event, payload } = options
  const workdir = join(folder, 'repository')
  await git(folder, ['clone', '--quiet', '--no-checkout', origin, workdir])
  await git(workdir, ['fetch', '--quiet', 'origin', commit])
  await git(workdir, ['checkout', '--quiet', '--detach', commit])
  const eventFile = join(folder, 'event.json')
  await writeFile(eventFile, JSON.stringify(payload))
  const args = [
    event,
    ...['--workflows', join(WORKFLOWS, workflow)],
    ...['--eventpath', eventFile],
    ...['--platform', 'ubuntu-latest=-self-hosted', '--no-skip-checkout', '--no-cache-server'],
    ...['--action-cache-path', join(folder, 'cache'), '--use-new-action-cache'],
    ...['--json', '--verbose'],
    ...settings('--env', options.env),
    ...settings('--secret', { GITHUB_TOKEN: options.tokenFor([]) }),
    ...settings('--var', options.variables ?? {}),
    ...settings('--var', await giveTokens(workdir, options.tokenFor, options.issuer)),
    ...(await standIns(workdir)).flatMap((standIn) => ['--local-repository', standIn]),
  ]
  const env = environment({
    HOME: folder,
    PATH: [join(FOLDER, 'bin'), join(PACKAGES, '.bin'), process.env.PATH].join(':'),
    STAND_IN_PACKAGES: PACKAGES,
    STAND_IN_REPOSITORY: origin,
    STAND_IN_ARTIFACTS: join(folder, 'artifacts'),
    STAND_IN_CACHES: options.caches ?? join(folder, 'caches'),
  })
  const { code, stdout, stderr } = await output(act, args, workdir, env)
  const run = readLog(stdout, code)
  if (Object.keys(run.jobs).length === 0) throw new Error(`act ran no job: ${stderr}`)
  return run
}

const WORKFLOWS = join('.github', 'workflows')
const FOLDER = import.meta.dirname
const PACKAGES = join(REPOSITORY, 'node_modules')
const LONGEST = 900_000

function settings(option: string, values: Record<string, string>): string[] {
  return Object.entries(values).flatMap(([name, value]) => [option, `${name}=${value}`])
}

/** `owner/name@commit=folder` of each action that the files name and that has a stand-in here. */
async function standIns(workdir: string): Promise<string[]> {
  const here = new Set(await readdir(join(FOLDER, 'stand-ins')))
  const files = await git(workdir, ['ls-files', '.github/*.yml', 'actions/*.yml'])
  const texts = await Promise.all(
    files
      .trim()
      .split('\n')
      .map((file) => readFile(join(workdir, file), 'utf8')),
  )
  const used = texts.flatMap((text) => [
    ...text.matchAll(/uses: *([\w.-]+\/([\w.-]+))[\w./-]*@([0-9a-f]{40})/g),
  ])
  return used
    .filter(([, , name]) => here.has(name))
    .map(([, action, name, commit]) => `${action}@${commit}=${join(FOLDER, 'stand-ins', name)}`)
    .filter((standIn, index, all) => all.indexOf(standIn) === index)
}

function output(
  program: string,
  args: string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      env,
      timeout: LONGEST,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text
    })
    child.on('error', reject)
    child.on('close', (code) => resolve({ code: code ?? -1, stdout, stderr }))
  })
}
