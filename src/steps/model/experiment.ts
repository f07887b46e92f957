import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { UserError } from '../../base/errors.ts'
import { requirePlainFiles } from '../../base/handed-over.ts'
import { readTraining } from '../../registry/challenger.ts'
import type { Experiment } from '../../registry/experiment.ts'
import { readValidation } from '../data/validation-files.ts'
import { readComparison } from './comparison-record.ts'

export type ExperimentFiles = {
  /** Top folder of the project that the files were taken over into. */
  project: string
  /** Folder of the validation report. */
  validation: string
  /** Folder of the challenger. */
  out: string
  /** Why the experiment ended early, as the step that failed says it. */
  problem?: string
}

/**
 * Reads what an experiment has left behind. A file that this code cannot read, because the
 * experiment ran other code, or that is a link or too large, is the problem that it tells.
 */
export async function readExperiment(files: ExperimentFiles): Promise<Experiment> {
  const { project, validation, out, problem } = files
  const found: Experiment = problem === undefined ? {} : { problem }
  try {
    const taken = [join(out, 'training.json'), join(out, 'comparison.json')]
    await requirePlainFiles(project, [join(validation, 'report.json'), ...taken], MOST_BYTES)
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
    const { evaluation, pending } = await readComparison(out, training.model)
    found.evaluation = evaluation
    if (pending) found.pending = pending
    return found
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { ...found, problem: error.message.replaceAll(/\s*\n\s*/g, ' ') }
  }
}

/** Of millions of wrong entries, each would be an error of some 200 bytes. */
const MOST_BYTES = 16 * 1024 ** 2

async function exists(file: string): Promise<boolean> {
  return await access(file).then(
    () => true,
    () => false,
  )
}
