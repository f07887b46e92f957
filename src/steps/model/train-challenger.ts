import type { History } from '../../evaluation/search/history.ts'
import { modelName } from '../../forecasting/model.ts'
import type { Challenger } from '../../registry/challenger.ts'
import type { ValidInputs } from '../data/inputs.ts'
import { type RunOrigin, recorded, searchedOf } from './run.ts'
import { train } from './train.ts'

export type TrainChallengerInput = {
  inputs: ValidInputs
  /** Of the sales of the inputs. */
  history: History
  /** Folder of the challenger. */
  out: string
  origin?: RunOrigin
}

/** Trains the challenger into its folder, and records the run. */
export function trainChallenger(input: TrainChallengerInput): Promise<Challenger> {
  const { inputs, history, out, origin = {} } = input
  const { recipe, fingerprint, lineage } = inputs
  return recorded('train', inputs, origin, async () => {
    const challenger = await train({
      history,
      recipe,
      fingerprint,
      ...(lineage && { lineage }),
      out,
    })
    return {
      result: challenger,
      outcome: { model: modelName(challenger.model), searched: searchedOf(challenger.training) },
    }
  })
}
