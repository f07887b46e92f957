import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { git } from '../../src/base/git.ts'
import type { Runner } from '../../src/workflow/action.ts'
import { environment, REPOSITORY } from '../project.ts'
import { temporaryFolder } from '../repository.ts'

/** How a step of a workflow is called: what is under `with:`, and what GitHub knows. */
export type Step = {
  with?: Record<string, string>
  /** `GITHUB_…` variables, over those of a push to `main` of the repository `shop/demand`. */
  env?: Record<string, string>
  /** The payload of the event. */
  event?: object
}

/** What a step leaves behind. */
export type Outcome = {
  code: number
  /** Every one that `action.yml` names; empty where it was not set. */
  outputs: Record<string, string>
  /** Markdown. */
  summary: string
  annotations: Command[]
  /** What GitHub is told to mask. */
  masked: string[]
  /** All that was printed, commands too. */
  log: string
}

/** A line such as `::error file=data/sales/2025.csv,line=3::Not a number`. */
export type Command = { name: string; properties: Record<string, string>; message: string }

/**
 * Runs an action with the defaults of `action.yml`, as GitHub's runner does, but without a process
 * of its own: that costs more than most actions do.
 */
export async function runStep(project: string, action: string, step: Step = {}): Promise<Outcome> {
  const event = join(await temporaryFolder(), 'event.json')
  await writeFile(event, JSON.stringify(step.event ?? {}))
  const inputs = await inputsOf(action, step.with ?? {})
  const outputs = await emptyOutputs(action)
  const outcome: Outcome = { code: 0, outputs, summary: '', annotations: [], masked: [], log: '' }
  const annotate = (name: string, message: string, properties: Record<string, string>) => {
    outcome.annotations.push({ name, properties, message })
    outcome.log += `${message}\n`
  }
  const { run }: { run: (runner: Runner) => Promise<void> } = await import(
    `../../actions/${action}/action.ts`
  )
  await run({
    environment: await variables(project, step, { GITHUB_EVENT_PATH: event }),
    input: (name) => {
      if (!(name in inputs)) throw new Error(`action.yml of ${action} lacks the input ${name}`)
      return inputs[name].trim()
    },
    idToken: async (audience) => `${audience} is told who asks`,
    stopped: () => new Promise(() => {}),
    mask: (secret) => outcome.masked.push(secret),
    output: (name, value) => {
      if (!(name in outputs)) throw new Error(`${action} sets ${name}, which action.yml lacks`)
      outputs[name] = String(value)
    },
    annotate: ({ level, title, message, file, line }) =>
      annotate(level, message, {
        title,
        ...(file && { file }),
        ...(line && { line: String(line) }),
      }),
    summarise: async (markdown) => {
      outcome.summary += `${markdown}\n`
    },
    fail: (reason) => {
      outcome.code = 1
      if (reason !== undefined) annotate('error', reason, {})
    },
  })
  return outcome
}

/**
 * As `runStep`, but `main.ts` as a process: the inputs as variables, and files for the outputs and
 * the summary. Each action has to work so once.
 */
export async function runStepProcess(
  project: string,
  action: string,
  step: Step = {},
): Promise<Outcome> {
  const folder = await temporaryFolder()
  const files = {
    GITHUB_OUTPUT: join(folder, 'output'),
    GITHUB_STEP_SUMMARY: join(folder, 'summary.md'),
    GITHUB_EVENT_PATH: join(folder, 'event.json'),
  }
  await writeFile(files.GITHUB_OUTPUT, '')
  await writeFile(files.GITHUB_STEP_SUMMARY, '')
  await writeFile(files.GITHUB_EVENT_PATH, JSON.stringify(step.event ?? {}))
  const inputs = Object.entries(await inputsOf(action, step.with ?? {}))
  const env = {
    ...(await variables(project, step, files)),
    ...Object.fromEntries(
      inputs.map(([name, text]) => [`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`, text]),
    ),
  }
  const { code, log } = await run(project, action, env)
  const commands = log.split('\n').flatMap(commandOf)
  return {
    code,
    log,
    outputs: await outputsOf(action, await readFile(files.GITHUB_OUTPUT, 'utf8')),
    summary: await readFile(files.GITHUB_STEP_SUMMARY, 'utf8'),
    annotations: commands.filter(({ name }) => ['error', 'warning', 'notice'].includes(name)),
    masked: commands.filter(({ name }) => name === 'add-mask').map(({ message }) => message),
  }
}

/** What GitHub sets for a step. */
async function variables(
  project: string,
  step: Step,
  files: Record<string, string>,
): Promise<Record<string, string>> {
  return environment({
    GITHUB_ACTIONS: 'true',
    GITHUB_WORKSPACE: project,
    GITHUB_REPOSITORY: 'shop/demand',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_RUN_ID: '77',
    GITHUB_SHA: (await git(project, ['rev-parse', 'HEAD'])).trim(),
    GITHUB_EVENT_NAME: 'push',
    GITHUB_REF: 'refs/heads/main',
    GITHUB_REF_NAME: 'main',
    ...files,
    ...step.env,
  })
}

type Metadata = {
  inputs?: Record<string, { description: string; default?: string; required?: boolean }>
  outputs?: Record<string, { description: string }>
}

/** What `action.yml` says of an action. */
export async function metadataOf(action: string): Promise<Metadata> {
  return parse(await readFile(join(REPOSITORY, 'actions', action, 'action.yml'), 'utf8'))
}

/** The text of each input: what is given, or the default. */
async function inputsOf(
  action: string,
  given: Record<string, string>,
): Promise<Record<string, string>> {
  const { inputs = {} } = await metadataOf(action)
  const unknown = Object.keys(given).filter((name) => !(name in inputs))
  if (unknown.length > 0) throw new Error(`${action} has no input ${unknown.join(', ')}`)
  return Object.fromEntries(
    Object.entries(inputs).map(([name, input]) => [name, given[name] ?? input.default ?? '']),
  )
}

async function emptyOutputs(action: string): Promise<Record<string, string>> {
  const { outputs = {} } = await metadataOf(action)
  return Object.fromEntries(Object.keys(outputs).map((name) => [name, '']))
}

function run(
  project: string,
  action: string,
  env: Record<string, string>,
): Promise<{ code: number; log: string }> {
  const main = join(REPOSITORY, 'actions', action, 'main.ts')
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [main], { cwd: project, env }, (error, stdout, stderr) => {
      if (error && typeof error.code !== 'number') reject(error)
      else resolve({ code: Number(error?.code ?? 0), log: stdout + stderr })
    })
  })
}

/** The file holds `name<<delimiter`, the value, and the delimiter again. */
async function outputsOf(action: string, text: string): Promise<Record<string, string>> {
  const entries = text.matchAll(/^(.+?)<<(\S+)\r?\n([\s\S]*?)\r?\n?\2$/gm)
  const set = Object.fromEntries(Array.from(entries, ([, name, , value]) => [name, value]))
  const promised = await emptyOutputs(action)
  const unknown = Object.keys(set).filter((name) => !(name in promised))
  if (unknown.length > 0) throw new Error(`${action} sets ${unknown}, which action.yml lacks`)
  return { ...promised, ...set }
}

function commandOf(line: string): Command[] {
  const match = /^::([a-z-]+)(?: (.*?))?::(.*)$/.exec(line)
  if (!match) return []
  const [, name, list = '', message] = match
  const properties = Object.fromEntries(
    list
      .split(',')
      .filter(Boolean)
      .map((pair) => [
        pair.slice(0, pair.indexOf('=')),
        unescaped(pair.slice(pair.indexOf('=') + 1)),
      ]),
  )
  return [{ name, properties, message: unescaped(message) }]
}

function unescaped(text: string): string {
  const characters = { '%0A': '\n', '%0D': '\r', '%3A': ':', '%2C': ',', '%25': '%' }
  return text.replace(/%(?:0A|0D|3A|2C|25)/g, (code) => characters[code as '%0A'])
}
