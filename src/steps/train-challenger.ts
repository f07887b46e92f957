import { modelName } from '../forecasting/family.ts'
import type { Challenger } from '../registry/challenger.ts'
import type { ValidInputs } from './inputs.ts'
import { type RunOrigin, recorded, searchedOf } from './run.ts'
import { train } from './train.ts'

/** Trains the challenger into the folder `out`, and records the run. */
export function trainChallenger(
  inputs: ValidInputs,
  out: string,
  origin: RunOrigin = {},
): Promise<Challenger> {
  const { totals, recipe, asOf, fingerprint, lineage } = inputs
  return recorded('train', inputs, origin, async () => {
    const challenger = await train({
      totals,
      recipe,
      ...(asOf !== undefined && { asOf }),
      fingerprint,
      ...(lineage.state === 'committed' && { lineage: lineage.lineage }),
      out,
    })
    return {
      result: challenger,
      outcome: { model: modelName(challenger.model), searched: searchedOf(challenger.training) },
    }
  })
}
