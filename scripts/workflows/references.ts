import {
  type ActionFile,
  type Job,
  type Keys,
  needsOf,
  type PlacedStep,
  stepsOf,
  type WorkflowFile,
  type WorkflowFiles,
} from './files.ts'
import { type Problem, problem } from './problem.ts'

/**
 * Where workflows name what is not there: a local action or workflow, an input that it does not
 * have or has to be given, an output of a step or a job, a job that is not waited for. GitHub
 * takes most of these for an empty text and goes on.
 */
export function referenceProblems(files: WorkflowFiles): Problem[] {
  return [
    ...[...files.workflows, ...files.actions].flatMap((file) =>
      stepsOf(file).flatMap((placed) => inputProblems(files, placed)),
    ),
    ...files.workflows.flatMap((workflow) =>
      Object.keys(workflow.content.jobs).flatMap((id) => [
        ...calledWorkflow(files, workflow, id),
        ...outputProblems(files, workflow, id),
      ]),
    ),
  ]
}

function inputProblems({ actions }: WorkflowFiles, { file, keys, step }: PlacedStep): Problem[] {
  const { uses = '', with: given = {} } = step
  if (!uses.startsWith('./') || uses.endsWith('.yml')) return []
  const action = localAction(actions, uses)
  if (!action) return [problem(file, [...keys, 'uses'], `there is no ${uses.slice(2)}/action.yml`)]
  const inputs = Object.entries(action.content.inputs ?? {})
  const unknown = Object.keys(given).filter((name) => !inputs.some(([input]) => input === name))
  const missing = inputs
    .filter(([name, input]) => input?.required && input.default === undefined && !(name in given))
    .map(([name]) => name)
  return [
    ...unknown.map((name) =>
      problem(file, [...keys, 'with', name], `${uses} has no input ${name}`),
    ),
    ...missing.map((name) => problem(file, keys, `${uses} has to be given ${name}`)),
  ]
}

// A called workflow gets no more than its caller has: a grant that is missing fails the whole run.
function calledWorkflow({ workflows }: WorkflowFiles, caller: WorkflowFile, id: string): Problem[] {
  const { uses, permissions } = jobOf(caller, id)
  if (!uses?.startsWith('./')) return []
  const keys = ['jobs', id]
  const called = workflows.find(({ path }) => path === uses.slice(2))
  if (!called) return [problem(caller, keys, `there is no ${uses.slice(2)}`)]
  const { on, jobs } = called.content
  if (typeof on !== 'object' || !('workflow_call' in on)) {
    return [problem(caller, keys, `${uses} cannot be called: it has no workflow_call`)]
  }
  const granted = grants(permissions)
  return Object.values(jobs)
    .flatMap((job) => Object.entries(grants(job.permissions)))
    .filter(([scope, level]) => LEVELS.indexOf(granted[scope] ?? 'none') < LEVELS.indexOf(level))
    .map(([scope, level]) => problem(caller, keys, `${uses} needs ${scope}: ${level}`))
}

const LEVELS = ['none', 'read', 'write']

function grants(permissions: Job['permissions']): Record<string, string> {
  return typeof permissions === 'object' ? permissions : {}
}

function outputProblems(files: WorkflowFiles, workflow: WorkflowFile, id: string): Problem[] {
  const job = jobOf(workflow, id)
  const keys: Keys = ['jobs', id]
  return Array.from(
    JSON.stringify(job).matchAll(/\b(steps|needs)\.([\w-]+)\.(outputs\.([\w-]+)|\w+)/g),
    ([reference, kind, name = '', property, output]) => {
      const message =
        kind === 'steps'
          ? stepOutputProblem(files, job, name, output)
          : jobOutputProblem(workflow, job, name, output)
      return message === undefined || property === undefined
        ? []
        : [problem(workflow, keys, `${reference}: ${message}`)]
    },
  ).flat()
}

function stepOutputProblem(
  { actions }: WorkflowFiles,
  job: Job,
  id: string,
  output: string | undefined,
): string | undefined {
  const step = job.steps?.find((one) => one.id === id)
  if (!step) return `the job has no step ${id}`
  if (output === undefined) return undefined
  if (step.run !== undefined) {
    return step.run.includes(`${output}=`) ? undefined : `the step does not set ${output}`
  }
  const action = localAction(actions, step.uses ?? '')
  return action && !(output in (action.content.outputs ?? {}))
    ? `${step.uses} has no output ${output}`
    : undefined
}

function jobOutputProblem(
  workflow: WorkflowFile,
  job: Job,
  id: string,
  output: string | undefined,
): string | undefined {
  if (!needsOf(job).includes(id)) return `the job does not wait for ${id}`
  if (output === undefined) return undefined
  const { outputs = {} } = jobOf(workflow, id)
  return output in outputs ? undefined : `job ${id} has no output ${output}`
}

function localAction(actions: ActionFile[], uses: string): ActionFile | undefined {
  return actions.find(({ path }) => path === `${uses.slice(2)}/action.yml`)
}

function jobOf(workflow: WorkflowFile, id: string): Job {
  return workflow.content.jobs[id] ?? {}
}
