import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { canonicalJson } from '../canonical-json.ts'
import type { Day } from '../day.ts'
import { UserError } from '../errors.ts'
import { backtestChampion, backtestRecipe, scoredRows } from '../evaluation/backtest.ts'
import { compare as compareForecasts } from '../evaluation/comparison.ts'
import type { Evaluation } from '../evaluation/evaluation.ts'
import { openHistory } from '../evaluation/history.ts'
import type { Policy } from '../evaluation/policy.ts'
import { modelName } from '../forecasting/family.ts'
import { LEVELS } from '../forecasting/model.ts'
import { modelFrom } from '../forecasting/model-file.ts'
import { baselineRecipe } from '../forecasting/recipe.ts'
import { type Fingerprint, readChallenger, requireFresh } from '../registry/challenger.ts'
import { asParent, type Parent } from '../registry/manifest.ts'
import type { Version } from '../registry/production.ts'
import type { DailyTotals } from '../sales/daily-totals.ts'
import { parseJson } from '../schema.ts'
import { writeWhole } from '../write-file.ts'

export type CompareInput = {
  totals: DailyTotals
  policy: Policy
  /** What is in production; absent where nothing is. */
  production?: Version
  asOf?: Day
  /** Of what there is now; the challenger must have been trained on it. */
  fingerprint: Fingerprint
  /** Folder of the challenger. */
  out: string
  onProgress?: (done: number, total: number) => void
}

/** `comparison.json`: who was compared, so that a promotion can tell whether it still holds. */
export type ComparisonRecord = {
  format: 'cd4ml-comparison/1'
  /** SHA-256 of the challenger's `model.json`. */
  challenger: string
  champion?: Parent
  evaluation: Evaluation
}

/** Backtests challenger, champion and baseline on the same rows, and decides by the policy. */
export async function compare(input: CompareInput): Promise<Evaluation> {
  const { totals, policy, production, asOf, fingerprint, out, onProgress = () => {} } = input
  const { model, training } = await readChallenger(out)
  requireFresh(training, fingerprint)
  const champion = production && asParent(production.manifest)
  const championModel =
    production && modelFrom(contentOf(production, 'model.json'), 'production/model.json')

  const history = openHistory(totals, asOf)
  const { recipe } = model
  const { origins, step = recipe.horizon } = policy
  const rows = scoredRows(history, recipe, { origins, step })
  const total = rows.length * (championModel ? 3 : 2)
  let done = 0
  const onOrigin = () => onProgress(++done, total)
  const evaluation = compareForecasts({
    rows,
    challenger: {
      ...backtestRecipe(history, recipe, rows, onOrigin),
      model: modelName(model),
    },
    ...(championModel && {
      champion: backtestChampion(history, championModel, rows, recipe.frequency, onOrigin),
    }),
    baseline: backtestRecipe(history, baselineRecipe(recipe), rows, onOrigin),
    levels: LEVELS,
    frequency: recipe.frequency,
    horizon: recipe.horizon,
    policy,
    sameModel: champion?.model === training.model,
    seed: recipe.seed,
  })
  const record: ComparisonRecord = {
    format: 'cd4ml-comparison/1',
    challenger: training.model,
    ...(champion && { champion }),
    evaluation,
  }
  await writeWhole(join(out, 'comparison.json'), canonicalJson(record))
  return evaluation
}

/** Throws a `UserError` where the challenger in the folder has not been compared. */
export async function readComparison(out: string, model: string): Promise<ComparisonRecord> {
  const file = join(out, 'comparison.json')
  const remedy = 'Run cd4ml compare, then promote.'
  const text = await readFile(file, 'utf8').catch((cause) => {
    throw new UserError('the challenger has not been compared yet', { file, remedy, cause })
  })
  const record = parseJson(text, file) as ComparisonRecord
  if (record?.format !== 'cd4ml-comparison/1' || record.challenger !== model) {
    throw new UserError('is not a comparison of this challenger', { file, remedy })
  }
  return record
}

function contentOf({ files }: Version, name: string): Uint8Array {
  const bytes = files.get(name)
  if (!bytes) throw new Error(`a version without ${name} was read`)
  return bytes
}
