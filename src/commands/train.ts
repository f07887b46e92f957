import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { canonicalJson } from '../canonical-json.ts'
import { modelName } from '../forecasting/family.ts'
import type { Challenger } from '../registry/challenger.ts'
import { alignedColumns } from '../reporting/aligned-columns.ts'
import { train } from '../steps/train.ts'
import { type ModelOptions, withModelOptions } from './options.ts'
import type { Shell } from './shell.ts'
import { recorded, searchedOf, type ValidInputs, validInputs } from './work.ts'

export function addTrain(program: Command, shell: Shell): void {
  withModelOptions(program.command('train'))
    .description('search the recipe and train the challenger')
    .action(async (options: ModelOptions) => {
      const inputs = await validInputs(shell, options)
      if (!inputs) return
      const challenger = await trainChallenger(shell, inputs, options)
      shell.print(options.json ? canonicalJson(summary(challenger)) : text(challenger, options.out))
    })
}

/** Trains, and records the run. */
export function trainChallenger(
  shell: Shell,
  inputs: ValidInputs,
  { asOf, out }: ModelOptions,
): Promise<Challenger> {
  const { totals, recipe, fingerprint, lineage } = inputs
  return recorded(shell, 'train', inputs, async () => {
    const challenger = await train({
      totals,
      recipe,
      ...(asOf !== undefined && { asOf }),
      fingerprint,
      ...(lineage.state === 'committed' && { lineage: lineage.lineage }),
      out: resolve(shell.project, out),
    })
    return {
      result: challenger,
      outcome: { model: modelName(challenger.model), searched: searchedOf(challenger.training) },
    }
  })
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
    `Weighted quantile loss over ${origins.length} origins (${origins.join(', ')}):\n\n`,
    alignedColumns({
      headers: ['Candidate', 'Loss', ''],
      rows: candidates.map((it) => [it.name, loss(it.loss), it.chosen ? 'chosen' : '']),
    }),
    `\nThe model is in ${join(out, 'model.json')}.`,
  ].join('')
}
