import { createHash } from 'node:crypto'
import { cp, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { dayFromIso } from '../../src/base/day.ts'
import { UserError } from '../../src/base/errors.ts'
import { git } from '../../src/base/git.ts'
import type { Evaluation } from '../../src/evaluation/gate/evaluation.ts'
import { readTracked } from '../../src/registry/lineage.ts'
import { asParent, type Lineage } from '../../src/registry/manifest.ts'
import { readVersion } from '../../src/registry/production.ts'
import {
  type ProposeVersionInput,
  proposeVersion,
} from '../../src/steps/promotion/propose-version.ts'
import { commitAll, copyOf, initialise, put, sharedFolder, temporaryFolder } from '../repository.ts'
import { evaluationOf, MINIATURE_PROGRAM, miniatureVersion } from './miniature.ts'

export const PATHS = {
  code: 'src',
  lockfile: 'package-lock.json',
  data: 'data',
  contract: 'data/datapackage.json',
  recipe: 'recipe.yml',
  policy: 'model-registry/policy.yml',
} as const

/** The day on which the versions of these tests are made. */
export const MADE_ON = '2026-10-01'
export const TODAY = dayFromIso(MADE_ON)!

/** A small project under git, on `main`, with one commit. The folder's name has spaces. */
export async function newProject(): Promise<string> {
  project ??= createProject(await sharedFolder())
  return await copyOf(await project)
}

export async function createProject(repo: string, options: string[] = []): Promise<string> {
  await initialise(repo, options)
  await put(repo, {
    'src/cli.ts': MINIATURE_PROGRAM,
    'package.json': '{ "type": "module", "version": "0.1.0" }\n',
    'package-lock.json': '{}\n',
    'data/datapackage.json': '{}\n',
    'data/sales/2026-09.csv': 'id;data_venda\r\n1;30/09/2026\r\n',
    'recipe.yml': 'families: [ridge]\n',
    'model-registry/policy.yml': 'decidedBy: wape\n',
    'notes.txt': 'Call the bakery.\n',
    '.gitignore': 'node_modules/\n.cd4ml/\n',
  })
  await mkdir(join(repo, 'node_modules'))
  await commitAll(repo, 'Begin')
  return repo
}

/** What an untouched repository keeps: HEAD, branch, index and working folder. */
export async function snapshot(repo: string): Promise<unknown> {
  return {
    head: await git(repo, ['rev-parse', 'HEAD']),
    branch: await git(repo, ['branch', '--show-current']),
    index: createHash('sha256')
      .update(await readFile(join(repo, '.git/index')))
      .digest('hex'),
    status: await git(repo, ['status', '--porcelain', '--ignored']),
  }
}

/** Of what the tests of a registry differ in. */
export type Making = {
  lineage?: Lineage
  asOf?: string
  evaluation?: Evaluation
  base?: string
  baseline?: boolean
}

/** What the compare step hands to promote, for the newest commit of the project. */
export async function challenger(repo: string, making: Making = {}): Promise<ProposeVersionInput> {
  const { lineage = await lineageOf(repo), asOf, evaluation, base, baseline } = making
  const inProduction = await readVersion(repo, 'main')
  const version = await miniatureVersion(
    {
      folder: repo,
      remoteFolder: join(repo, '.cd4ml/remote'),
      reproduction: {
        format: 'cd4ml-reproduction/1',
        lineage,
        ...(asOf && { asOf }),
      },
    },
    inProduction && asParent(inProduction.manifest),
    evaluation,
  )
  return {
    repo,
    version,
    evaluation: evaluation ?? evaluationOf('ridge (penalty 10)'),
    ...(base !== undefined && { base }),
    ...(baseline && { baseline }),
  }
}

export async function lineageOf(
  repo: string,
  paths: Record<string, string> = PATHS,
): Promise<Lineage> {
  const reading = await readTracked(repo, paths)
  if (reading.state !== 'committed') throw new Error(JSON.stringify(reading))
  const { commit, objects } = reading
  const { code, lockfile, data, contract, recipe, policy, ordering } = objects
  const parts = { code, lockfile, data, contract, recipe, policy, ...(ordering && { ordering }) }
  return { commit, trainedOn: MADE_ON, ...parts }
}

/** Trains on the project with this recipe, promotes and merges: a version more in production. */
export async function ship(repo: string, recipe: string, at: string): Promise<string> {
  await put(repo, { 'recipe.yml': recipe })
  await commitAll(repo, `Use the recipe ${recipe}`, at)
  const result = await proposeVersion(await challenger(repo))
  if (result.outcome === 'refused') throw new Error(result.reasons.join('\n'))
  if (result.outcome === 'held') throw new Error(result.reason)
  return await merge(repo, at)
}

/** Merges the promotion branch as GitHub's button does. */
export async function merge(repo: string, at: string): Promise<string> {
  const env = { GIT_COMMITTER_DATE: at, GIT_AUTHOR_DATE: at }
  await git(repo, ['merge', '--quiet', '--no-ff', '-m', 'Merge', 'promotion/demand'], { env })
  return (await git(repo, ['rev-parse', 'HEAD'])).trim()
}

/** A file of the branch that promotions are proposed on. */
export async function proposed(repo: string, path: string): Promise<string> {
  return await git(repo, ['show', `promotion/demand:${path}`])
}

/** A clone with the newest commits only, as in a workflow. */
export async function shallowClone(repo: string, depth: number): Promise<string> {
  const folder = await temporaryFolder()
  const options = ['--quiet', '--no-local', `--depth=${depth}`, '--no-single-branch']
  await git(folder, ['clone', ...options, `file://${repo}`, '.'])
  await cp(join(repo, 'node_modules'), join(folder, 'node_modules'), { recursive: true })
  return folder
}

/** The user's mistake that a promise fails with. */
export async function failure(promise: Promise<unknown>): Promise<UserError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof UserError) return error
  throw new Error('expected a UserError', { cause: error })
}

let project: Promise<string> | undefined
