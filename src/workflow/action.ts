import type { Day } from '../base/day.ts'
import { UserError } from '../base/errors.ts'
import type { Language } from '../base/language.ts'
import { languageOf, todayIn } from '../base/project-settings.ts'
import { asUserError } from '../base/system-errors.ts'
import type { Annotation } from '../reporting/annotations.ts'
import { inlineText } from '../reporting/markdown.ts'
import { MOST_SUMMARY_BYTES } from '../reporting/text-length.ts'
import { type Context, readContext } from './context.ts'
import { type InputValues, type Readers, readActionInputs, token } from './inputs.ts'

export type Action<R extends Readers> = {
  /** What the action does, as its summary says it: `Train the challenger`. */
  title: string
  inputs: R
}

export type ActionInput<R extends Readers> = Context & {
  inputs: InputValues<R>
  /** The variables of the step, among them what the workflow gives it of its secrets. */
  environment: NodeJS.ProcessEnv
  /** The calendar day in the project's time zone. Rejects with a `UserError` where that is none. */
  today(): Promise<Day>
  /** Of what is written for people who are no programmers. */
  language(): Promise<Language>
  /**
   * A token that says to `audience` which workflow of which repository asks. Rejects with a
   * `UserError` where the job may not have one.
   */
  idToken(audience: string): Promise<string>
  /** Resolves when somebody asks the job to end; whoever asks for it ends the work. */
  stopped(): Promise<void>
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

/** What tells an action where it is and what its inputs are, and takes what it says. */
export type Runner = {
  /** The variables of a step. */
  environment: NodeJS.ProcessEnv
  /** The text of an input; empty where there is none. */
  input(name: string): string
  /** A token by which GitHub tells another system which workflow asks. Masked. */
  idToken(audience: string): Promise<string>
  /** Resolves when somebody asks the job to end. */
  stopped(): Promise<void>
  /** Never to be shown from now on. */
  mask(secret: string): void
  output(name: string, value: string | number): void
  annotate(annotation: Annotation): void
  /** Markdown for the page of the run. */
  summarise(markdown: string): Promise<void>
  /** The step has failed; with a reason where no annotation says it. */
  fail(reason?: string): void
}

/**
 * An action, to be run by a runner: reads its inputs, does the work, sets the outputs, and leaves
 * annotations and a job summary, on every run. A user's mistake becomes one error with its place and
 * remedy; a bug keeps its stack. In either case, and where a gate says no, the step fails, and its
 * output `problem` says why, for the jobs that report it.
 */
export function actionOf<R extends Readers>(
  { title, inputs }: Action<R>,
  work: (input: ActionInput<R>) => Promise<ActionResult>,
): (runner: Runner) => Promise<void> {
  return async (runner) => {
    try {
      for (const [name, reader] of Object.entries(inputs)) {
        if (reader === token && runner.input(name) !== '') runner.mask(runner.input(name))
      }
      const context = await readContext(runner.environment)
      const values = readActionInputs(inputs, runner.input)
      const today = () => todayIn(context.project)
      const language = () => languageOf(context.project)
      const idToken = (audience: string) => ownToken(runner, audience)
      const { environment, stopped } = runner
      const input = { ...context, inputs: values, environment, today, language, idToken, stopped }
      await finish(runner, await work(input))
    } catch (error) {
      await fail(runner, title, error)
    }
  }
}

async function ownToken(runner: Runner, audience: string): Promise<string> {
  return await runner.idToken(audience).catch((cause) => {
    throw new UserError(`GitHub gives this job no token that says who it is: ${cause.message}`, {
      remedy: 'Add `permissions: id-token: write` to the job in the workflow.',
      cause,
    })
  })
}

async function finish(runner: Runner, result: ActionResult): Promise<void> {
  const { outputs, summary, annotations = [], refusal } = result
  for (const [name, value] of Object.entries(outputs)) runner.output(name, value ?? '')
  for (const annotation of annotations) runner.annotate(annotation)
  await runner.summarise(shownOf(summary))
  if (refusal === undefined) return
  runner.output('problem', refusal)
  runner.fail(refusal)
}

async function fail(runner: Runner, title: string, error: unknown): Promise<void> {
  runner.fail()
  const known = asUserError(error)
  const { problem, annotation } = known
    ? mistake(title, known, runner.environment)
    : bug(title, error)
  runner.output('problem', problem)
  runner.annotate(annotation)
  await runner.summarise(shownOf(`## ${title}\n\n❌ ${inlineText(problem)}\n`))
}

type Failure = { problem: string; annotation: Annotation }

function mistake(title: string, error: UserError, environment: NodeJS.ProcessEnv): Failure {
  const { file, line } = error.place
  // Annotations stand on files as the repository names them.
  const withoutWorkspace = (text: string) => text.replaceAll(`${environment.GITHUB_WORKSPACE}/`, '')
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

// GitHub shows nothing at all of a summary that is too long.
function shownOf(markdown: string): string {
  const bytes = Buffer.from(markdown)
  if (bytes.length <= MOST_SUMMARY_BYTES) return markdown
  const lines = bytes.subarray(0, bytes.lastIndexOf('\n', MOST_SUMMARY_BYTES)).toString()
  return `${lines}\n\nThe rest is left out here for length.`
}
