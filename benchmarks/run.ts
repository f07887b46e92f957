import { run as accuracy } from './accuracy.ts'
import { run as boostedTrees } from './boosted-trees.ts'
import { run as calibration } from './calibration.ts'
import { run as censoring } from './censoring.ts'
import { run as dashboard } from './dashboard.ts'
import { run as forecaster } from './forecaster.ts'
import { run as forecasting } from './forecasting.ts'
import { run as frictionless } from './frictionless.ts'
import { run as gate } from './gate.ts'
import { run as growth } from './growth.ts'
import { run as health } from './health.ts'
import { run as ingest } from './ingest.ts'
import { run as jobs } from './jobs.ts'
import { run as ledgerSize } from './ledger-size.ts'
import { run as monitoring } from './monitoring.ts'
import { run as monitoringParts } from './monitoring-parts.ts'
import { run as newProducts } from './new-products.ts'
import { run as ordering } from './ordering.ts'
import { run as parquet } from './parquet.ts'
import { run as parts } from './parts.ts'
import { run as partsGrowth } from './parts-growth.ts'
import { run as partsInJobs } from './parts-in-jobs.ts'
import { run as rerun } from './rerun.ts'
import { run as service } from './service.ts'
import { run as validation } from './validation.ts'

/**
 * `npm run benchmark` runs all of them; `npm run benchmark gate` that one. What follows from the
 * first option on is theirs: `npm run benchmark accuracy -- --only bakery`.
 */
const benchmarks: Record<string, (options: string[]) => unknown> = {
  validation,
  forecasting,
  forecaster,
  'boosted-trees': boostedTrees,
  gate,
  monitoring,
  'monitoring-parts': monitoringParts,
  health,
  ordering,
  calibration,
  censoring,
  service,
  rerun,
  ingest,
  growth,
  jobs,
  parts,
  'parts-in-jobs': partsInJobs,
  'parts-growth': partsGrowth,
  accuracy,
  'new-products': newProducts,
  frictionless,
  parquet,
  'ledger-size': ledgerSize,
  dashboard,
}

const words = process.argv.slice(2)
const firstOption = words.findIndex((word) => word.startsWith('--'))
const asked = firstOption < 0 ? words : words.slice(0, firstOption)
const unknown = asked.filter((name) => !Object.hasOwn(benchmarks, name))
if (unknown.length > 0) {
  console.error(
    `There is no benchmark ${unknown.join(', ')}; there are ${Object.keys(benchmarks).join(', ')}.`,
  )
  process.exit(2)
}
for (const name of asked.length > 0 ? asked : Object.keys(benchmarks)) {
  console.log(`\n== ${name}`)
  await benchmarks[name](words.slice(asked.length))
}
