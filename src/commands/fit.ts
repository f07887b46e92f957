import { resolve } from 'node:path'
import { canonicalJson } from '../base/canonical-json.ts'
import { counted } from '../base/wording.ts'
import { fitShard } from '../steps/model/fit-shard.ts'
import { JOB_PLAN } from '../steps/model/job-plan.ts'
import type { DataOptions, ModelOptions } from './options.ts'
import type { Shell } from './shell.ts'
import { validInputs } from './valid-inputs.ts'

type Options = DataOptions & Pick<ModelOptions, 'recipe'> & { shard: number }

export async function fitCommand(shell: Shell, options: Options): Promise<void> {
  const inputs = await validInputs(shell, options)
  if (!inputs) return
  const bar = await shell.progress('fit', options.quiet === true)
  const fitted = await fitShard({
    inputs,
    plan: resolve(shell.project, JOB_PLAN),
    shard: options.shard,
    onProgress: bar.update,
  }).finally(bar.stop)
  const { shard, of, fits } = fitted
  shell.print(
    options.json
      ? canonicalJson(fitted)
      : `Shard ${shard} of ${of}: ${counted(fits, 'fit')} made. Training and comparing find them.`,
  )
}
