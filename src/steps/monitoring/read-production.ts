import { join } from 'node:path'
import type { Day } from '../../base/day.ts'
import { UserError, unlessMistaken } from '../../base/errors.ts'
import { readProjectSettings } from '../../base/project-settings.ts'
import { dayAt, startOfDay } from '../../base/today.ts'
import { periodOf } from '../../demand/calendar.ts'
import { buildPanel, type Panel } from '../../demand/panel.ts'
import { type Evaluation, evaluationFrom } from '../../evaluation/gate/evaluation.ts'
import { type Policy, readPolicy } from '../../evaluation/gate/policy.ts'
import type { OriginForecast, OriginRows } from '../../evaluation/scoring/rows.ts'
import type { PanelView } from '../../evaluation/search/history.ts'
import type { Recipe } from '../../forecasting/recipe.ts'
import type { RecordedEvent } from '../../ledger/events/event.ts'
import { readEvents } from '../../ledger/events/event-files.ts'
import type { ForecastRecord } from '../../ledger/forecast-record.ts'
import { forecastsKind, type LedgerFiles, type LeftOut, readKept } from '../../ledger/ledger.ts'
import { believedPublications } from '../../monitoring/origins/believed-publications.ts'
import { type BlockLength, blockLength } from '../../monitoring/origins/block-length.ts'
import {
  type KnownPublication,
  publicationsByStart,
  publicationsOf,
} from '../../monitoring/origins/known-publication.ts'
import type { MonitoredPart, MonitoredSales } from '../../monitoring/origins/monitored-sales.ts'
import {
  type BlocksInput,
  type PublishedBlocks,
  productionBlocks,
} from '../../monitoring/origins/production-blocks.ts'
import type { ProductionBlock } from '../../monitoring/origins/production-origin.ts'
import type { StoreSales } from '../../monitoring/origins/store-sales.ts'
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
import type { DailyTotals } from '../../sales/totals/daily-totals.ts'
import {
  CACHE,
  digestOfSales,
  type InputOptions,
  type ReadSales,
  readModelSales,
} from '../data/inputs.ts'
import { clonedLedger } from '../model/clone-ledger.ts'
import { forecastAgain } from './forecast-again.ts'
import { monitoredSales } from './monitored-sales.ts'
import { publishedBlocks } from './published-blocks.ts'

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
  /** What that says of some rows of a part from its sales, or why it cannot say it. */
  forecastAgain(
    part: MonitoredPart,
    rows: OriginRows,
  ): Promise<OriginForecast | { problem: string }>
  /** What was in production until then, newest first; the first one is the version. */
  promotions: PromotionEntry[]
  policy: Policy
  ordering: Ordering
  /** Why buyers decide otherwise than advised. */
  reasons: DecisionReason[]
  /** The newest sales, and what was planned. */
  sales: MonitoredSales
  /** SHA-256, in hex, of what models can learn from them. */
  salesDigest: string
  report: ValidationReport
  /** How far those of each store are known, by its id. */
  stores: ReadonlyMap<string, StoreSales>
  /** Of sales, as on the day as of which production is seen. */
  panelOf(totals: DailyTotals, view: PanelView): Panel
  /** What was published, by any version, in the order of time: what can have been as it says. */
  publications: KnownPublication[]
  /** Those of them by the version since its promotion. */
  own: KnownPublication[]
  /** All attempts to publish, those among them that made nothing new, in the order of time. */
  attempts: ForecastRecord[]
  block: BlockLength
  /** Since the promotion, in the order of time: every block that is over. */
  blocks: ProductionBlock[]
  published: PublishedBlocks
  /** What services recorded. */
  events: RecordedEvent[]
  ledger: LedgerFiles
  /** Records that are damaged or not believed. */
  leftOut: LeftOut[]
}

/** What some work on production came to, or why there is nothing to work on. */
export type ProductionOutcome<T> =
  | { outcome: 'seen'; made: T }
  | { outcome: 'nothing'; reason: 'nothing in production' | 'no ledger' }
  | { outcome: 'invalid'; report: ValidationReport }

export type ProductionRead = ProductionInput & {
  /** Publications that the model says it has not made, by their ids, each with why. */
  refuted?: ReadonlyMap<string, string>
  /** Gets the origins of each part, as `productionBlocks` sees them. */
  onPart?(block: BlockLength): NonNullable<BlocksInput['onPart']>
}

/**
 * Reads what was in production on a branch at a moment, what it forecast since then, as the branch
 * `ledger` of the clone tells, and what became of it, as the newest sales say, and has something made of
 * it while the sales are at hand. Throws a `UserError` where the clone is too shallow to know since when.
 */
export async function withProduction<T>(
  input: ProductionRead,
  use: (seen: ProductionSeen) => Promise<T>,
): Promise<ProductionOutcome<T>> {
  const { options, base } = input
  const { project } = options
  const at = await momentOf(input)
  const promotions = await promotionsUntil(project, base, at)
  const [current] = promotions
  if (current?.found === 'unreadable') {
    throw new UserError(`cannot be read: ${current.problem}`, { file: PRODUCTION })
  }
  if (current?.found !== 'version') return { outcome: 'nothing', reason: 'nothing in production' }
  const ledger = (await isRepository(project)) ? await clonedLedger(project) : undefined
  if (!ledger) return { outcome: 'nothing', reason: 'no ledger' }
  const version = await versionOf(project, current)
  const read = await readSalesOf(version.model.recipe, options)
  if (read.outcome === 'invalid') return { outcome: 'invalid', report: read.report }
  try {
    const made = await withBlocks(input, { at, promotions, ledger, version, read }, use)
    return { outcome: 'seen', made }
  } finally {
    await read.sales.parts?.close()
  }
}

type Known = Pick<ProductionSeen, 'at' | 'promotions' | 'ledger' | 'version'> & { read: ReadSales }

/** With what was forecast since the promotion and what became of it, for as long as some work takes. */
async function withBlocks<T>(
  { options, refuted = new Map(), onPart }: ProductionRead,
  { at, promotions, ledger, version, read }: Known,
  use: (seen: ProductionSeen) => Promise<T>,
): Promise<T> {
  const { project, asOf, today } = options
  const { recipe } = version.model
  const ordering = await readOrdering(project)
  const block = blockLength(ordering, recipe)
  const known = await publicationsIn(ledger, at, { promotions, refuted })
  const { publications, attempts } = known
  const recorded = await readEvents(ledger)
  const own = publicationsOf(publications, {
    version: version.manifest.version,
    model: version.manifest.files['model.json'],
    since: version.since,
  })
  const byStart = publicationsByStart(own, recipe.frequency)
  const { timeZone } = await readProjectSettings(project)
  const promoted = dayAt(new Date(version.since), timeZone)
  const sales = await monitoredSales(version.artifact, read.sales, read.plan)
  const scratch = join(project, CACHE)
  const published = await publishedBlocks({ ledger, publications: byStart, sales, scratch })
  const again: ProductionSeen['forecastAgain'] = (part, rows) =>
    forecastAgain(version.artifact, part, rows)
  try {
    const seen = await productionBlocks({
      recipe,
      sales,
      ...(asOf !== undefined && { asOf }),
      block,
      start: Math.min(periodOf(recipe.frequency, promoted) + 1, ...byStart.keys()),
      published,
      forecastAgain: again,
      ...(onPart && { onPart: onPart(block) }),
    })
    return await use({
      today: Math.min(asOf ?? today, today),
      ...seen,
      at,
      version,
      promotions,
      ordering,
      sales,
      publications,
      own,
      attempts,
      block,
      forecastAgain: again,
      policy: await readPolicy(join(project, POLICY)),
      reasons: await readDecisionReasons(project),
      salesDigest: digestOfSales(read.sales, read.plan),
      report: read.report,
      panelOf: panelAsOf(asOf),
      published,
      events: recorded.events.filter(({ time }) => time <= at),
      ledger,
      leftOut: [...known.leftOut, ...recorded.leftOut, ...published.leftOut()],
    })
  } finally {
    await published.close()
  }
}

function panelAsOf(asOf: Day | undefined): ProductionSeen['panelOf'] {
  return (totals, { frequency, censoring }) =>
    buildPanel(totals, {
      frequency,
      ignoreStock: !censoring,
      ...(asOf !== undefined && { asOf }),
    })
}

/** As the model parts them, or together where they cannot be parted so any more: its column is gone. */
async function readSalesOf(
  { partition }: Recipe,
  options: ProductionInput['options'],
): ReturnType<typeof readModelSales> {
  const parted = await unlessMistaken(() => readModelSales(options, partition))
  return parted ?? (await readModelSales(options, undefined))
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
