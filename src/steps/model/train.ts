import { makeFolder } from '../../base/write-file.ts'
import type { History } from '../../evaluation/search/history.ts'
import { trainAsOf } from '../../evaluation/search/search.ts'
import { modelName } from '../../forecasting/model.ts'
import { type Challenger, writeChallenger } from '../../registry/challenger.ts'
import type { ModelInputs } from '../data/inputs.ts'
import { type RunOrigin, recorded, searchedOf } from './recorded-run.ts'

export type TrainInput = {
  inputs: ModelInputs
  /** Of the sales of the inputs. */
  history: History
  /** Folder of the challenger. */
  out: string
  origin?: RunOrigin
}

/**
 * Searches the recipe, trains what won, leaves it in the folder of the challenger, and records the
 * run.
 */
export function train({ inputs, history, out, origin = {} }: TrainInput): Promise<Challenger> {
  const { recipe, fingerprint, lineage } = inputs
  return recorded('train', inputs, origin, async () => {
    // Where it cannot be made, nobody has to wait for the training to learn it.
    await makeFolder(out)
    const { model, search } = await trainAsOf(history, recipe)
    const training = { fingerprint, ...(lineage && { lineage }), search }
    const challenger = await writeChallenger(out, model, training)
    return {
      result: challenger,
      outcome: { model: modelName(model), searched: searchedOf(challenger.training) },
    }
  })
}
