import { join, resolve } from 'node:path'
import { canonicalJson } from '../base/canonical-json.ts'
import { counted } from '../base/wording.ts'
import { inputsIn } from '../steps/data/inputs.ts'
import { dashboard } from '../steps/monitoring/dashboard.ts'
import type { DataOptions } from './options.ts'
import type { Shell } from './shell.ts'

export async function dashboardCommand(
  shell: Shell,
  options: DataOptions & { base?: string; out: string },
): Promise<void> {
  const { project } = shell
  const { base, out } = options
  const bar = await shell.progress('dashboard', options.quiet === true)
  const inputs = inputsIn(project, await shell.today(), options)
  const { outcome, files, bytes, data } = await dashboard(
    {
      options: { ...inputs, onProgress: bar.update },
      at: await shell.now(),
      ...(base !== undefined && { base }),
    },
    { out: resolve(project, out), language: await shell.language() },
  ).finally(bar.stop)
  if (data.areSalesUnusable) {
    shell.say(
      'The sales cannot be used: products are left out, and health is as it was last recorded. npx cd4ml validate says why.',
    )
  }
  const index = join(out, 'index.html')
  if (options.json) {
    shell.print(canonicalJson({ outcome, index, files, bytes }))
    return
  }
  const size = `${counted(files, 'file')}, ${(Math.ceil(bytes / 1e5) / 10).toFixed(1)} MB`
  const what = outcome === 'written' ? 'the dashboard' : 'the dashboard has not changed'
  shell.print(`${index}: ${what}, ${size}.`)
}
