import { resolve } from 'node:path'
import { gitMaybe } from '../git.ts'
import type { RunRecord } from '../ledger/run-record.ts'
import { writeRun } from '../ledger/run-store.ts'
import type { Training } from '../registry/challenger.ts'
import { renderValidationMarkdown } from '../reporting/validation-report.ts'
import { type Inputs, readInputs } from '../steps/inputs.ts'
import { exitCodeOf } from './exit-code.ts'
import { inputOptions, type ModelOptions } from './options.ts'
import type { Shell } from './shell.ts'

export type ValidInputs = Extract<Inputs, { outcome: 'valid' }>

/**
 * Reads what training and comparing need. Where the data says no, it shows the report, sets exit
 * code 1 and returns nothing.
 */
export async function validInputs(
  shell: Shell,
  options: ModelOptions,
): Promise<ValidInputs | undefined> {
  const bar = shell.progress('validate', options.quiet === true)
  const inputs = await readInputs({
    ...inputOptions(shell, options),
    onProgress: bar.update,
  }).finally(bar.stop)
  if (inputs.outcome === 'valid') return inputs
  shell.say(renderValidationMarkdown(inputs.report))
  process.exitCode = 1
  return undefined
}

/** Leaves the record of a run under `.cd4ml/runs`, whether the work succeeds or fails. */
export async function recorded<T>(
  shell: Shell,
  kind: RunRecord['kind'],
  inputs: ValidInputs,
  work: () => Promise<{ result: T; outcome: Pick<RunRecord, 'searched'> & Partial<RunRecord> }>,
): Promise<T> {
  const started = new Date()
  const record = async (outcome: Pick<RunRecord, 'searched'> & Partial<RunRecord>) => {
    const commit = await gitMaybe(shell.project, ['rev-parse', '--verify', '--quiet', 'HEAD'])
    const branch = await gitMaybe(shell.project, ['symbolic-ref', '--quiet', '--short', 'HEAD'])
    const { recipe, data, asOf } = inputs.fingerprint
    await writeRun(resolve(shell.project, RUNS), {
      format: 'cd4ml-run/1',
      kind,
      startedAt: started.toISOString(),
      seconds: (Date.now() - started.getTime()) / 1000,
      ...(asOf && { asOf }),
      ...(commit && { commit }),
      ...(branch && { branch }),
      recipe,
      data,
      exitCode: 0,
      ...outcome,
    })
  }
  try {
    const { result, outcome } = await work()
    await record(outcome)
    return result
  } catch (error) {
    await record({ searched: [], exitCode: exitCodeOf(error) })
    throw error
  }
}

/** Folder of the run records, in the project. */
export const RUNS = '.cd4ml/runs'

/** What a training's search tried, as a run record holds it. */
export function searchedOf({ search }: Training): RunRecord['searched'] {
  return search.candidates.map((candidate) => ({ ...candidate, origins: search.origins.length }))
}
