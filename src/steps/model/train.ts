import { UserError } from '../../base/errors.ts'
import { makeFolder } from '../../base/write-file.ts'
import { trainAsOf } from '../../evaluation/search/search.ts'
import type { Search } from '../../evaluation/search/search-result.ts'
import { type ModelInParts, newIndex } from '../../forecasting/model-in-parts.ts'
import { recipeOfPart } from '../../forecasting/recipe.ts'
import {
  outlineOf,
  removeParts,
  type Trained,
  type TrainingRecord,
  writeChallenger,
  writeIndex,
  writePart,
} from '../../registry/challenger.ts'
import type { ModelInputs } from '../data/inputs.ts'
import type { SalesInParts } from '../data/sales-in-parts.ts'
import { mergedSearch } from './merged-search.ts'
import { type RunOrigin, recorded, searchedOf } from './recorded-run.ts'
import type { Histories } from './with-history.ts'

export type TrainInput = {
  inputs: ModelInputs
  /** Of the sales of the inputs. */
  histories: Histories
  /** Folder of the challenger. */
  out: string
  origin?: RunOrigin
}

/**
 * Searches the recipe, trains what won, leaves it in the folder of the challenger, and records the
 * run. Of a recipe in parts every part is searched and trained by itself, on its own sales.
 */
export function train({ inputs, histories, out, origin = {} }: TrainInput): Promise<Trained> {
  return recorded('train', inputs, origin, async () => {
    // Where it cannot be made, nobody has to wait for the training to learn it.
    await makeFolder(out)
    const trained = await makeChallenger(inputs, histories, out)
    return {
      result: trained,
      outcome: { model: outlineOf(trained).name, searched: searchedOf(trained.training) },
    }
  })
}

/** Trains into the folder of the challenger. */
export async function makeChallenger(
  inputs: ModelInputs,
  histories: Histories,
  out: string,
): Promise<Trained> {
  const { recipe, fingerprint, lineage, parts } = inputs
  const of = { fingerprint, ...(lineage && { lineage }) }
  if (parts) return { kind: 'parts', ...(await trainParts(inputs, parts, histories, out, of)) }
  const { model, search } = await histories.whole(({ history }) => trainAsOf(history, recipe))
  return { kind: 'whole', ...(await writeChallenger(out, model, { ...of, search })) }
}

async function trainParts(
  { recipe }: ModelInputs,
  { names }: SalesInParts,
  histories: Histories,
  out: string,
  of: Pick<TrainingRecord, 'fingerprint' | 'lineage'>,
) {
  await removeParts(out)
  const parts: ModelInParts['parts'] = []
  const untrained: { name: string; why: string }[] = []
  const searches: Search[] = []
  const ends: string[] = []
  let problem: UserError | undefined
  for (const name of names) {
    try {
      const { model, search } = await histories.part(name, ({ history }) =>
        trainAsOf(history, recipeOfPart(recipe)),
      )
      parts.push(await writePart(out, name, model))
      searches.push(search)
      ends.push(model.trainedThrough)
    } catch (error) {
      // A store that opened yesterday, or a category of three rare sales, is no reason to stop.
      if (!(error instanceof UserError)) throw error
      problem ??= error
      untrained.push({ name, why: error.what })
    }
  }
  const trainedThrough = ends.sort().at(-1)
  if (trainedThrough === undefined) {
    throw problem ?? new UserError('there are no sales to train parts on')
  }
  const index = newIndex(recipe, { parts, untrained }, trainedThrough)
  return await writeIndex(out, index, { ...of, search: mergedSearch(searches) })
}
