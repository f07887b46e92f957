import * as core from '@actions/core'
import type { Day } from '../day.ts'
import type { UserError } from '../errors.ts'
import { todayIn } from '../project-settings.ts'
import type { Annotation } from '../reporting/annotations.ts'
import { inlineText } from '../reporting/markdown.ts'
import { MOST_SUMMARY_BYTES } from '../reporting/text-length.ts'
import { asUserError } from '../system-errors.ts'
import { type Context, readContext } from './context.ts'
import { type InputValues, type Readers, readInputs, token } from './inputs.ts'

export type Action<R extends Readers> = {
  /** What the action does, as its summary says it: `Train the challenger`. */
  title: string
  inputs: R
}

export type ActionInput<R extends Readers> = Context & {
  inputs: InputValues<R>
  /** The calendar day in the project's time zone. Rejects with a `UserError` where that is none. */
  today(): Promise<Day>
}

export type ActionResult = {
  /** By their names in `action.yml`. What is undefined is set to nothing. */
  outputs: Record<string, string | number | undefined>
  /** Markdown for the page of the run. */
  summary: string
  annotations?: Annotation[]
  /** Where a gate says no: why, as one sentence. The step fails, with its outputs set. */
  refusal?: string
}

/**
 * Runs an action: reads its inputs, does the work, sets the outputs, and leaves annotations and a
 * job summary, on every run. A user's mistake becomes one error with its place and remedy; a bug
 * keeps its stack. In either case, and where a gate says no, the step fails, and its output
 * `problem` says why, for the jobs that report it.
 */
export async function runAction<R extends Readers>(
  { title, inputs }: Action<R>,
  work: (input: ActionInput<R>) => Promise<ActionResult>,
): Promise<void> {
  try {
    for (const [name, reader] of Object.entries(inputs)) {
      if (reader === token && core.getInput(name) !== '') core.setSecret(core.getInput(name))
    }
    const context = await readContext(process.env)
    const values = readInputs(inputs, core.getInput)
    const today = () => todayIn(context.project)
    await finish(await work({ ...context, inputs: values, today }))
  } catch (error) {
    await fail(title, error)
  }
}

async function finish({ outputs, summary, annotations = [], refusal }: ActionResult) {
  for (const [name, value] of Object.entries(outputs)) core.setOutput(name, value ?? '')
  for (const annotation of annotations) annotate(annotation)
  await writeSummary(summary)
  if (refusal === undefined) return
  core.setOutput('problem', refusal)
  core.setFailed(refusal)
}

async function fail(title: string, error: unknown): Promise<void> {
  process.exitCode = 1
  const known = asUserError(error)
  const { problem, annotation } = known ? mistake(title, known) : bug(title, error)
  core.setOutput('problem', problem)
  annotate(annotation)
  await writeSummary(`## ${title}\n\n❌ ${inlineText(problem)}\n`)
}

type Failure = { problem: string; annotation: Annotation }

function mistake(title: string, error: UserError): Failure {
  const { file, line } = error.place
  const message = withoutWorkspace(error.message)
  const place = { ...(file && { file: withoutWorkspace(file) }), ...(line && { line }) }
  return {
    problem: message.replaceAll(/\s*\n\s*/g, ' '),
    annotation: { level: 'error', title, message, ...place },
  }
}

function bug(title: string, error: unknown): Failure {
  const stack = error instanceof Error && error.stack ? error.stack : String(error)
  const [first] = stack.split('\n')
  return {
    problem: `This is a bug of cd4ml, not a mistake of yours: ${first}`,
    annotation: { level: 'error', title, message: `This is a bug of cd4ml.\n${stack}` },
  }
}

function annotate({ level, title, message, file, line }: Annotation): void {
  announce[level](message, { title, ...(file && { file }), ...(line && { startLine: line }) })
}

const announce = { error: core.error, warning: core.warning, notice: core.notice }

// Annotations stand on files as the repository names them.
function withoutWorkspace(text: string): string {
  return text.replaceAll(`${process.env.GITHUB_WORKSPACE}/`, '')
}

async function writeSummary(markdown: string): Promise<void> {
  // Outside of a workflow there is no page to write on.
  if (!process.env.GITHUB_STEP_SUMMARY) return
  await core.summary.addRaw(shownOf(markdown)).addEOL().write()
}

// GitHub shows nothing at all of a summary that is too long.
function shownOf(markdown: string): string {
  const bytes = Buffer.from(markdown)
  if (bytes.length <= MOST_SUMMARY_BYTES) return markdown
  const lines = bytes.subarray(0, bytes.lastIndexOf('\n', MOST_SUMMARY_BYTES)).toString()
  return `${lines}\n\nThe rest is left out here for length.`
}
