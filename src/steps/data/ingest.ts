import { mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Day, isoFromDay } from '../../base/day.ts'
import { UserError, unlessMistaken } from '../../base/errors.ts'
import { toThousandths } from '../../base/sum.ts'
import { makeFolder, writeWhole } from '../../base/write-file.ts'
import { nameOfHoliday } from '../../demand/holidays.ts'
import { readRecipe } from '../../forecasting/recipe.ts'
import { type Contract, readContract } from '../../sales/contract/contract.ts'
import { REMOTE_FOLDER } from '../../sales/contract/remote-path.ts'
import { plannedClosings } from '../../sales/plan/planned-closings.ts'
import { readPlan } from '../../sales/plan/read-plan.ts'
import { salesFolder } from '../../sales/sources/sales-source.ts'
import { answerInto, type DaysAsked } from '../../sales/warehouse/answer.ts'
import { askOf } from '../../sales/warehouse/ask.ts'
import { checkAnswer } from '../../sales/warehouse/check-answer.ts'
import type { DayChange } from '../../sales/warehouse/day-changes.ts'
import { DaySpool } from '../../sales/warehouse/day-spool.ts'
import {
  type Doubtful,
  lateDays,
  type MayBeClosed,
  refuseDoubts,
} from '../../sales/warehouse/doubts.ts'
import { NIGHTS_WAITED } from '../../sales/warehouse/half-loaded.ts'
import type { Ingested } from '../../sales/warehouse/ingested.ts'
import { type Layout, layoutOf } from '../../sales/warehouse/layout.ts'
import { type Merged, merge, type Staged } from '../../sales/warehouse/merge.ts'
import { oneAtATime } from '../../sales/warehouse/one-at-a-time.ts'
import { type FilePeriod, PeriodFiles } from '../../sales/warehouse/period-files.ts'
import { errorWithoutSecrets } from '../../sales/warehouse/secrets.ts'
import type { Source } from '../../sales/warehouse/source.ts'
import { listSalesFiles } from './list-sales-files.ts'

export type IngestOptions = {
  project: string
  /** Folder of the sales files, files of the contract and of the recipe, as absolute paths. */
  data: string
  contract: string
  recipe: string
  today: Day
  /** The first day to ask for; without it, the first that may have been revised since. */
  from?: Day
  /** The last one; without it, yesterday: today is not over. */
  until?: Day
  /** What may be so, though it is doubtful. */
  accept: ReadonlySet<Doubtful>
  /** Whether files are left as they are. */
  dryRun: boolean
  environment: NodeJS.ProcessEnv
  /** Aborted where somebody wants it to end: nothing is changed then. */
  signal: AbortSignal
  /** Gets what is asked, before it is. */
  onAsk?: (asked: { from: string; until: string }) => void
  /** Gets the number of rows that have come, now and then. */
  onRows?: (rows: number) => void
  /** Bytes of the answer that have been checked. */
  onProgress?: (done: number, total: number) => void
}

/**
 * Asks the source of the contract for the days that are new or may have been revised, and makes the
 * files of these days what it says. How far they reach is told by the files alone. A new day that seems
 * to be loaded only in part is left out until the next run. All of the answer is checked before anything
 * is changed; then files change one by one, the earliest first, each from whole to whole: whoever is
 * interrupted is at a state that the next run goes on from, and a run with nothing new leaves every byte
 * as it was.
 *
 * Throws a `UserError` where the answer is not all of it, is none to the question, cannot be read by
 * the contract, or is doubtful and not accepted.
 */
export async function ingest(options: IngestOptions): Promise<Ingested> {
  const contract = await readContract(options.contract)
  const { source } = contract
  if (source === undefined) {
    throw new UserError('does not say where the sales are asked for', {
      file: options.contract,
      key: 'cd4ml.source',
      remedy: 'Write an engine and a query there, as docs/warehouse.md shows.',
    })
  }
  const work = join(options.project, '.cd4ml')
  await makeFolder(work)
  return await oneAtATime(join(work, 'ingest.lock'), async () => {
    await removeRests(work)
    const scratch = await mkdtemp(join(work, SCRATCH))
    try {
      return await ingestInto(scratch, contract, source, options)
    } catch (error) {
      // Wherever it is found, it may quote what a database or a program wrote.
      const { engine } = source
      const connections = engine.kind === 'postgresql' ? [engine.connection] : []
      throw errorWithoutSecrets(error, options.environment, connections)
    } finally {
      await rm(scratch, { recursive: true, force: true })
    }
  })
}

const SCRATCH = 'ingest-'

/** Of a run that was killed. */
async function removeRests(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isDirectory() || !entry.name.startsWith(SCRATCH)) continue
    await rm(join(folder, entry.name), { recursive: true, force: true })
  }
}

async function ingestInto(
  scratch: string,
  contract: Contract,
  source: Source,
  options: IngestOptions,
): Promise<Ingested> {
  const layout = layoutOf(source, contract)
  const files = new PeriodFiles(source, options.data, layout)
  const there = await files.list()
  const last = await lastDay(files, there)
  const asked = daysToAsk(source, last, options)
  const spool = await answerTo(asked, { contract, source, layout, scratchFolder: scratch }, options)
  const { rows, resource } = source
  const unsettledFrom = options.accept.has('shrunk') ? undefined : unsettled(last, options)
  const mergeParts = { spool, asked, files, there, layout, rows, unsettledFrom, folder: scratch }
  const merged = await merge(mergeParts)
  if (merged.after.size === 0 && merged.before.size === 0) throw nothingCame(asked)
  const isHoliday = await holidaysOf(options.recipe)
  const isPlanned = await closingsOf(contract, merged.stores, scratch, options)
  const mayBeClosed = (day: Day) => isHoliday(day) || isPlanned(day)
  refuseDoubts(merged, options.accept, mayBeClosed)
  const quarantined = await checkAnswer({
    paths: merged.toCheck,
    contract,
    resource,
    today: options.today,
    scratchFolder: scratch,
    onProgress: options.onProgress ?? (() => {}),
  })
  options.signal.throwIfAborted()
  if (!options.dryRun) {
    for (const staged of merged.staged) await land(staged, files)
    if (resource.listed !== undefined) {
      await listSalesFiles(options.contract, options.data, resource.name)
    }
  }
  return {
    outcome: merged.staged.length === 0 ? 'nothing new' : 'changed',
    asked: isoDays(asked),
    ...sumOf(merged, asked, mayBeClosed),
    quarantined,
    files: merged.staged.map(({ period, change }) => ({ file: files.name(period), change })),
  }
}

/** From when on a new day may not be loaded whole yet. */
function unsettled(last: Day | undefined, { today }: IngestOptions): Day {
  const first = today - NIGHTS_WAITED
  return last === undefined ? first : Math.max(first, last + 1)
}

/** By the calendar of the recipe; where that cannot be read, none is known, and each is asked about. */
async function holidaysOf(recipeFile: string): Promise<MayBeClosed> {
  const recipe = await unlessMistaken(() => readRecipe(recipeFile))
  if (recipe === undefined) return () => false
  return (day) => nameOfHoliday(recipe.holidays, day) !== undefined
}

/** By the plan of the contract; where that cannot be read, none is known, and each is asked about. */
async function closingsOf(
  contract: Contract,
  stores: ReadonlySet<string>,
  scratchFolder: string,
  { project, data, today }: IngestOptions,
): Promise<MayBeClosed> {
  const { plan } = contract
  if (!plan?.columns.has('closed')) return () => false
  const read = await unlessMistaken(async () => {
    const ofPlan = { ...contract, resources: [] }
    const files = await salesFolder.list(ofPlan, data, join(project, REMOTE_FOLDER))
    return await readPlan({ contract, plan, files, today, sold: undefined, scratchFolder })
  })
  return read === undefined ? () => false : plannedClosings(read, stores)
}

function sumOf(
  merged: Merged,
  asked: DaysAsked,
  mayBeClosed: MayBeClosed,
): Pick<Ingested, 'came' | 'days'> {
  const came = merged.changes.filter(({ now }) => now.rows > 0)
  const sum = (of: 'rows' | 'units' | 'value') =>
    came.reduce((total, { now }) => total + now[of], 0)
  const daysThat = (change: DayChange['change']) =>
    merged.changes.flatMap((day) => (day.change === change ? [isoFromDay(day.day)] : []))
  return {
    came: {
      rows: sum('rows'),
      days: came.length,
      units: toThousandths(sum('units')),
      value: toThousandths(sum('value')),
    },
    days: {
      new: daysThat('new'),
      revised: daysThat('revised'),
      removed: daysThat('removed'),
      unchanged: daysThat('unchanged').length,
      late: lateDays(
        { after: new Set([...merged.after, ...merged.incomplete]) },
        asked.until,
        mayBeClosed,
      ).map(isoFromDay),
      incomplete: merged.incomplete.map(isoFromDay),
    },
  }
}

/** From the first day that may have been revised since the last one that is there. */
function daysToAsk(
  { since, revisedDays }: Source,
  last: Day | undefined,
  { today, from, until = today - 1 }: IngestOptions,
): DaysAsked {
  if (until > today) {
    throw new UserError(`${isoFromDay(until)} is yet to come: today is ${isoFromDay(today)}`, {
      key: '--until',
    })
  }
  const usual =
    last === undefined ? since : Math.max(since, Math.min(last, until) - revisedDays + 1)
  const first = from ?? usual
  if (first > until) {
    throw new UserError(`no day lies between ${isoFromDay(first)} and ${isoFromDay(until)}`, {
      remedy: 'Ask for other days with --from and --until; cd4ml.source.since is the first of all.',
    })
  }
  return { from: first, until }
}

async function lastDay(files: PeriodFiles, there: readonly FilePeriod[]): Promise<Day | undefined> {
  for (const period of there.toReversed()) {
    const days = [...(await files.read(period)).keys()]
    if (days.length > 0) return days.at(-1)
  }
  return undefined
}

async function answerTo(
  asked: DaysAsked,
  of: { contract: Contract; source: Source; layout: Layout; scratchFolder: string },
  options: IngestOptions,
): Promise<DaySpool> {
  const { source, layout, scratchFolder } = of
  const { maxBytes } = of.contract
  const { project, environment, signal } = options
  const folder = join(scratchFolder, 'days')
  await makeFolder(folder)
  const spool = new DaySpool(folder)
  options.onAsk?.(isoDays(asked))
  const answer = answerInto(spool, layout, asked, maxBytes, options.onRows ?? (() => {}))
  await askOf(source)(
    {
      asked,
      folder: dirname(options.contract),
      project,
      environment,
      timeoutMinutes: source.timeoutMinutes,
      maxBytes,
      signal,
      scratchFolder,
    },
    answer,
  )
  return spool
}

function nothingCame(asked: DaysAsked): UserError {
  const { from, until } = isoDays(asked)
  return new UserError(`no rows came for ${from} to ${until}`, {
    key: 'the answer to cd4ml.source',
    remedy: 'See that the query finds sales on these days.',
  })
}

/** Puts a file in its place. What waits on another disk is copied beside it first. */
async function land({ period, change, path }: Staged, files: PeriodFiles): Promise<void> {
  const place = files.path(period)
  if (change === 'removed') return await rm(place)
  await makeFolder(dirname(place))
  try {
    await rename(path, place)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error
    await writeWhole(place, await readFile(path))
  }
}

function isoDays({ from, until }: DaysAsked): Ingested['asked'] {
  return { from: isoFromDay(from), until: isoFromDay(until) }
}
