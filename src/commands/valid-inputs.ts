import { renderValidationMarkdown } from '../reporting/validation-markdown.ts'
import { inputsIn, readInputs, type ValidInputs } from '../steps/data/inputs.ts'
import type { DataOptions, ModelOptions } from './options.ts'
import type { Shell } from './shell.ts'

/**
 * Reads what training and comparing need. Where the data says no, it shows the report, sets exit
 * code 1 and returns nothing.
 */
export async function validInputs(
  shell: Shell,
  options: DataOptions & Pick<ModelOptions, 'recipe'>,
): Promise<ValidInputs | undefined> {
  const bar = await shell.progress('validate', options.quiet === true)
  const inputs = await readInputs({
    ...inputsIn(shell.project, await shell.today(), options),
    onProgress: bar.update,
  }).finally(bar.stop)
  if (inputs.outcome === 'valid') return inputs
  shell.say(renderValidationMarkdown(inputs.report, 'en'))
  shell.exitWith(1)
  return undefined
}
