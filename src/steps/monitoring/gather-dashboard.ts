import { UserError, unlessMistaken } from '../../base/errors.ts'
import { evaluationFrom } from '../../evaluation/gate/evaluation.ts'
import { contentText } from '../../ledger/content.ts'
import { emptyLeaderboard } from '../../ledger/leaderboard.ts'
import { type LedgerFiles, readKept } from '../../ledger/ledger.ts'
import { type PublishedForecasts, publishedForecasts } from '../../ledger/published-forecasts.ts'
import type { DashboardData, VersionShown } from '../../monitoring/dashboard/dashboard-data.ts'
import { type SeriesCourse, productCourses } from '../../monitoring/dashboard/product-courses.ts'
import type { HealthRecord } from '../../monitoring/health/health-record.ts'
import { healthKind } from '../../monitoring/health/kept-health.ts'
import { readObjects } from '../../registry/objects.ts'
import { PRODUCTION } from '../../registry/production.ts'
import { type PromotionEntry, readPromotions } from '../../registry/promotions.ts'
import { isRepository, resolveBase } from '../../registry/repository.ts'
import { clonedLedger } from '../model/clone-ledger.ts'
import { knownLeaderboard } from './known-leaderboard.ts'
import { type ProductionInput, readProduction } from './read-production.ts'

/**
 * What the dashboard shows: the records of health and runs that the ledger has, what was in
 * production, and every product's sales with what was forecast of them. What cannot be believed is
 * left out; before anything was promoted, published or monitored there is less of it.
 */
export async function gatherDashboard(input: ProductionInput): Promise<DashboardData> {
  const { at, base, options } = input
  const { project } = options
  const isInGit = await isRepository(project)
  const ledger = isInGit ? await clonedLedger(project) : undefined
  const promotions = isInGit
    ? await readPromotions(project, (await resolveBase(project, base)).commit)
    : []
  return {
    health: ledger ? await healthIn(ledger, at) : [],
    versions: await Promise.all(promotions.map((entry) => versionShown(project, entry))),
    leaderboard: ledger ? (await knownLeaderboard(ledger, at)).leaderboard : emptyLeaderboard,
    products: await productsIn(input),
  }
}

/** The newest record of each time in production, the oldest first. */
async function healthIn(ledger: LedgerFiles, at: string): Promise<HealthRecord[]> {
  const { kept } = await readKept(ledger, healthKind, { asOf: at })
  const newest = new Map(kept.map(({ record }) => [record.production.since, record]))
  return [...newest.values()].sort((a, b) => (a.production.since < b.production.since ? -1 : 1))
}

async function versionShown(project: string, entry: PromotionEntry): Promise<VersionShown> {
  if (entry.found !== 'version') return entry
  const file = `${PRODUCTION}/evaluation.json`
  const [bytes] = await readObjects(project, [`${entry.commit}:${file}`])
  // Of an older format it says nothing here, and the version is shown all the same.
  const evaluation = bytes && unlessMistaken(() => evaluationFrom(bytes, file))
  const difference = evaluation?.differences[evaluation.decidedBy]
  if (!evaluation || !difference || entry.manifest.restores) return entry
  const { decidedBy: metric, champion } = evaluation
  return {
    ...entry,
    gain: { metric, difference, against: champion ? 'champion' : 'seasonal naive' },
  }
}

async function productsIn(input: ProductionInput): Promise<SeriesCourse[]> {
  const read = await readProduction(input)
  if (read.outcome !== 'seen') return []
  const { history, version, origins, block, publications, ledger } = read
  const { frequency, censoring } = version.model.recipe
  return productCourses({
    panel: history.panel({ frequency, censoring }),
    origins,
    periods: block.periods,
    newest: await newestForecasts(ledger, publications.at(-1)?.record.files.json),
  })
}

/** Undefined where none are published, or what is published cannot be read. */
async function newestForecasts(
  ledger: LedgerFiles,
  file: string | undefined,
): Promise<PublishedForecasts | undefined> {
  if (file === undefined) return undefined
  try {
    const bytes = await ledger.read(file)
    return bytes && publishedForecasts(contentText(file, bytes), file)
  } catch (error) {
    if (error instanceof UserError) return undefined
    throw error
  }
}
