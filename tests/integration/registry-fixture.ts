import { createHash } from 'node:crypto'
import { cp, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { canonicalJson } from '../../src/canonical-json.ts'
import { UserError } from '../../src/errors.ts'
import type { Evaluation } from '../../src/evaluation/evaluation.ts'
import { git } from '../../src/git.ts'
import { readLineage } from '../../src/registry/lineage.ts'
import { asParent, type Lineage } from '../../src/registry/manifest.ts'
import { readVersion } from '../../src/registry/production.ts'
import type { Retraining } from '../../src/registry/retrain.ts'
import { type PromoteInput, promote } from '../../src/steps/promote.ts'
import { commitAll, copyOf, initialise, put, temporaryFolder } from '../repository.ts'

export const PATHS = {
  code: 'src',
  lockfile: 'package-lock.json',
  data: 'data',
  contract: 'data/datapackage.json',
  recipe: 'recipe.yml',
} as const

/** A small project under git, on `main`, with one commit. The folder's name has spaces. */
export async function newProject(): Promise<string> {
  project ??= createProject()
  return await copyOf(await project)
}

export async function createProject(options: string[] = []): Promise<string> {
  const repo = await temporaryFolder()
  await initialise(repo, options)
  await put(repo, {
    'src/cli.ts': TRAINING_PROGRAM,
    'package.json': '{ "type": "module" }\n',
    'package-lock.json': '{}\n',
    'data/datapackage.json': '{}\n',
    'data/sales/2026-09.csv': 'id;data_venda\r\n1;30/09/2026\r\n',
    'recipe.yml': 'families: [ridge]\n',
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

/** Training in miniature: a model that depends on code, data, recipe and the day. */
export async function trained({ folder, lineage, asOf }: Retraining): Promise<Uint8Array> {
  const hash = createHash('sha256')
  for (const path of [
    `${lineage.data.path}/sales/2026-09.csv`,
    lineage.contract.path,
    lineage.recipe.path,
  ]) {
    hash.update(await readFile(join(folder, path)))
  }
  return Buffer.from(`${JSON.stringify({ learnt: hash.digest('hex'), asOf: asOf ?? null })}\n`)
}

/** What the compare step hands to promote, for the newest commit of the project. */
export async function challenger(
  repo: string,
  changes: Partial<PromoteInput> = {},
): Promise<PromoteInput> {
  const lineage = await lineageOf(repo)
  const inProduction = await readVersion(repo, 'main')
  const evaluation = changes.evaluation ?? evaluationOf('ridge (penalty 10)')
  return {
    repo,
    challengerFiles: await versionFiles(repo, lineage, evaluation, changes.asOf),
    evaluation,
    ...(inProduction && { comparedWith: asParent(inProduction.manifest) }),
    lineage,
    trainedThrough: '2026-09-30',
    seed: 1,
    toolchain: { node: 'v24.0.0', cd4ml: '0.1.0' },
    ...changes,
  }
}

export async function lineageOf(repo: string): Promise<Lineage> {
  const reading = await readLineage(repo, PATHS)
  if (reading.state !== 'committed') throw new Error(JSON.stringify(reading))
  return reading.lineage
}

/** Trains on the project with this recipe, promotes and merges: a version more in production. */
export async function ship(repo: string, recipe: string, at: string): Promise<string> {
  await put(repo, { 'recipe.yml': recipe })
  await commitAll(repo, `Use the recipe ${recipe}`, at)
  const result = await promote(await challenger(repo, { evaluation: evaluationOf(recipe) }))
  if (result.outcome === 'refused') throw new Error(result.reasons.join('\n'))
  return await merge(repo, at)
}

/** Merges the promotion branch as GitHub's button does. */
export async function merge(repo: string, at: string): Promise<string> {
  const env = { GIT_COMMITTER_DATE: at, GIT_AUTHOR_DATE: at }
  await git(repo, ['merge', '--quiet', '--no-ff', '-m', 'Merge', 'promotion/demand'], { env })
  return (await git(repo, ['rev-parse', 'HEAD'])).trim()
}

export function evaluationOf(
  model: string,
  decision: Evaluation['decision'] = {
    decision: 'promote',
    verdict: 'better',
    summary: 'The challenger is better.',
    checks: [],
  },
): Evaluation {
  const contender = { model, metrics: { wape: 0.2 }, chosen: [] }
  return {
    format: 'cd4ml-evaluation/1',
    frequency: 'week',
    horizon: 4,
    levels: [0.1, 0.5, 0.9],
    origins: ['2026-08-31'],
    rows: 100,
    decidedBy: 'wape',
    confidence: 0.95,
    challenger: contender,
    baseline: contender,
    differences: {},
    segments: [],
    decision,
  }
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

async function versionFiles(
  repo: string,
  lineage: Lineage,
  evaluation: Evaluation,
  asOf?: string,
): Promise<Map<string, Uint8Array>> {
  const model = await trained({ folder: repo, lineage, ...(asOf && { asOf }) })
  return new Map([
    ['model.json', model],
    ['evaluation.json', Buffer.from(canonicalJson(evaluation))],
    ['README.md', Buffer.from(`# ${evaluation.challenger.model}\n`)],
    ['charts/wape.svg', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>\n')],
  ])
}

// The same training, as the program that a project has in src/.
const TRAINING_PROGRAM = `import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'

const text = { type: 'string' } as const
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { data: text, contract: text, recipe: text, 'as-of': text, out: text, quiet: { type: 'boolean' } },
})
if (positionals[0] !== 'train') throw new Error('expected train, but got ' + positionals[0])
const recipe = readFileSync(values.recipe!)
if (recipe.includes('broken')) {
  console.error('recipe.yml: families: must not be broken')
  process.exit(2)
}
const hash = createHash('sha256')
for (const path of [values.data + '/sales/2026-09.csv', values.contract!]) hash.update(readFileSync(path))
hash.update(recipe)
const model = { learnt: hash.digest('hex'), asOf: values['as-of'] ?? null }
mkdirSync(values.out!, { recursive: true })
writeFileSync(values.out + '/model.json', JSON.stringify(model) + '\\n')
`

let project: Promise<string> | undefined
