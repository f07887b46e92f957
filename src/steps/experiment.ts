import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { UserError } from '../errors.ts'
import { readTraining } from '../registry/challenger.ts'
import type { ExperimentOutcome } from '../reporting/experiment-comment.ts'
import { readComparison } from './comparison-record.ts'
import { readValidation } from './validation-files.ts'

/** How far validating, training and comparing came. What is absent did not come about. */
export type Findings = Omit<ExperimentOutcome, 'run'>

export type ExperimentFiles = {
  /** Folder of the validation report. */
  validation: string
  /** Folder of the challenger. */
  out: string
  /** Why the experiment ended early, as the step that failed says it. */
  problem?: string
}

/**
 * Reads what an experiment has left behind. A file that this code cannot read, because the
 * experiment ran other code, is the problem that it tells.
 */
export async function readExperiment(files: ExperimentFiles): Promise<Findings> {
  const { validation, out, problem } = files
  const found: Findings = problem === undefined ? {} : { problem }
  try {
    const report = await readValidation(validation)
    if (!report) return { problem: 'The sales were not validated.', ...found }
    found.validation = report
    if (report.outcome === 'invalid') return found
    if (!(await exists(join(out, 'training.json')))) {
      return { problem: 'No challenger was trained.', ...found }
    }
    const training = await readTraining(out)
    found.search = training.search
    if (!(await exists(join(out, 'comparison.json')))) {
      return { problem: 'The challenger was not compared.', ...found }
    }
    found.evaluation = (await readComparison(out, training.model)).evaluation
    return found
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { ...found, problem: error.message.replaceAll(/\s*\n\s*/g, ' ') }
  }
}

async function exists(file: string): Promise<boolean> {
  return await access(file).then(
    () => true,
    () => false,
  )
}
