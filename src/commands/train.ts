import { join, resolve } from 'node:path'
import { canonicalJson } from '../base/canonical-json.ts'
import { firstOf } from '../base/first-of.ts'
import { counted } from '../base/wording.ts'
import type { SearchedCandidate } from '../evaluation/search/search-result.ts'
import type { Model } from '../forecasting/model.ts'
import type { ModelInParts } from '../forecasting/model-in-parts.ts'
import { outlineOf, type Trained } from '../registry/challenger.ts'
import { alignedColumns, terminalText } from '../reporting/aligned-columns.ts'
import { importanceTable } from '../reporting/importance-table.ts'
import { train } from '../steps/model/train.ts'
import { projectFits, withHistories } from '../steps/model/with-history.ts'
import type { ModelOptions } from './options.ts'
import type { Shell } from './shell.ts'
import { validInputs } from './valid-inputs.ts'

export async function trainCommand(shell: Shell, options: ModelOptions): Promise<void> {
  const inputs = await validInputs(shell, options)
  if (!inputs) return
  const out = resolve(shell.project, options.out)
  const origin = options.name === undefined ? {} : { name: options.name }
  const bar = await shell.progress('train', options.quiet === true)
  const trained = await withHistories(
    inputs,
    (histories) => train({ inputs, histories, out, origin }),
    {
      store: projectFits(inputs.project),
      onProgress: bar.update,
    },
  ).finally(bar.stop)
  shell.print(options.json ? canonicalJson(summary(trained)) : text(trained, options.out))
}

function summary(trained: Trained) {
  const { name, series, trainedThrough } = outlineOf(trained)
  const { model: sha256, search, fingerprint } = trained.training
  const index = trained.kind === 'parts' ? trained.parts.index : undefined
  return {
    model: name,
    sha256,
    trainedThrough,
    series,
    search,
    fingerprint,
    ...(index && { parts: index.parts }),
    ...(index?.untrained && { untrained: index.untrained }),
  }
}

function text(trained: Trained, out: string): string {
  const { name, series, trainedThrough } = outlineOf(trained)
  const { candidates, origins } = trained.training.search
  const loss = (value: number | undefined) => (value === undefined ? '–' : value.toFixed(4))
  return [
    `${name}, trained through ${trainedThrough} on ${series} series\n`,
    ...(trained.kind === 'parts' ? [untrainedText(trained.parts.index)] : []),
    origins.length === 0
      ? 'The history is too short to judge the candidates: the simplest one is taken.\n\n'
      : trained.kind === 'parts'
        ? `Searched for each part over ${origins.length} origins (${firstOf(origins)}); what is chosen, by its mean share of a part:\n\n`
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
    ...(trained.kind === 'whole' ? importanceText(trained.model) : []),
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

/** The parts that no model could be trained on. */
function untrainedText({ untrained = [] }: ModelInParts): string {
  const shown = untrained.slice(0, MOST_CANDIDATES).map(({ name, why }) => {
    return terminalText(`No model of ${JSON.stringify(name)} alone: ${why}`, 300)
  })
  const left = untrained.length - shown.length
  return [...shown, ...(left > 0 ? [`and of ${counted(left, 'more part')}`] : [])]
    .map((line) => `${line}\n`)
    .join('')
}

function importanceText(model: Model): string[] {
  const table = importanceTable(model)
  return table.rows.length > 0 ? [`\nWhat it looks at\n${alignedColumns(table)}`] : []
}
