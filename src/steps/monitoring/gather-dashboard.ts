import { unlessMistaken } from '../../base/errors.ts'
import { evaluationFrom } from '../../evaluation/gate/evaluation.ts'
import { NO_FILES, readKept } from '../../ledger/ledger.ts'
import type { DashboardData, VersionShown } from '../../monitoring/dashboard/dashboard-data.ts'
import { newCourses, type ProductCourses } from '../../monitoring/dashboard/product-courses.ts'
import type { HealthRecord } from '../../monitoring/health/health-record.ts'
import { healthKind, isSameHealth } from '../../monitoring/health/kept-health.ts'
import { readObjects } from '../../registry/objects.ts'
import { PRODUCTION } from '../../registry/production.ts'
import type { PromotionEntry } from '../../registry/promotions.ts'
import { isRepository } from '../../registry/repository.ts'
import { clonedLedger } from '../model/clone-ledger.ts'
import { knownLeaderboard } from './known-leaderboard.ts'
import { withHealth } from './monitor.ts'
import { publishedIn } from './published-blocks.ts'
import {
  momentOf,
  type ProductionInput,
  type ProductionRead,
  promotionsKnownAt,
} from './read-production.ts'

/**
 * What the dashboard shows: the records of health and runs that the ledger has and what production
 * does now, what was in production, and every product's sales with what was forecast of them. What
 * cannot be believed is left out; before anything was promoted, published or monitored there is less.
 */
export async function gatherDashboard(input: ProductionInput): Promise<DashboardData> {
  const { base, options } = input
  const { project } = options
  const at = await momentOf(input)
  const isInGit = await isRepository(project)
  const ledger = (isInGit ? await clonedLedger(project) : undefined) ?? NO_FILES
  const promotions = isInGit ? await promotionsKnownAt(project, base, at) : []
  const monitored = isInGit ? await monitoredNow(input) : undefined
  const now = monitored?.outcome === 'seen' ? monitored.made : undefined
  const { kept } = await readKept(ledger, healthKind, { asOf: at })
  return {
    health: healthOfEach(
      kept.map(({ record }) => record).filter((record) => isOfHistory(record, promotions)),
      now?.health,
    ),
    versions: await Promise.all(promotions.map((entry) => versionShown(project, entry))),
    leaderboard: (await knownLeaderboard(ledger, at)).leaderboard,
    products: now?.products ?? [],
    ...(monitored?.outcome === 'invalid' && { areSalesUnusable: true }),
  }
}

/** What git does not know to have been in production, somebody has made up. */
function isOfHistory({ production }: HealthRecord, promotions: readonly PromotionEntry[]): boolean {
  return promotions.some(
    (it) =>
      it.found === 'version' &&
      it.since === production.since &&
      it.manifest.version === production.version,
  )
}

/** The newest record of each time in production, the oldest first: of now, unless it is recorded. */
function healthOfEach(
  recorded: readonly HealthRecord[],
  now: HealthRecord | undefined,
): HealthRecord[] {
  const newest = new Map(recorded.map((record) => [record.production.since, record]))
  const known = now && newest.get(now.production.since)
  if (now && !(known && isSameHealth(known, now))) newest.set(now.production.since, now)
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

/** How production is now, with the course of every product, to which one part after the other is added. */
async function monitoredNow(input: ProductionInput) {
  let courses: ProductCourses | undefined
  const onPart: ProductionRead['onPart'] = (block) => {
    courses = newCourses(block.periods)
    return courses.addPart
  }
  return await withHealth({ ...input, onPart }, async ({ publications, ledger }, health) => {
    const newest = publications.at(-1)?.record
    const published =
      newest && (await unlessMistaken(() => publishedIn(ledger, newest.files.json, newest.series)))
    return { health, products: courses?.courses(published) ?? [] }
  })
}
