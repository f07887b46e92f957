import { createHash } from 'node:crypto'
import { canonicalJson } from '../../base/canonical-json.ts'
import { isoFromDay } from '../../base/day.ts'
import { endOf } from '../../demand/panel.ts'
import type { WorkflowRun } from '../../ledger/run-record.ts'
import { accuracyOf } from '../../monitoring/health/accuracy.ts'
import { checkHealthRecord, type HealthRecord } from '../../monitoring/health/health-record.ts'
import { shadowStanding } from '../../monitoring/health/shadow-standing.ts'
import { standingOf } from '../../monitoring/health/standing.ts'
import { soldDigests } from '../../monitoring/origins/sold-digest.ts'
import type { ValidationReport } from '../../sales/checks/validation-report.ts'
import { dataDigest } from '../../sales/plan/data-digest.ts'
import { committedData } from '../forecasts/open-forecasts.ts'
import { buyersValue } from './buyers-value.ts'
import { checkPublication, isRefuted } from './check-publication.ts'
import { circumstancesOf } from './circumstances.ts'
import { type ProductionInput, type ProductionSeen, readProduction } from './read-production.ts'

export type MonitorInput = ProductionInput & { workflow?: WorkflowRun }

export type Monitored =
  | { outcome: 'monitored'; health: HealthRecord; seen: ProductionSeen }
  | { outcome: 'nothing'; reason: 'nothing in production' | 'no ledger' }
  | { outcome: 'invalid'; report: ValidationReport }

/**
 * How the model in production is, by what it forecast and what became of it. The same sales, ledger
 * and history of promotions give the same record, but for its moment and what gets older with it.
 */
export async function monitor(input: MonitorInput): Promise<Monitored> {
  return await monitorWithout(input)
}

/** Without the publications that were refuted, each with why. */
async function monitorWithout(
  input: MonitorInput,
  refuted: ReadonlyMap<string, string> = new Map(),
): Promise<Monitored> {
  const read = await readProduction(input, refuted)
  if (read.outcome !== 'seen') return read
  const { outcome: _, ...seen } = read
  const { version, block, blocks, origins, policy, publications, own, leftOut } = seen
  const { manifest, model, evaluation, since } = version
  const { standing, blocks: told } = standingOf({
    version: manifest.version,
    evaluation,
    limits: policy.monitoring,
    block,
    blocks,
  })
  const judged = {
    production: {
      version: manifest.version,
      model: model.name,
      since,
      trainedThrough: manifest.trainedThrough,
    },
    sales: { data: await dataOf(input, seen), through: salesThrough(seen) },
    decidedBy: evaluation.decidedBy,
    blocks: withSold(told, seen),
  }
  const checked = await checkPublication(input, seen, told)
  if (checked && isRefuted(checked) && refuted.size < MOST_REFUTED) {
    const problem = `version ${manifest.version} says otherwise of ${checked.otherwise} of ${checked.series} series, from the sales that it rests on`
    return await monitorWithout(input, new Map([...refuted, [checked.id, problem]]))
  }
  const record = {
    format: 'cd4ml-health/1',
    at: seen.at,
    of: digestOf(seen),
    ...(input.workflow && { workflow: input.workflow }),
    ...judged,
    block,
    standing,
    accuracy: accuracyOf(origins, block.periods, evaluation),
    ledger: {
      publications: publications.length,
      orphaned: origins.at(-1)?.orphaned ?? 0,
      leftOut: leftOut.slice(0, MOST_LEFT_OUT),
      ...(leftOut.length > MOST_LEFT_OUT && { moreLeftOut: leftOut.length - MOST_LEFT_OUT }),
      ...(checked && { checked }),
    },
    shadow: shadowStanding({
      origins,
      publications: own.map(({ record }) => record),
      periods: block.periods,
      metric: evaluation.decidedBy,
      limits: policy.monitoring,
    }),
    valueAdded: await buyersValue(seen),
    ...(await circumstancesOf(seen, judged)),
  }
  const health = checkHealthRecord(JSON.parse(JSON.stringify(record, withDigits)), 'health')
  return { outcome: 'monitored', health, seen }
}

function withSold(told: HealthRecord['blocks'], { totals, blocks }: ProductionSeen) {
  const digests = soldDigests(totals, blocks)
  return told.map((block, i) => ({ ...block, sold: digests[i] }))
}

const MOST_LEFT_OUT = 100
/** Each costs as much as looking again. */
const MOST_REFUTED = 5

/** Of all that a record follows from, but for the moment. */
function digestOf(seen: ProductionSeen): string {
  const { totals, plan, policy, ordering, reasons, promotions } = seen
  const { publications, events, leftOut } = seen
  const from = {
    sales: dataDigest(totals, plan),
    policy,
    ordering,
    reasons,
    promotions: promotions.map(({ commit }) => commit),
    publications: publications.map(({ id, record }) => ({ id, record })),
    events: events.map(({ id }) => id),
    leftOut,
  }
  return createHash('sha256').update(canonicalJson(from)).digest('hex')
}

async function dataOf(
  { options }: MonitorInput,
  { totals, plan }: ProductionSeen,
): Promise<string> {
  const { project, data, asOf } = options
  const committed = asOf === undefined ? await committedData(project, data) : undefined
  return committed ?? dataDigest(totals, plan)
}

function salesThrough({ report, history, block }: ProductionSeen): string {
  const { frequency } = block
  return (
    report.totals.lastSaleDay ?? isoFromDay(endOf(history.panel({ frequency, censoring: true })))
  )
}

/** Numbers with as many digits as every machine agrees on. */
function withDigits(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toPrecision(DIGITS)) : value
}

const DIGITS = 10
