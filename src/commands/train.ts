import { join, resolve } from 'node:path'
import { canonicalJson } from '../base/canonical-json.ts'
import { counted } from '../base/wording.ts'
import type { SearchedCandidate } from '../evaluation/search/search-result.ts'
import { type Model, modelName } from '../forecasting/model.ts'
import type { Challenger } from '../registry/challenger.ts'
import { alignedColumns } from '../reporting/aligned-columns.ts'
import { importanceTable } from '../reporting/importance-table.ts'
import { train } from '../steps/model/train.ts'
import { projectFits, withHistory } from '../steps/model/with-history.ts'
import type { ModelOptions } from './options.ts'
import type { Shell } from './shell.ts'
import { validInputs } from './valid-inputs.ts'

export async function trainCommand(shell: Shell, options: ModelOptions): Promise<void> {
  const inputs = await validInputs(shell, options)
  if (!inputs) return
  const out = resolve(shell.project, options.out)
  const origin = options.name === undefined ? {} : { name: options.name }
  const bar = await shell.progress('train', options.quiet === true)
  const challenger = await withHistory(
    inputs,
    (history) => train({ inputs, history, out, origin }),
    {
      store: projectFits(inputs.project),
      onProgress: bar.update,
    },
  ).finally(bar.stop)
  shell.print(options.json ? canonicalJson(summary(challenger)) : text(challenger, options.out))
}

function summary({ model, training }: Challenger) {
  const { search, fingerprint } = training
  return {
    model: modelName(model),
    sha256: training.model,
    trainedThrough: model.trainedThrough,
    series: model.series.length,
    search,
    fingerprint,
  }
}

function text({ model, training }: Challenger, out: string): string {
  const { candidates, origins } = training.search
  const loss = (value: number | undefined) => (value === undefined ? '–' : value.toFixed(4))
  return [
    `${modelName(model)}, trained through ${model.trainedThrough} on ${model.series.length} series\n`,
    origins.length === 0
      ? 'The history is too short to judge the candidates: the simplest one is taken.\n\n'
      : `Weighted quantile loss over ${origins.length} origins (${origins.join(', ')}):\n\n`,
    alignedColumns({
      headers: ['Candidate', 'Loss', 'Origins', 'Share'],
      rows: bestFirst(candidates).map((it) => [
        it.name,
        loss(it.loss),
        String(it.origins),
        it.weight === undefined ? '' : `${Math.round(it.weight * 100)}%`,
      ]),
    }),
    ...restText(candidates.length - MOST_CANDIDATES, out),
    ...importanceText(model),
    `\nThe model is in ${join(out, 'model.json')}.`,
  ].join('')
}

const MOST_CANDIDATES = 20

/** All of them in the order of the recipe, or where they are too many, the best. */
function bestFirst(candidates: SearchedCandidate[]): SearchedCandidate[] {
  if (candidates.length <= MOST_CANDIDATES) return candidates
  const loss = (it: SearchedCandidate) => (it.chosen ? -1 : (it.loss ?? Number.POSITIVE_INFINITY))
  return [...candidates].sort((a, b) => loss(a) - loss(b) || 0).slice(0, MOST_CANDIDATES)
}

function restText(left: number, out: string): string[] {
  return left > 0 ? [`${counted(left, 'more candidate')} in ${join(out, 'training.json')}.\n`] : []
}

function importanceText(model: Model): string[] {
  const table = importanceTable(model)
  return table.rows.length > 0 ? [`\nWhat it looks at\n${alignedColumns(table)}`] : []
}
