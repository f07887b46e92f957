import { createHash } from 'node:crypto'
import { canonicalJson } from '../../base/canonical-json.ts'
import { isoFromDay } from '../../base/day.ts'
import { endOf } from '../../demand/panel.ts'
import type { WorkflowRun } from '../../ledger/run-record.ts'
import type { CheckedPublication } from '../../monitoring/context/checked-publication.ts'
import { accuracyOf } from '../../monitoring/health/accuracy.ts'
import { checkHealthRecord, type HealthRecord } from '../../monitoring/health/health-record.ts'
import { shadowStanding } from '../../monitoring/health/shadow-standing.ts'
import { standingOf } from '../../monitoring/health/standing.ts'
import { joinedDigests, soldIn } from '../../monitoring/origins/sold-digest.ts'
import { committedData } from '../forecasts/open-forecasts.ts'
import { buyersValue } from './buyers-value.ts'
import { checkPublication, isRefuted } from './check-publication.ts'
import { circumstancesOf } from './circumstances.ts'
import {
  type ProductionInput,
  type ProductionOutcome,
  type ProductionRead,
  type ProductionSeen,
  withProduction,
} from './read-production.ts'

export type MonitorInput = ProductionInput & { workflow?: WorkflowRun }

export type Monitored =
  | { outcome: 'monitored'; health: HealthRecord }
  | Exclude<ProductionOutcome<HealthRecord>, { outcome: 'seen' }>

/**
 * How the model in production is, by what it forecast and what became of it. The same sales, ledger
 * and history of promotions give the same record, but for its moment and what gets older with it.
 */
export async function monitor(input: MonitorInput): Promise<Monitored> {
  const seen = await withHealth(input, async (_, health) => health)
  return seen.outcome === 'seen' ? { outcome: 'monitored', health: seen.made } : seen
}

/** The same, and what else is made of all that is known while it is at hand. */
export async function withHealth<T>(
  input: MonitorInput & Pick<ProductionRead, 'onPart'>,
  use: (seen: ProductionSeen, health: HealthRecord) => Promise<T>,
): Promise<ProductionOutcome<T>> {
  const refuted = new Map<string, string>()
  for (;;) {
    const found = await withProduction({ ...input, refuted }, async (seen) => {
      const judged = await judgedProduction(input, seen)
      const checked = await checkPublication(input, seen, judged.blocks)
      if (checked && isRefuted(checked) && refuted.size < MOST_REFUTED) {
        const { version } = seen.version.manifest
        const problem = `version ${version} says otherwise of ${checked.otherwise} of ${checked.series} series, from the sales that it rests on`
        refuted.set(checked.id, problem)
        return undefined
      }
      return { of: await use(seen, await healthOf(input, seen, judged, checked)) }
    })
    if (found.outcome !== 'seen') return found
    if (found.made) return { outcome: 'seen', made: found.made.of }
  }
}

type Judged = Pick<
  HealthRecord,
  'production' | 'sales' | 'decidedBy' | 'blocks' | 'block' | 'standing'
>

async function judgedProduction(input: MonitorInput, seen: ProductionSeen): Promise<Judged> {
  const { version, block, blocks, policy, sales } = seen
  const { manifest, model, evaluation, since } = version
  const { standing, blocks: told } = standingOf({
    version: manifest.version,
    evaluation,
    limits: policy.monitoring,
    block,
    blocks,
  })
  const sold = joinedDigests(await sales.each(({ totals }) => soldIn(totals, blocks)))
  return {
    production: {
      version: manifest.version,
      model: model.name,
      since,
      trainedThrough: manifest.trainedThrough,
    },
    sales: { data: await dataOf(input, seen), through: salesThrough(seen) },
    decidedBy: evaluation.decidedBy,
    blocks: told.map((one, i) => ({ ...one, sold: sold[i] })),
    block,
    standing,
  }
}

async function healthOf(
  input: MonitorInput,
  seen: ProductionSeen,
  judged: Judged,
  checked: CheckedPublication | undefined,
): Promise<HealthRecord> {
  const { version, blocks, policy, publications, own, leftOut } = seen
  const { evaluation } = version
  const told = blocks.filter((block) => block.outcome === 'seen')
  const origins = told.map(({ origin }) => origin)
  const record = {
    format: 'cd4ml-health/1',
    at: seen.at,
    of: digestOf(seen),
    ...(input.workflow && { workflow: input.workflow }),
    ...judged,
    accuracy: accuracyOf(origins, evaluation),
    ledger: {
      publications: publications.length,
      orphaned: told.at(-1)?.orphaned ?? 0,
      leftOut: leftOut.slice(0, MOST_LEFT_OUT),
      ...(leftOut.length > MOST_LEFT_OUT && { moreLeftOut: leftOut.length - MOST_LEFT_OUT }),
      ...(checked && { checked }),
    },
    shadow: shadowStanding({
      origins,
      publications: own.map(({ record }) => record),
      metric: evaluation.decidedBy,
      limits: policy.monitoring,
    }),
    valueAdded: await buyersValue(seen),
    ...(await circumstancesOf(seen, judged)),
  }
  return checkHealthRecord(JSON.parse(JSON.stringify(record, withDigits)), 'health')
}

const MOST_LEFT_OUT = 100
/** Each costs as much as looking again. */
const MOST_REFUTED = 5

/** Of all that a record follows from, but for the moment. */
function digestOf(seen: ProductionSeen): string {
  const { salesDigest, policy, ordering, reasons, promotions } = seen
  const { publications, events, leftOut } = seen
  const from = {
    sales: salesDigest,
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

async function dataOf({ options }: MonitorInput, { salesDigest }: ProductionSeen): Promise<string> {
  const { project, data, asOf } = options
  const committed = asOf === undefined ? await committedData(project, data) : undefined
  return committed ?? salesDigest
}

function salesThrough({ report, sales, panelOf, block: { frequency } }: ProductionSeen): string {
  const end = () => endOf(panelOf(sales.chain, { frequency, censoring: true }))
  return report.totals.lastSaleDay ?? isoFromDay(end())
}

/** Numbers with as many digits as every machine agrees on. */
function withDigits(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toPrecision(DIGITS)) : value
}

const DIGITS = 10
