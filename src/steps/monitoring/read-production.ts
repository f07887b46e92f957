import { join } from 'node:path'
import type { Day } from '../../base/day.ts'
import { UserError } from '../../base/errors.ts'
import { readProjectSettings } from '../../base/project-settings.ts'
import { remembered } from '../../base/remembered.ts'
import { dayAt, startOfDay } from '../../base/today.ts'
import { periodOf } from '../../demand/calendar.ts'
import { type Evaluation, evaluationFrom } from '../../evaluation/gate/evaluation.ts'
import { type Policy, readPolicy } from '../../evaluation/gate/policy.ts'
import type { OriginForecast, OriginRows } from '../../evaluation/scoring/rows.ts'
import { type History, openHistory } from '../../evaluation/search/history.ts'
import { contentText } from '../../ledger/content.ts'
import type { RecordedEvent } from '../../ledger/events/event.ts'
import { readEvents } from '../../ledger/events/event-files.ts'
import type { ForecastRecord, MadeForecasts } from '../../ledger/forecast-record.ts'
import { forecastsKind, type LedgerFiles, type LeftOut, readKept } from '../../ledger/ledger.ts'
import { type PublishedForecasts, publishedForecasts } from '../../ledger/published-forecasts.ts'
import { believedPublications } from '../../monitoring/origins/believed-publications.ts'
import { type BlockLength, blockLength } from '../../monitoring/origins/block-length.ts'
import {
  type KnownPublication,
  publicationsByStart,
  publicationsOf,
} from '../../monitoring/origins/known-publication.ts'
import {
  type PublishedShadow,
  productionBlocks,
} from '../../monitoring/origins/production-blocks.ts'
import type {
  ProductionBlock,
  ProductionOrigin,
} from '../../monitoring/origins/production-origin.ts'
import { type Ordering, readOrdering } from '../../ordering/buying-terms.ts'
import { type DecisionReason, readDecisionReasons } from '../../ordering/decision-reasons.ts'
import { type Manifest, POLICY } from '../../registry/manifest.ts'
import {
  type AboutArtifact,
  aboutArtifact,
  artifactOf,
  type OpenedArtifact,
} from '../../registry/model-parts.ts'
import { contentOf, PRODUCTION, readVersion } from '../../registry/production.ts'
import { type PromotionEntry, readPromotions, type Shipped } from '../../registry/promotions.ts'
import { isRepository, isShallow, resolveBase } from '../../registry/repository.ts'
import type { ValidationReport } from '../../sales/checks/validation-report.ts'
import type { Contract } from '../../sales/contract/contract.ts'
import type { Plan } from '../../sales/plan/plan.ts'
import type { DailyTotals } from '../../sales/totals/daily-totals.ts'
import type { PartedBy } from '../../sales/totals/parts.ts'
import { type InputOptions, partedByIn, validateSales } from '../data/inputs.ts'
import { clonedLedger } from '../model/clone-ledger.ts'
import { forecastAgain, type SalesAgain } from './forecast-again.ts'

export type ProductionInput = {
  options: Omit<InputOptions, 'recipe'>
  /** Branch that is in production; by default as `resolveBase` says. */
  base?: string
  /** The moment, ISO 8601 in UTC: records of later ones are not believed. */
  at: string
}

/** All that is known of the model in production: what every report about it rests on. */
export type ProductionSeen = {
  /** The day as of which it is seen, and the last moment that counts, ISO 8601 in UTC. */
  today: Day
  at: string
  /** What is in production, and since when (ISO 8601 in UTC). */
  version: {
    manifest: Manifest
    artifact: OpenedArtifact
    model: AboutArtifact
    evaluation: Evaluation
    since: string
  }
  /** What that says of some rows from these sales, or others, or why it cannot say it. */
  forecastAgain(rows: OriginRows, sales?: SalesAgain): Promise<OriginForecast | { problem: string }>
  /** What was in production until then, newest first; the first one is the version. */
  promotions: PromotionEntry[]
  policy: Policy
  ordering: Ordering
  /** Why buyers decide otherwise than advised. */
  reasons: DecisionReason[]
  /** The newest sales, and what was planned. */
  totals: DailyTotals
  plan: Plan
  report: ValidationReport
  history: History
  /** What was published, by any version, in the order of time: what can have been as it says. */
  publications: KnownPublication[]
  /** Those of them by the version since its promotion. */
  own: KnownPublication[]
  /** All attempts to publish, those among them that made nothing new, in the order of time. */
  attempts: ForecastRecord[]
  block: BlockLength
  /** Since the promotion, in the order of time: every block that is over, and the origins of those
   * of which there are forecasts. */
  blocks: ProductionBlock[]
  origins: ProductionOrigin[]
  /** What services recorded. */
  events: RecordedEvent[]
  ledger: LedgerFiles
  /** Records that are damaged or not believed. */
  leftOut: LeftOut[]
}

export type ReadProduction =
  | ({ outcome: 'seen' } & ProductionSeen)
  | { outcome: 'nothing'; reason: 'nothing in production' | 'no ledger' }
  | { outcome: 'invalid'; report: ValidationReport }

/**
 * Reads what was in production on a branch at a moment, what it forecast since then, as the branch
 * `ledger` of the clone tells, and what became of it, as the newest sales say. Throws a `UserError`
 * where the clone is too shallow to know since when.
 *
 * @param refuted - publications that the model says it has not made, by their ids, each with why
 */
export async function readProduction(
  { options, base, at: now }: ProductionInput,
  refuted: ReadonlyMap<string, string> = new Map(),
): Promise<ReadProduction> {
  const { project, asOf, today } = options
  const { timeZone } = await readProjectSettings(project)
  const at = await momentOf({ options, at: now })
  const promotions = await promotionsUntil(project, base, at)
  const [current] = promotions
  if (current?.found === 'unreadable') {
    throw new UserError(`cannot be read: ${current.problem}`, { file: PRODUCTION })
  }
  if (current?.found !== 'version') return { outcome: 'nothing', reason: 'nothing in production' }
  const ledger = (await isRepository(project)) ? await clonedLedger(project) : undefined
  if (!ledger) return { outcome: 'nothing', reason: 'no ledger' }
  const version = await versionOf(project, current)
  const sales = await validateSales(options)
  if (sales.outcome === 'invalid') return { outcome: 'invalid', report: sales.report }
  const { totals, plan, report, contract } = sales
  const history = openHistory(totals, { asOf, plan })
  const ordering = await readOrdering(project)
  const { recipe } = version.model
  const ofToday = salesAgain(options, contract, { totals, plan, history })
  const block = blockLength(ordering, recipe)
  const { publications, attempts, leftOut } = await publicationsIn(ledger, at, {
    promotions,
    refuted,
  })
  const recorded = await readEvents(ledger)
  const own = publicationsOf(publications, {
    version: version.manifest.version,
    model: version.manifest.files['model.json'],
    since: version.since,
  })
  const byStart = publicationsByStart(own, recipe.frequency)
  const promoted = dayAt(new Date(version.since), timeZone)
  const published = readAhead(ledger, publishedFiles(byStart))
  const seen = await productionBlocks({
    version: version.manifest.version,
    recipe,
    forecastAgain: (rows) =>
      forecastAgain(
        version.artifact,
        { ...ofToday, history: openHistory(totals, { plan, asOf: rows.day }) },
        rows,
      ),
    totals,
    ...(asOf !== undefined && { asOf }),
    block,
    start: Math.min(periodOf(recipe.frequency, promoted) + 1, ...byStart.keys()),
    publications: byStart,
    read: ({ record }) => publishedIn(published, record.files.json, record.series),
    readShadow: ({ record }) => shadowIn(published, record),
  })
  return {
    outcome: 'seen',
    today: Math.min(asOf ?? today, today),
    at,
    version,
    forecastAgain: (rows, from = ofToday) => forecastAgain(version.artifact, from, rows),
    promotions,
    policy: await readPolicy(join(project, POLICY)),
    ordering,
    reasons: await readDecisionReasons(project),
    totals,
    plan,
    report,
    history,
    publications,
    own,
    attempts,
    block,
    blocks: seen.blocks,
    origins: seen.blocks.flatMap((it) => (it.outcome === 'seen' ? [it.origin] : [])),
    events: recorded.events.filter(({ time }) => time <= at),
    ledger,
    leftOut: [...leftOut, ...recorded.leftOut, ...seen.leftOut],
  }
}

/** Sales of a project to forecast from again; by what they are parted is read once, where it is asked. */
export function salesAgain(
  options: Omit<InputOptions, 'recipe'>,
  contract: Contract,
  sales: Omit<SalesAgain, 'partedBy'>,
  kept = { keep: true },
): SalesAgain {
  const read = new Map<string, Promise<PartedBy>>()
  return {
    ...sales,
    partedBy: (partition) =>
      remembered(read, partition, () => partedByIn(options, contract, partition, kept)),
  }
}

/** Until when something is known: the end of the day that is asked about, where that is before now. */
export async function momentOf({ options, at: now }: ProductionInput): Promise<string> {
  const { project, asOf } = options
  if (asOf === undefined) return now
  const { timeZone } = await readProjectSettings(project)
  const end = new Date(startOfDay(asOf + 1, timeZone).getTime() - 1).toISOString()
  return end < now ? end : now
}

/** What had been in production until a moment; of what came later nothing was known. */
export async function promotionsKnownAt(
  project: string,
  base: string | undefined,
  at: string,
): Promise<PromotionEntry[]> {
  const { commit } = await resolveBase(project, base)
  const promotions = await readPromotions(project, commit)
  return promotions
    .filter(({ since }) => since <= at)
    .map(({ until, ...entry }) => (until && until <= at ? { ...entry, until } : entry))
}

async function promotionsUntil(
  project: string,
  base: string | undefined,
  at: string,
): Promise<PromotionEntry[]> {
  const promotions = await promotionsKnownAt(project, base, at)
  if (promotions.length === 1 && (await isShallow(project))) {
    throw new UserError('the clone is too shallow to know since when the model is in production', {
      file: project,
      remedy: 'Run git fetch --unshallow; in a workflow, check out with fetch-depth: 0.',
    })
  }
  return promotions
}

async function versionOf(
  project: string,
  { commit, since }: Shipped,
): Promise<ProductionSeen['version']> {
  const version = await readVersion(project, commit)
  if (!version) throw new Error(`a version was promoted by ${commit} that it does not hold`)
  const artifact = artifactOf(version)
  return {
    manifest: version.manifest,
    artifact,
    model: aboutArtifact(artifact),
    evaluation: evaluationFrom(
      contentOf(version, 'evaluation.json'),
      `${PRODUCTION}/evaluation.json`,
    ),
    since,
  }
}

async function publicationsIn(
  ledger: LedgerFiles,
  asOf: string,
  known: { promotions: readonly PromotionEntry[]; refuted: ReadonlyMap<string, string> },
): Promise<Pick<ProductionSeen, 'publications' | 'attempts' | 'leftOut'>> {
  const { kept, leftOut } = await readKept(ledger, forecastsKind, { asOf })
  const made = kept.flatMap(({ id, record }) => (record.outcome === 'made' ? [{ id, record }] : []))
  const { believed, leftOut: disbelieved } = believedPublications(made, known)
  const isBelieved = new Set(believed.map(({ id }) => id))
  const attempts = kept.flatMap(({ id, record }) =>
    record.outcome === 'kept' || isBelieved.has(id) ? [record] : [],
  )
  return { publications: believed, attempts, leftOut: [...leftOut, ...disbelieved] }
}

/** The files that are read where none is damaged, in the order in which they are. */
function publishedFiles(byStart: ReadonlyMap<number, readonly KnownPublication[]>): string[] {
  const inOrder = [...byStart].sort(([a], [b]) => a - b)
  return inOrder.flatMap(([, [{ record }]]) => {
    const { files, shadow } = record
    return shadow?.outcome === 'made' ? [files.json, shadow.json] : [files.json]
  })
}

/**
 * The files of a ledger, of which some are going to be read, in this order: several are read at once,
 * since a program with much memory takes longer to start git than that to read them.
 */
function readAhead(ledger: LedgerFiles, order: readonly string[]): Pick<LedgerFiles, 'read'> {
  const ahead = new Map<string, ReturnType<LedgerFiles['read']>>()
  return {
    async read(path) {
      const at = order.indexOf(path)
      if (at >= 0 && !ahead.has(path)) {
        ahead.clear()
        for (const next of order.slice(at, at + AHEAD)) ahead.set(next, ledger.read(next))
        // One that cannot be read fails whoever asks for it, and nobody else.
        void Promise.allSettled(ahead.values())
      }
      return await (ahead.get(path) ?? ledger.read(path))
    },
  }
}

/** Each is some MB of a large chain. */
const AHEAD = 8

/** What a record says was published. Throws a `UserError` where that is damaged. */
export async function publishedIn(
  ledger: Pick<LedgerFiles, 'read'>,
  file: string,
  series: number,
): Promise<PublishedForecasts> {
  const bytes = await ledger.read(file)
  if (bytes === undefined) throw new UserError('is missing', { file })
  const published = publishedForecasts(contentText(file, bytes), file)
  if (published.series.length === series) return published
  throw new UserError(`holds ${published.series.length} series, but its record says ${series}`, {
    file,
  })
}

async function shadowIn(
  ledger: Pick<LedgerFiles, 'read'>,
  { shadow, series }: MadeForecasts,
): Promise<PublishedShadow | undefined> {
  if (shadow?.outcome !== 'made') return undefined
  const { outcome: _, json: file, ...of } = shadow
  return { of, file, published: await publishedIn(ledger, file, series) }
}
