import { execFile } from 'node:child_process'
import { cpSync, existsSync } from 'node:fs'
import { rm, symlink } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { git } from '../src/base/git.ts'
import { runCommandLine } from '../src/commands/command-line.ts'
import { type Surroundings, shellOf } from '../src/commands/shell.ts'
import { commitAll, copyOf, initialise, pack, put, sharedFolder } from './repository.ts'

/** The repository that these tests stand in. */
export const REPOSITORY = resolve(import.meta.dirname, '..')

/** Folder of the sales that the template ships: `cd4ml init` moves it to the examples. */
export const SAMPLE = ['examples/supermarket', 'data']
  .map((folder) => join(REPOSITORY, folder))
  .find((folder) => existsSync(folder))!

/** How that chain buys: `cd4ml init` keeps a copy beside the examples. */
export const SAMPLE_ORDERING = ['examples/supermarket/ordering.yml', 'ordering.yml']
  .map((file) => join(REPOSITORY, file))
  .find((file) => existsSync(file))!

/** What a command printed, and how it ended. */
export type Run = { code: number; stdout: string; stderr: string }

/**
 * A project like one made from the template: code, policy and packages of this repository, nothing
 * in production, and the given files, all committed on `main`.
 */
export async function newProject(files: Record<string, string>): Promise<string> {
  template ??= createTemplate()
  const project = await copyOf(await template)
  await put(project, files)
  await commitAll(project, 'Add sales and recipe')
  return project
}

/**
 * Calls the command line in the project's folder, as a person does, but without a process of its
 * own: to start one costs more than most commands do. `screen` has both outputs as a terminal shows
 * them.
 */
export async function cd4ml(
  project: string,
  args: string[],
  env: Record<string, string> = {},
): Promise<Run & { screen: string }> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()]
  const printed = { stdout: '', stderr: '', screen: '' }
  for (const [name, stream] of Object.entries({ stdout, stderr })) {
    stream.setEncoding('utf8').on('data', (text) => {
      printed[name as 'stdout' | 'stderr'] += text
      printed.screen += text
    })
  }
  const surroundings: Surroundings = {
    cwd: () => project,
    env: environment(env),
    stdin: Readable.from([]),
    stdout,
    stderr,
    once: () => {},
  }
  await runCommandLine(args, shellOf(surroundings))
  await Promise.all([stdout, stderr].map((stream) => finished(stream.end())))
  return { code: Number(surroundings.exitCode ?? 0), ...printed }
}

/** As `cd4ml`, in a process: where that is what a test is about. */
export function cd4mlProcess(
  project: string,
  args: string[],
  env: Record<string, string> = {},
): Promise<Run> {
  const options = { cwd: project, env: environment(env), maxBuffer: 1 << 28 }
  return new Promise((resolve, reject) => {
    execFile(process.execPath, commandLine(args), options, (error, stdout, stderr) => {
      if (error && typeof error.code !== 'number') reject(error)
      else resolve({ code: Number(error?.code ?? 0), stdout, stderr })
    })
  })
}

/** As `cd4ml`, where it has to succeed; returns standard output. */
export async function succeed(project: string, args: string[]): Promise<string> {
  const { code, stdout, stderr } = await cd4ml(project, args)
  if (code !== 0) throw new Error(`cd4ml ${args.join(' ')} ended with ${code}: ${stderr}${stdout}`)
  return stdout
}

/** As `succeed` with `--json`. What the command is to print is for the test to say. */
// biome-ignore lint/suspicious/noExplicitAny: tests read what commands print
export async function succeedJson(project: string, args: string[]): Promise<any> {
  return JSON.parse(await succeed(project, [...args, '--json']))
}

/** The arguments of Node for a call of the command line, which is the same code as the project's. */
export function commandLine(args: string[]): string[] {
  return [join(REPOSITORY, 'src', 'cli.ts'), ...args]
}

/** Of the environment in which the tests run, only what programs need to be found. */
export function environment(more: Record<string, string> = {}): Record<string, string> {
  const { PATH = '' } = process.env
  // Compiling the packages takes longer than most of what the tests ask for.
  const NODE_COMPILE_CACHE = join(REPOSITORY, 'node_modules', '.cache', 'compiled')
  const git = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' }
  return { PATH, NODE_COMPILE_CACHE, ...git, ...more }
}

/** Merges what was proposed, as a reviewer does. */
export async function mergeProposal(project: string, at?: string): Promise<void> {
  const env = at ? { GIT_COMMITTER_DATE: at, GIT_AUTHOR_DATE: at } : {}
  await git(project, ['merge', '--quiet', '--no-ff', '-m', 'Merge', 'promotion/demand'], { env })
}

let template: Promise<string> | undefined

async function createTemplate(): Promise<string> {
  const project = await sharedFolder()
  for (const path of ['src', 'package.json', 'package-lock.json', 'model-registry', '.gitignore']) {
    cpSync(join(REPOSITORY, path), join(project, path), {
      recursive: true,
      preserveTimestamps: true,
    })
  }
  await rm(join(project, 'model-registry', 'production'), { recursive: true, force: true })
  await symlink(join(REPOSITORY, 'node_modules'), join(project, 'node_modules'))
  await initialise(project)
  await commitAll(project, 'Use the template')
  await pack(project)
  return project
}
