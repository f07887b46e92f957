import { join, resolve } from 'node:path'
import { canonicalJson } from '../base/canonical-json.ts'
import { modelName } from '../forecasting/model.ts'
import type { Challenger } from '../registry/challenger.ts'
import { alignedColumns } from '../reporting/aligned-columns.ts'
import { train } from '../steps/model/train.ts'
import { projectFits, withHistory } from '../steps/model/with-history.ts'
import type { ModelOptions } from './options.ts'
import type { Shell } from './shell.ts'
import { validInputs } from './valid-inputs.ts'

export async function trainCommand(shell: Shell, options: ModelOptions): Promise<void> {
  const inputs = await validInputs(shell, options)
  if (!inputs) return
  const out = resolve(shell.project, options.out)
  const bar = await shell.progress('train', options.quiet === true)
  const challenger = await withHistory(inputs, (history) => train({ inputs, history, out }), {
    store: projectFits(inputs.project),
    onProgress: bar.update,
  }).finally(bar.stop)
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
      rows: candidates.map((it) => [
        it.name,
        loss(it.loss),
        String(it.origins),
        it.weight === undefined ? '' : `${Math.round(it.weight * 100)}%`,
      ]),
    }),
    `\nThe model is in ${join(out, 'model.json')}.`,
  ].join('')
}
