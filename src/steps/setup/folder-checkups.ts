import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Type } from 'typebox'
import type { Day } from '../../base/day.ts'
import { git } from '../../base/git.ts'
import { languageNames } from '../../base/language.ts'
import { readProjectSettings } from '../../base/project-settings.ts'
import { checker } from '../../base/schema.ts'
import { openObject } from '../../base/schema-parts.ts'
import { counted, integer } from '../../base/wording.ts'
import { readYaml } from '../../base/yaml-file.ts'
import { buildPanel } from '../../demand/panel.ts'
import { cautionsOf } from '../../evaluation/gate/caution.ts'
import { readPolicy } from '../../evaluation/gate/policy.ts'
import { readRecipe } from '../../forecasting/recipe.ts'
import { readOrdering } from '../../ordering/buying-terms.ts'
import { readDecisionReasons } from '../../ordering/decision-reasons.ts'
import { POLICY } from '../../registry/manifest.ts'
import { aboutArtifact, artifactOf, knownSeries } from '../../registry/model-parts.ts'
import { PRODUCTION, readVersion } from '../../registry/production.ts'
import { isMain, isRepository, isShallow, resolveBase } from '../../registry/repository.ts'
import { isStillSample, sampleVersions } from '../../registry/sample.ts'
import { comparingTexts } from '../../reporting/texts/comparing.ts'
import { cautionText } from '../../reporting/verdict-text.ts'
import { type DailyTotals, seriesId } from '../../sales/totals/daily-totals.ts'
import type { Source } from '../../sales/warehouse/source.ts'
import { inputsIn, validateSales } from '../data/inputs.ts'
import type { ValidationResult } from '../data/validate.ts'
import type { Checkup } from './checkup.ts'
import { attempted, done, toDo } from './checkup.ts'
import { CODE_OWNERS, openTeams } from './code-owners.ts'
import { warehouseHere } from './warehouse-checkups.ts'

type Options = {
  project: string
  today: Day
  environment: NodeJS.ProcessEnv
  /** Where the contract says that sales are asked for. */
  source: Source | undefined
  onProgress?: (done: number, total: number) => void
}

/** What can be seen without GitHub. */
export async function folderCheckups(options: Options): Promise<Checkup[]> {
  const { project } = options
  let totals: DailyTotals | undefined
  const sales = await attempted('sales', async () => {
    const { project, today, onProgress } = options
    const inputs = inputsIn(project, today, { data: 'data' })
    const result = await validateSales({ ...inputs, ...(onProgress && { onProgress }) })
    if (result.outcome === 'valid') totals = result.totals
    return (await stillSample(project)) ?? salesCheckup(result)
  })
  return [
    await attempted('repository', () => checkRepository(project)),
    await attempted('project', () => checkSettings(project)),
    sales,
    ...(await warehouse(options)),
    await attempted('recipe', () => checkRecipe(project, totals)),
    await attempted('ordering', () => checkOrdering(project)),
    await attempted('policy', () => checkPolicy(project)),
    await attempted('production', () => checkProduction(project, totals)),
    await attempted('code owners', () => checkOwners(project)),
    await attempted('schedule', () => checkSchedule(project)),
  ]
}

async function warehouse({ source, project, today, environment }: Options): Promise<Checkup[]> {
  if (source === undefined) return []
  const { contract } = inputsIn(project, today, { data: 'data' })
  const of = { project, contract, environment }
  return [await attempted('warehouse', () => warehouseHere(source, of))]
}

async function stillSample(project: string): Promise<Checkup | undefined> {
  if (!(await isRepository(project))) return undefined
  const { commit } = await resolveBase(project)
  if (!(await isStillSample(project, commit))) return undefined
  return toDo('sales', 'they are those that the template ships: no workflow works by itself', {
    remedy: `${INIT} Commit, and push it to main.`,
  })
}

const INIT = 'Put your own in their place: npx cd4ml init --sales FILE… --owners OWNER….'

function salesCheckup({ outcome, report, contract }: ValidationResult): Checkup {
  const { rowsRead, rowsQuarantined, files, lastSaleDay } = report.totals
  if (contract.isSample) {
    return toDo('sales', 'the contract says that they are those that the template ships', {
      remedy: `${INIT} Where they are yours, take "sample" out of data/datapackage.json.`,
    })
  }
  if (outcome === 'invalid') {
    return toDo('sales', 'they are not valid by the contract data/datapackage.json', {
      remedy: 'See what is wrong with which line: npx cd4ml validate',
    })
  }
  const unread = report.findings.find(({ rule }) => rule === 'file-not-read')
  if (unread) {
    const names = unread.examples.map(({ value }) => value).join(', ')
    return toDo('sales', `the contract does not name ${names}, which is not read`, {
      remedy: unread.remedy,
    })
  }
  const rows = `${counted(rowsRead, 'row')} in ${counted(files, 'file')}`
  const until = lastSaleDay === undefined ? '' : ` until ${lastSaleDay}`
  const plan = report.plan
    ? `, and ${counted(report.plan.rowsRead, 'row')} of the plan, ${integer(report.plan.rowsQuarantined)} quarantined`
    : ''
  const isListed = report.findings.every(({ rule }) => rule !== 'files-not-listed')
  const list = isListed ? '' : '. The list of files is old: npx cd4ml validate --list-files'
  return done(
    'sales',
    `${rows}${until}, ${integer(rowsQuarantined)} of them quarantined${plan}${list}`,
  )
}

async function checkRepository(project: string): Promise<Checkup> {
  const { name } = await resolveBase(project)
  if (!isMain(name)) {
    return toDo('repository', `its branch is ${name}, but the workflows work on main`, {
      remedy: `Rename it: git branch --move ${name} main; on GitHub, under Settings > General > Default branch.`,
    })
  }
  if (await isShallow(project)) {
    return toDo('repository', 'this clone holds only the newest commits', {
      remedy: 'Fetch the whole history, which is the registry: git fetch --unshallow',
    })
  }
  return done('repository', `${name} with its whole history`)
}

async function checkSettings(project: string): Promise<Checkup> {
  const { timeZone, language } = await readProjectSettings(project)
  const reports = `pull requests, orders and reports are in ${languageNames[language]}`
  return done('project', `a day begins at midnight in ${timeZone}; ${reports}`)
}

async function checkRecipe(project: string, totals: DailyTotals | undefined): Promise<Checkup> {
  const recipe = await readRecipe(join(project, 'recipe.yml'))
  const { frequency, horizon } = recipe
  if (totals) buildPanel(totals, { frequency })
  return done('recipe', `${counted(horizon, frequency)} ahead, holidays of ${recipe.holidays}`)
}

async function checkOrdering(project: string): Promise<Checkup> {
  const { leadTime, reviewPeriod } = (await readOrdering(project)).defaults
  // Who is served by nobody gives no reasons; a file that cannot be read is a mistake all the same.
  await readDecisionReasons(project)
  const days = `every ${counted(reviewPeriod, 'day')}, ${counted(leadTime, 'day')} ahead`
  return done('ordering', `ordered ${days}, but for what ordering.yml says of products`)
}

async function checkPolicy(project: string): Promise<Checkup> {
  const policy = await readPolicy(join(project, POLICY))
  const { decidedBy, origins, minimumOrigins, step } = policy
  // What is wrong with the recipe is said of the recipe.
  const recipe = await readRecipe(join(project, 'recipe.yml')).catch(() => undefined)
  const overlap = recipe && step ? Math.max(1, Math.ceil(recipe.horizon / step)) : 1
  const cautions = cautionsOf(policy, { origins: minimumOrigins, overlap })
  const blind = cautions.map((caution) => cautionText(caution, 'en'))
  const metric = comparingTexts.en.metricInSentence(decidedBy)
  const few = minimumOrigins < origins ? `, on ${minimumOrigins} to ${origins} origins` : ''
  return done('policy', [`${metric} decides${few}`, ...blind].join('. '))
}

async function checkProduction(project: string, totals: DailyTotals | undefined): Promise<Checkup> {
  const base = await resolveBase(project)
  const [tag] = await sampleTags(project, base.commit)
  if (tag !== undefined) {
    return toDo('production', `the release ${tag} is that of the sample, and in the way of yours`, {
      remedy: `Delete it with its tag: gh release delete ${tag} --cleanup-tag; git fetch --prune-tags`,
    })
  }
  const version = await readVersion(project, base.commit)
  if (!version) {
    return toDo('production', `${base.name} has no model in production`, {
      remedy: `Merge the promotion that npm run pipeline proposes, or begin with the baseline: docs/promotion.md, "The first model"`,
    })
  }
  const artifact = artifactOf(version)
  const known = new Set(await knownSeries(artifact))
  if (totals && !totals.series.some((series) => known.has(seriesId(series)))) {
    return toDo('production', 'the model knows none of the products in the sales', {
      remedy: `It was trained on others. Remove it (git rm -r ${PRODUCTION}), commit, and promote one of your own: npm run pipeline`,
    })
  }
  const { version: number, trainedThrough } = version.manifest
  return done(
    'production',
    `version ${number}, ${aboutArtifact(artifact).name}, trained through ${trainedThrough}`,
  )
}

/** Copies of earlier days have released the sample, under numbers that their own versions need. */
async function sampleTags(project: string, commit: string): Promise<string[]> {
  const isSample = await sampleVersions(project, commit)
  const names = ['for-each-ref', '--format=%(refname:strip=2)', 'refs/tags/model']
  const found: string[] = []
  for (const tag of (await git(project, names)).split('\n').filter(Boolean)) {
    if (await isSample(`refs/tags/${tag}`)) found.push(tag)
  }
  return found
}

async function checkOwners(project: string): Promise<Checkup> {
  const text = await readFile(join(project, CODE_OWNERS), 'utf8').catch(() => undefined)
  if (text === undefined) {
    return toDo('code owners', `there is no ${CODE_OWNERS}`, {
      remedy: 'Write one that names who reviews what, so that nobody changes the gate alone.',
    })
  }
  const open = openTeams(text)
  if (open.length > 0) {
    return toDo('code owners', `${CODE_OWNERS} does not say yet who ${open.join(', ')} are`, {
      remedy: 'Put your teams or people in place of each @your-org/…',
    })
  }
  return done('code owners', `${CODE_OWNERS} names them`)
}

async function checkSchedule(project: string): Promise<Checkup> {
  const workflow = await readYaml(join(project, RETRAIN), checkWorkflow)
  const schedule = workflow.on.schedule ?? []
  if (schedule.length === 0) {
    return toDo('schedule', `${RETRAIN} has no schedule`, {
      remedy: "Give it one, such as on: { schedule: [{ cron: '23 6 * * 1' }] }",
    })
  }
  return done('schedule', `retraining at ${schedule.map(({ cron }) => cron).join(', ')} (UTC)`)
}

const RETRAIN = '.github/workflows/retrain.yml'

const checkWorkflow = checker(
  openObject({
    on: openObject({ schedule: Type.Optional(Type.Array(openObject({ cron: Type.String() }))) }),
  }),
)
