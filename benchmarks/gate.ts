import { fileURLToPath } from 'node:url'
import { type Policy, readPolicy } from '../src/evaluation/gate/policy.ts'
import { campaigns } from './gate/campaigns.ts'
import { guardrails } from './gate/guardrails.ts'
import { orderingCost } from './gate/ordering-cost.ts'
import { refreshes } from './gate/refreshes.ts'
import { verdicts } from './gate/verdicts.ts'

/**
 * The gate as a classifier: how often the shipped policy is right about challengers whose true loss
 * is known, in simulated histories of 100 series. `-- --only campaigns` runs one scenario.
 */
export async function run(options: string[]): Promise<void> {
  const policy = await readPolicy(
    fileURLToPath(new URL('../model-registry/policy.yml', import.meta.url)),
  )
  const only = options.includes('--only') ? options[options.indexOf('--only') + 1] : undefined
  for (const [name, scenario] of Object.entries(scenarios)) {
    if (only !== undefined && name !== only) continue
    console.log(`\n${name}`)
    await scenario(policy)
  }
}

/** One file each, in `gate/`. */
const scenarios: Record<string, (policy: Policy) => Promise<void>> = {
  verdicts,
  campaigns,
  guardrails,
  'ordering cost': orderingCost,
  refreshes,
}
