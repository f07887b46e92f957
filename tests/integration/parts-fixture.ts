import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Day, dayFromIso } from '../../src/base/day.ts'
import type { FitStore } from '../../src/evaluation/search/fit-store.ts'
import { POLICY } from '../../src/registry/manifest.ts'
import { inputsIn, readInputs, type ValidInputs } from '../../src/steps/data/inputs.ts'
import { compare } from '../../src/steps/model/compare.ts'
import { JOBS, type JobPlan } from '../../src/steps/model/job-plan.ts'
import { planJobs } from '../../src/steps/model/plan-jobs.ts'
import { train } from '../../src/steps/model/train.ts'
import { withHistories } from '../../src/steps/model/with-history.ts'
import { promote } from '../../src/steps/promotion/promote.ts'
import { REPOSITORY } from '../project.ts'
import { commitAll, initialise, put, temporaryFolder } from '../repository.ts'
import { dataFiles, OPENING, productIds, recipe, type Sale, salesOf } from '../shop.ts'

export const WEEKS = 60
export const TODAY = OPENING + WEEKS * 7

/** Stores whose names are as hostile as those of any extraction. */
export const STORES = ['Centro', 'centro', '../../etc/passwd', 'São José']

/** What a chain of these stores sells: in each something else of the same products. */
export function chainSales(stores: readonly string[] = STORES, weeks = WEEKS): Sale[] {
  return stores.flatMap((store, index) =>
    salesOf({ products: productIds(4), frequency: 'week', periods: weeks, seed: index + 1 }).map(
      (sale) => ({ ...sale, store }),
    ),
  )
}

/** A project under git with these sales, and a recipe that parts them by `partition`, or with `NONE` does not. */
export async function partedProject(
  sales: Sale[],
  partition: string,
  families = 'moving-average: { window: 1 }',
): Promise<string> {
  const project = await temporaryFolder()
  await initialise(project)
  await put(project, {
    ...dataFiles(sales),
    ...partedRecipe(partition, families),
    [POLICY]: await readFile(join(REPOSITORY, POLICY)),
    'src/cli.ts': '',
    'package.json': '{ "version": "1.0.0" }\n',
    'package-lock.json': '{}\n',
    'node_modules/x': '',
    '.gitignore': 'node_modules/\n.cd4ml/\n',
  })
  await commitAll(project, 'Begin')
  return project
}

/** A recipe in parts, or with `NONE` one of all series. */
export function partedRecipe(partition: string, families: string): Record<string, string> {
  const { 'recipe.yml': text } = recipe(families)
  return { 'recipe.yml': partition === NONE ? text : `${text}partition: ${partition}\n` }
}

export const NONE = 'none'

export async function inputsOf(
  project: string,
  asOf?: string,
  today = TODAY,
): Promise<ValidInputs> {
  const names = { data: 'data', asOf: asOf === undefined ? undefined : dayFromIso(asOf) }
  const inputs = await readInputs(inputsIn(project, today, names))
  if (inputs.outcome === 'invalid') throw new Error(JSON.stringify(inputs.report))
  return inputs
}

export const outOf = (project: string) => join(project, '.cd4ml/challenger')

/** Trains and compares as the pipeline does. */
export async function trainAndCompare(project: string, store?: FitStore, today?: Day) {
  const inputs = await inputsOf(project, undefined, today)
  const out = outOf(project)
  return await withHistories(
    inputs,
    async (histories) => {
      const trained = await train({ inputs, histories, out })
      const compared = await compare({ inputs, histories, policy: join(project, POLICY), out })
      return { trained, ...compared }
    },
    store && { store },
  )
}

/** Shares the fits among so many jobs, in the folder where the commands do. */
export async function planFor(project: string, jobs: number): Promise<JobPlan> {
  const inputs = await inputsOf(project)
  const policy = join(project, POLICY)
  const folder = join(project, JOBS)
  return await withHistories(inputs, (histories) =>
    planJobs({ inputs, histories, policy, jobs, folder }),
  )
}

export async function proposed(project: string, options: { baseline?: boolean } = {}) {
  const result = await promote({ repo: project, out: outOf(project), ...options })
  if (result.outcome === 'refused') throw new Error(result.reasons.join('\n'))
  if (result.outcome === 'held') throw new Error(result.reason)
  return result
}
