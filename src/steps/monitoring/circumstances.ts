import { dayFromIso } from '../../base/day.ts'
import { endOf } from '../../demand/panel.ts'
import { readKept, readRecords } from '../../ledger/ledger.ts'
import { agesOf } from '../../monitoring/context/ages.ts'
import { missingRuns } from '../../monitoring/context/missing-runs.ts'
import { reportedActuals, soldAsReported } from '../../monitoring/context/reported-actuals.ts'
import { supplyIn, supplySince } from '../../monitoring/context/supply-since.ts'
import { comparedSales, driftOf } from '../../monitoring/drift/drift.ts'
import type { HealthRecord } from '../../monitoring/health/health-record.ts'
import { healthKind } from '../../monitoring/health/kept-health.ts'
import { revisedBlocks } from '../../monitoring/health/revised-blocks.ts'
import { knownSeries } from '../../registry/model-parts.ts'
import { mergeTotals } from '../../sales/totals/merged-totals.ts'
import type { ProductionSeen } from './read-production.ts'

/** What a health record says of the blocks, and the sales that it rests on. */
type Judged = Pick<HealthRecord, 'production' | 'decidedBy' | 'blocks' | 'sales'>

type Circumstances = Pick<
  HealthRecord,
  'drift' | 'supply' | 'ages' | 'runs' | 'revised' | 'reports'
>

/** What surrounds the model in production: it explains how that does, and changes no judgement. */
export async function circumstancesOf(
  seen: ProductionSeen,
  judged: Judged,
): Promise<Circumstances> {
  const { version, sales, panelOf, ledger, policy, blocks, at, today } = seen
  const { manifest, artifact, model, since } = version
  const view = { frequency: model.recipe.frequency, censoring: true }
  const chain = panelOf(sales.chain, view)
  // A total speaks for its whole period.
  const salesThrough = Math.max(endOf(chain), dayFromIso(judged.sales.through) ?? today)
  const { kept } = await readKept(ledger, healthKind, { newest: MOST_READ, asOf: at })
  const earlier = kept.map(({ record }) => record).filter((record) => record.at < at)
  const runs = await readRecords(ledger, { kind: 'run', newest: MOST_READ, asOf: at })
  const begun = blocks[0]?.from ?? dayFromIso(since.slice(0, 10)) ?? today
  const parts = await sales.each(({ totals }) => ({
    compared: comparedSales(totals, chain),
    supply: supplyIn(totals, panelOf(totals, view), begun),
    reported: soldAsReported(totals, seen.events),
  }))
  const compared = mergeTotals(
    sales.chain.columns,
    parts.map((part) => part.compared),
  )
  return {
    drift: driftOf({
      totals: { ...compared, chain: sales.chain },
      panel: chain,
      trainedOn: new Set(await knownSeries(artifact)),
    }),
    supply: supplySince(
      sales.chain,
      chain,
      begun,
      parts.map((part) => part.supply),
    ),
    ages: agesOf({
      trainedThrough: manifest.trainedThrough,
      maxAge: policy.refresh.maxAge,
      totals: sales.chain,
      salesThrough,
      today,
    }),
    runs: missingRuns({ forecasts: seen.attempts, runs: runs.records, since, at }),
    revised: revisedBlocks(judged, earlier),
    reports: reportedActuals({
      events: seen.events,
      isKnown: (series) => sales.partOf(series) !== undefined,
      sold: new Map(parts.flatMap((part) => [...part.reported])),
      salesThrough,
      reportedOn: earlier.flatMap((record) =>
        record.blocks.map(({ to }) => ({ to, at: record.at })),
      ),
    }),
  }
}

/** Health records and runs: of more than a year, where somebody looks every day. */
const MOST_READ = 400
