import { resolve } from 'node:path'
import { canonicalJson } from '../base/canonical-json.ts'
import { counted } from '../base/wording.ts'
import { fitShard } from '../steps/model/fit-shard.ts'
import { JOBS } from '../steps/model/job-plan.ts'
import type { DataOptions } from './options.ts'
import type { Shell } from './shell.ts'

export async function fitCommand(
  { project, progress, print }: Shell,
  options: Pick<DataOptions, 'json' | 'quiet'> & { shard: number },
): Promise<void> {
  const bar = await progress('fit', options.quiet === true)
  const fitted = await fitShard({
    project,
    jobs: resolve(project, JOBS),
    shard: options.shard,
    onProgress: bar.update,
  }).finally(bar.stop)
  const { shard, of, fits } = fitted
  print(
    options.json
      ? canonicalJson(fitted)
      : `Shard ${shard} of ${of}: ${counted(fits, 'fit')} made. Training and comparing find them.`,
  )
}
