import { join, relative } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { UserError } from '../../base/errors.ts'
import { handedOver } from '../../base/handed-over.ts'
import { parseJson } from '../../base/schema.ts'
import { shortened } from '../../base/wording.ts'
import { artifactFrom } from '../../forecasting/model-in-parts.ts'
import { contentText } from '../../ledger/content.ts'
import { checkForecastRecord } from '../../ledger/forecast-record.ts'
import {
  type KeptFile,
  keptFiles,
  type LedgerEvent,
  type LeftOut,
  type NewestFile,
  namedFiles,
  newestFiles,
  problemOf,
} from '../../ledger/ledger.ts'
import {
  beforeThisRun,
  implausibleForecasts,
  implausibleRun,
  momentOf,
} from '../../ledger/plausible.ts'
import { publishedForecasts } from '../../ledger/published-forecasts.ts'
import {
  checkRunRecord,
  RECORD_ID,
  type RunRecord,
  type WorkflowRun,
} from '../../ledger/run-record.ts'
import { mayBeShadow, shadowFile, shadowFiles } from '../../ledger/shadow.ts'
import { digest } from '../../registry/manifest.ts'
import { MOST_PAGE_BYTES } from '../../reporting/orders-page.ts'

/** What a job knows of its own run, and so of every record that may come out of it. */
export type OwnRun = {
  /** Top folder of the checked out repository. */
  project: string
  workflow: WorkflowRun
  /** The branch that the run is about; absent for a tag. */
  branch?: string
  /** The commit that the run is about; absent where it is not known. */
  commit?: string
  /** The moment, ISO 8601 in UTC. */
  at: string
}

export type TakenRecords = { events: LedgerEvent[]; leftOut: LeftOut[] }

/**
 * The runs that other jobs of this run have left in the folder, oldest first. They are data of
 * anybody's code: a record that is damaged, lies after now or before the run, or is of another run is
 * left out, and what it does not say of its run is filled in. Of more than `MOST_RUNS_TAKEN` records
 * none is taken.
 *
 * `challenger` is the folder of the model that was compared: where that may be tried beside production,
 * it is taken too, and where it is damaged, the run without it.
 */
export async function takeRuns(
  folder: string,
  own: OwnRun,
  challenger?: string,
): Promise<TakenRecords> {
  const { names, read } = handedOver(own.project, folder)
  const taken = await takeEach(own, folder, names, MOST_RUNS_TAKEN, async (name) => {
    if (!name.endsWith('.json') || !RECORD_ID.test(name.slice(0, -5))) return undefined
    const file = join(folder, name)
    const run = checkRunRecord(parseJson((await read(name, MOST_RUN_BYTES)).toString(), file), file)
    if (`${run.id}.json` !== name)
      throw new UserError('does not carry the name of its id', { file })
    refuse(implausibleRun(run, own.at) ?? beforeThisRun(run.startedAt, own.at), file)
    const { workflow, branch, commit } = own
    const known = { workflow, ...(branch && { branch }), ...(commit && { commit }) }
    return { kind: 'run', record: ofThisRun(run, known, file) }
  })
  return challenger === undefined ? taken : await withShadow(taken, challenger, own)
}

/** The runs with the model of that one whose challenger is to be tried beside production. */
async function withShadow(
  { events, leftOut }: TakenRecords,
  challenger: string,
  own: OwnRun,
): Promise<TakenRecords> {
  const kept: LedgerEvent[] = []
  for (const event of events) {
    if (event.kind !== 'run' || !mayBeShadow(event.record)) {
      kept.push(event)
      continue
    }
    const file = join(challenger, 'model.json')
    const attempt = await mistakeIn(() => comparedModel(event.record, challenger, own))
    if ('mistake' in attempt) {
      leftOut.push({ file: relative(own.project, file), problem: problemOf(attempt.mistake) })
    }
    kept.push({ ...event, ...('result' in attempt && { contents: attempt.result }) })
  }
  return { events: kept, leftOut }
}

/** The model that a run compared, as files of the ledger. */
async function comparedModel(
  { comparison }: RunRecord,
  folder: string,
  { project }: OwnRun,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const { read } = handedOver(project, folder)
  const model = comparison?.challenger?.model ?? ''
  const { files } = await shadowFiles(model, async ({ path, sha256 }, mostBytes) => {
    const bytes = await read(path, mostBytes)
    if (digest(bytes) === sha256) return bytes
    throw new UserError('is not the model that the run compared', { file: join(folder, path) })
  })
  for (const [path, bytes] of files) artifactFrom(bytes, join(folder, path))
  return new Map([...files.values()].map(shadowFile).map(({ path, bytes }) => [path, bytes]))
}

async function mistakeIn<T>(
  work: () => Promise<T>,
): Promise<{ result: T } | { mistake: UserError }> {
  try {
    return { result: await work() }
  } catch (error) {
    if (error instanceof UserError) return { mistake: error }
    throw error
  }
}

/**
 * As `takeRuns`, for the forecasts that `publishForecasts` has left. Only a run of `main` publishes:
 * what the code of another branch forecasts is nobody's order.
 */
export async function takeForecasts(folder: string, own: OwnRun): Promise<TakenRecords> {
  const { names, read } = handedOver(own.project, folder)
  return takeEach(own, folder, names, MOST_FORECASTS_TAKEN, async (id) => {
    if (!RECORD_ID.test(id)) return undefined
    const file = join(folder, id, 'record.json')
    if (own.branch !== 'main') {
      throw new UserError(
        `are forecasts of ${own.branch ?? 'a tag'}, but only main publishes any`,
        { file },
      )
    }
    const text = (await read(join(id, 'record.json'), MOST_RUN_BYTES)).toString()
    const found = checkForecastRecord(parseJson(text, file), file)
    if (found.outcome !== 'made' || found.format !== 'cd4ml-forecasts/2') {
      throw new UserError('is not the record of the forecasts beside it', { file })
    }
    if (!id.startsWith(`${momentOf(found.at)}-`)) {
      throw new UserError(`says ${found.at}, which is not the moment of its folder`, { file })
    }
    refuse(implausibleForecasts(found, own.at) ?? beforeThisRun(found.at, own.at), file)
    let record = ofThisRun(found, { workflow: own.workflow }, file)
    const contents = new Map<string, Uint8Array>()
    const { shadow, ...named } = namedFiles(record)
    const add = async (key: KeptFile, path: string) => {
      const bytes = await read(join(id, keptFiles[key]), MOST_FORECAST_BYTES)
      const text = contentText(path, bytes)
      if (key === 'json' || key === 'shadow') publishedForecasts(text, path)
      contents.set(path, bytes)
    }
    for (const [key, path] of Object.entries(named) as [KeptFile, string][]) await add(key, path)
    if (shadow !== undefined) {
      const attempt = await mistakeIn(() => add('shadow', shadow))
      if ('mistake' in attempt) {
        // What is tried beside production keeps none of its forecasts from being published.
        const problem = shortened(problemOf(attempt.mistake), 1000)
        record = { ...record, shadow: { outcome: 'none', problem } }
      }
    }
    const newest: Partial<Record<NewestFile, Uint8Array>> = {}
    for (const key of record.orders?.outcome === 'made' ? allNewest : newestForecasts) {
      const most = key === 'ordersPage' ? MOST_PAGE_BYTES : MOST_FORECAST_BYTES
      newest[key] = await read(join(id, newestFiles[key]), most)
    }
    return { kind: 'forecasts', id, record, contents, newest }
  })
}

const newestForecasts: NewestFile[] = ['csv', 'excel']
const allNewest: NewestFile[] = [...newestForecasts, 'ordersPage', 'ordersCsv', 'ordersExcel']

/** `train` and `compare` leave one each; a workflow may call them a few times. */
const MOST_RUNS_TAKEN = 20
const MOST_FORECASTS_TAKEN = 1
const MOST_RUN_BYTES = 4 * 1024 ** 2
/** GitHub shows no larger file, and takes none above 100 MB. */
const MOST_FORECAST_BYTES = 90 * 1024 ** 2

async function takeEach(
  { project }: OwnRun,
  folder: string,
  names: (most: number) => Promise<string[]>,
  most: number,
  take: (name: string) => Promise<LedgerEvent | undefined>,
): Promise<TakenRecords> {
  const events: LedgerEvent[] = []
  const leftOut: LeftOut[] = []
  const attempt = async (path: string, work: () => Promise<void>) => {
    try {
      await work()
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      leftOut.push({ file: relative(project, path), problem: problemOf(error) })
    }
  }
  await attempt(folder, async () => {
    for (const name of await names(most)) {
      await attempt(join(folder, name), async () => {
        const event = await take(name)
        if (event === undefined) throw new UserError('does not carry the name of a record')
        events.push(event)
      })
    }
  })
  return { events, leftOut }
}

/** The record with all that is known of its run; throws where it says something else. */
function ofThisRun<T extends Partial<Known>>(record: T, known: Known, file: string): T & Known {
  for (const key of ['workflow', 'branch', 'commit'] as const) {
    const [said, is] = [record[key], known[key]]
    if (said === undefined || is === undefined || isDeepStrictEqual(said, is)) continue
    refuse(`${key} must be that of this run, ${shown(is)}, but is ${shown(said)}`, file)
  }
  return { ...record, ...known }
}

type Known = Pick<OwnRun, 'workflow' | 'branch' | 'commit'>

function shown(value: string | WorkflowRun): string {
  return typeof value === 'string' ? value : `${value.url} (${value.event})`
}

function refuse(problem: string | undefined, file: string): void {
  if (problem !== undefined) throw new UserError(problem, { file })
}
