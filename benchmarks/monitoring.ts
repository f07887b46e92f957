import { fileURLToPath } from 'node:url'
import { type MonitoringLimits, readPolicy } from '../src/evaluation/gate/policy.ts'
import { buyers } from './monitoring/buyers.ts'
import { degradation } from './monitoring/degradation.ts'
import type { Promised } from './monitoring/figures.ts'
import { sampleYear } from './monitoring/sample-year.ts'
import { shadow } from './monitoring/shadow.ts'
import { simpleRules } from './monitoring/simple-rules.ts'
import { wreck } from './monitoring/wreck.ts'

/**
 * How often monitoring by the shipped policy raises a false alarm, and how many blocks it takes to find
 * what is wrong, in simulated years whose truth is known. Exits with 1 where one of the promises of
 * docs/monitoring.md does not hold. `-- --only shadow` runs one scenario.
 */
export async function run(options: string[]): Promise<void> {
  const { monitoring } = await readPolicy(
    fileURLToPath(new URL('../model-registry/policy.yml', import.meta.url)),
  )
  const only = options.includes('--only') ? options[options.indexOf('--only') + 1] : undefined
  const broken: string[] = []
  for (const [name, scenario] of Object.entries(scenarios)) {
    if (only !== undefined && name !== only) continue
    console.log(`\n${name}`)
    const promises = await scenario(monitoring)
    broken.push(...promises.filter(({ holds }) => !holds).map(({ what }) => what))
  }
  for (const what of broken) console.error(`Does not hold: ${what}`)
  if (broken.length > 0) process.exitCode = 1
}

/** One file each, in `monitoring/`. */
const scenarios: Record<string, (limits: MonitoringLimits) => Promised[] | Promise<Promised[]>> = {
  'simple rules': simpleRules,
  degradation,
  wreck,
  shadow,
  buyers,
  'sample year': sampleYear,
}
