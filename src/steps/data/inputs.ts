import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Day, isoFromDay } from '../../base/day.ts'
import { unlessMistaken } from '../../base/errors.ts'
import { type Recipe, readRecipe } from '../../forecasting/recipe.ts'
import type { Fingerprint } from '../../registry/challenger.ts'
import { readTracked } from '../../registry/lineage.ts'
import { CODE, LOCK_FILE, type TrainingLineage } from '../../registry/manifest.ts'
import { requireRecordable } from '../../registry/recordable.ts'
import type { ValidationReport } from '../../sales/checks/validation-report.ts'
import { type Contract, readContract } from '../../sales/contract/contract.ts'
import { REMOTE_FOLDER } from '../../sales/contract/remote-path.ts'
import { dataDigest } from '../../sales/plan/data-digest.ts'
import type { Plan } from '../../sales/plan/plan.ts'
import type { DataFile } from '../../sales/sources/data-files.ts'
import { salesFolder } from '../../sales/sources/sales-source.ts'
import type { DailyTotals, SeriesKey } from '../../sales/totals/daily-totals.ts'
import type { PartedBy } from '../../sales/totals/parts.ts'
import { partedBy } from './parted-by.ts'
import type { ValidationOptions } from './read-sales.ts'
import { partSales, type SalesInParts } from './sales-in-parts.ts'
import { type ValidationResult, validate, validateInSlices } from './validate.ts'

/** Folder of the quarantined rows, in the project. */
export const QUARANTINE = '.cd4ml/quarantine'

/** Folder of what was read of the sales, in the project. */
export const CACHE = '.cd4ml/cache'

/** Where everything stands, as absolute paths. */
export type InputOptions = {
  project: string
  data: string
  contract: string
  recipe: string
  today: Day
  asOf?: Day
  onProgress?: (done: number, total: number) => void
}

/** The sales of a model: of all series together, or of a model in parts of one part at a time. */
export type ModelSales =
  | { totals: DailyTotals; parts?: never }
  | { totals?: never; parts: SalesInParts }

/** All that training and comparing start from. */
export type ModelInputs = ModelSales & {
  project: string
  /** Folder of the sales files, as an absolute path. */
  data: string
  asOf?: Day
  /** What was planned, as far as it was known. */
  plan: Plan
  recipe: Recipe
  fingerprint: Fingerprint
  report?: ValidationReport
  /** What was read that git knows by its hash alone; absent where there was nothing. */
  remote?: NonNullable<TrainingLineage['remote']>
  /** Absent where something of it is not committed, or there is no repository. */
  lineage?: TrainingLineage
}

export type ValidInputs = ModelInputs & {
  outcome: 'valid'
  report: ValidationReport
  /** By what other models than that of the recipe part these sales. Throws as `partedBy` does. */
  partedBy(partition: string): Promise<PartedBy>
}

export type Inputs = ValidInputs | { outcome: 'invalid'; report: ValidationReport }

/** What is read, as people name it: relative to the project, the contract beside the data. */
export type InputNames = {
  data: string
  contract?: string | undefined
  recipe?: string
  asOf?: Day | undefined
}

/** Where all of it stands in the project. */
export function inputsIn(project: string, today: Day, names: InputNames): InputOptions {
  const { data, contract = join(data, 'datapackage.json'), recipe = 'recipe.yml', asOf } = names
  return {
    project,
    data: resolve(project, data),
    contract: resolve(project, contract),
    recipe: resolve(project, recipe),
    today,
    ...(asOf !== undefined && { asOf }),
  }
}

/** Validates the sales, reads the recipe, and establishes which versions of both they are. */
export async function readInputs(options: InputOptions): Promise<Inputs> {
  const { project, data, contract, recipe: recipeFile, asOf } = options
  const recipe = await readRecipe(recipeFile)
  const files = await salesFolder.list(
    await readContract(contract),
    data,
    join(project, REMOTE_FOLDER),
    options.onProgress,
  )
  const own = files.filter(({ resource }) => resource.remote === undefined)
  await requireRecordable(project, {
    data: { folder: data, files: own.map(({ path }) => path) },
    files: [contract, recipeFile, join(project, LOCK_FILE)],
    code: true,
  })
  const read = await readModelSales(options, recipe.partition, { isNew: true })
  if (read.outcome === 'invalid') return { outcome: 'invalid', report: read.report }
  const { sales, plan, report } = read
  const fingerprint: Fingerprint = {
    data: digestOfSales(sales, plan),
    contract: digestOf(await readFile(contract)),
    recipe: digestOf(await readFile(recipeFile)),
    ...(asOf !== undefined && { asOf: isoFromDay(asOf) }),
  }
  const lineage = await readLineage(options)
  const remote = remoteOf(files)
  return {
    outcome: 'valid',
    report,
    project,
    data,
    ...(asOf !== undefined && { asOf }),
    ...sales,
    plan,
    recipe,
    fingerprint,
    partedBy: (partition) => partedByIn(options, read.contract, partition),
    ...(lineage && { lineage: { ...lineage, ...remote } }),
    ...remote,
  }
}

function remoteOf(files: DataFile[]): Pick<ModelInputs, 'remote'> {
  const remote = files.flatMap(({ resource: { remote } }) => {
    if (remote === undefined) return []
    const { url, bytes, algorithm, digest } = remote
    return [{ url, bytes, hash: `${algorithm}:${digest}` }]
  })
  return remote.length > 0 ? { remote } : {}
}

/** Valid sales as a model takes them, and what was said of them. */
export type ReadSales = Omit<Extract<ValidationResult, { outcome: 'valid' }>, 'totals'> & {
  sales: ModelSales
}

/**
 * Validates the sales, and parts them as a model does, by what its recipe says, or not at all. Those
 * in parts are never in memory all at once. With `keep: false`, nothing that was read is kept; with
 * `isNew`, the model is yet to be trained: what would be no parts of a chain is refused. One in
 * production has the parts that it has, however many stores have opened since.
 */
export async function readModelSales(
  options: Omit<InputOptions, 'recipe'>,
  partition: string | undefined,
  { keep = true, isNew = false }: { keep?: boolean; isNew?: boolean } = {},
): Promise<ReadSales | { outcome: 'invalid'; report: ValidationReport }> {
  const kept = { keep }
  if (partition === undefined) {
    const result = await validateSales(options, kept)
    if (result.outcome === 'invalid') return result
    const { totals, ...read } = result
    return { ...read, sales: { totals } }
  }
  return await withCache(options, kept, async (cacheFolder) => {
    const where = keep ? keptIn(options) : { cacheFolder }
    const result = await validateInSlices({ ...validationOf(options), ...where })
    if (result.outcome === 'invalid') return result
    const { sales, ...read } = result
    try {
      const by = await partedByIn(options, read.contract, partition, kept)
      const folder = join(options.project, CACHE)
      const parts = await partSales(sales, read.plan, { partition, by, folder, isNew })
      return { ...read, sales: { parts } }
    } finally {
      await sales.close()
    }
  })
}

/** SHA-256, in hex, of what models can learn from these sales. */
export function digestOfSales({ totals, parts }: ModelSales, plan: Plan): string {
  return parts ? parts.digest : dataDigest(totals, plan)
}

/**
 * By what a recipe or a model parts the sales of a project, with its cache; with `keep: false`, without
 * it. Of the files of the contract those of the plan are in no part.
 */
export async function partedByIn(
  options: Omit<InputOptions, 'recipe'>,
  contract: Contract,
  partition: string,
  kept: { keep: boolean } = { keep: true },
): Promise<PartedBy> {
  const { project, data, today, asOf } = options
  const files = await salesFolder.list(contract, data, join(project, REMOTE_FOLDER))
  return await withCache(options, kept, (cacheFolder) =>
    partedBy(partition, {
      contract,
      files: files.filter(({ resource }) => resource.name !== contract.plan?.resource.name),
      today,
      ...(asOf !== undefined && { asOf }),
      cacheFolder,
    }),
  )
}

/** With the cache of the project or, where nothing is to be kept, with one that is gone afterwards. */
async function withCache<T>(
  { project }: Pick<InputOptions, 'project'>,
  { keep }: { keep: boolean },
  work: (cacheFolder: string) => Promise<T>,
): Promise<T> {
  if (keep) return await work(join(project, CACHE))
  const folder = await mkdtemp(join(tmpdir(), 'cd4ml-cache-'))
  try {
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function readLineage(options: InputOptions): Promise<TrainingLineage | undefined> {
  const { project, data, contract, recipe, today } = options
  const paths = { code: CODE, lockfile: LOCK_FILE, data, contract, recipe }
  const reading = await readTracked(project, paths)
  if (reading.state !== 'committed') return undefined
  return { commit: reading.commit, trainedOn: isoFromDay(today), ...reading.objects }
}

/** Validates with the cache and the quarantine of the project; with `keep: false`, with neither. */
export function validateSales(
  options: Omit<InputOptions, 'recipe'>,
  { keep }: { keep: boolean } = { keep: true },
) {
  return validate(keep ? { ...validationOf(options), ...keptIn(options) } : validationOf(options))
}

/** What is said of sales that nobody holds on to. */
export type CheckedSales = {
  outcome: ValidationResult['outcome']
  report: ValidationReport
  /** Absent where they are invalid. */
  series?: readonly SeriesKey[]
}

/** As `validateSales`. Those that the recipe parts are never in memory all at once. */
export async function checkSales(options: InputOptions): Promise<CheckedSales> {
  const recipe = await unlessMistaken(() => readRecipe(options.recipe))
  if (recipe?.partition === undefined) {
    const { outcome, report, ...read } = await validateSales(options)
    return { outcome, report, ...('totals' in read && { series: read.totals.series }) }
  }
  const result = await validateInSlices({ ...validationOf(options), ...keptIn(options) })
  const { outcome, report } = result
  if (result.outcome === 'invalid') return { outcome, report }
  await result.sales.close()
  return { outcome, report, series: result.sales.series }
}

function validationOf({
  project,
  data,
  contract,
  today,
  asOf,
  onProgress,
}: Omit<InputOptions, 'recipe'>): ValidationOptions {
  return {
    dataFolder: data,
    contractFile: contract,
    today,
    remoteFolder: join(project, REMOTE_FOLDER),
    ...(asOf !== undefined && { asOf }),
    ...(onProgress && { onProgress }),
  }
}

function keptIn({ project }: Pick<InputOptions, 'project'>) {
  return { cacheFolder: join(project, CACHE), quarantineFolder: join(project, QUARANTINE) }
}

function digestOf(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}
