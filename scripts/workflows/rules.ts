import {
  type Job,
  needsOf,
  type PlacedStep,
  stepsOf,
  type WorkflowFile,
  type WorkflowFiles,
} from './files.ts'
import { type Problem, problem } from './problem.ts'
import { referenceProblems } from './references.ts'
import { storeProblems } from './stores.ts'

/** The workflows that branch protection waits for: each has one check of its own name. */
export const REQUIRED = ['ci', 'experiment', 'promotion']

/**
 * Where the workflows and actions of a repository break our rules: what neither GitHub's parser
 * nor a linter holds, because it is our choice.
 */
export function ruleProblems(files: WorkflowFiles): Problem[] {
  return [
    ...files.workflows.flatMap((workflow) => [
      ...triggers(workflow),
      ...permissions(workflow),
      ...timeouts(workflow),
      ...runners(workflow),
      ...concurrency(workflow),
      ...requiredCheck(workflow),
    ]),
    ...[...files.workflows, ...files.actions].flatMap((file) =>
      stepsOf(file).flatMap((placed) => [...pin(placed), ...credentials(placed), ...shell(placed)]),
    ),
    ...onePinEach(files),
    ...referenceProblems(files),
    ...storeProblems(files),
  ]
}

// These run with the rights of main on what a stranger has sent.
function triggers(workflow: WorkflowFile): Problem[] {
  const { on } = workflow.content
  const events = typeof on === 'string' ? [on] : Array.isArray(on) ? on : Object.keys(on)
  return events
    .filter((event) => event === 'pull_request_target' || event === 'workflow_run')
    .map((event) => problem(workflow, ['on'], `the trigger ${event} is not used`))
}

function permissions(workflow: WorkflowFile): Problem[] {
  const top = workflow.content.permissions
  const closed = typeof top === 'object' && Object.keys(top).length === 0
  return [
    ...(closed
      ? []
      : [problem(workflow, ['permissions'], 'a workflow starts with permissions: {}')]),
    ...Object.entries(workflow.content.jobs).flatMap(([id, { permissions: granted }]) => {
      const keys = ['jobs', id, 'permissions']
      if (typeof granted !== 'object') {
        return [problem(workflow, keys.slice(0, 2), `job ${id} has to name its permissions`)]
      }
      return Object.keys(granted)
        .filter((scope) => workflow.commentOn([...keys, scope]) === '')
        .map((scope) =>
          problem(workflow, [...keys, scope], `job ${id} has to say what it needs ${scope} for`),
        )
    }),
  ]
}

function timeouts(workflow: WorkflowFile): Problem[] {
  return Object.entries(workflow.content.jobs)
    .filter(([, job]) => job.steps && typeof job['timeout-minutes'] !== 'number')
    .map(([id]) => problem(workflow, ['jobs', id], `job ${id} has no timeout-minutes`))
}

const RUNNER = `\${{ vars.CD4ML_RUNNER || 'ubuntu-latest' }}`

// Larger and self-hosted runners: one variable for all jobs, so that none stays behind.
function runners(workflow: WorkflowFile): Problem[] {
  return Object.entries(workflow.content.jobs)
    .filter(([, job]) => job.steps && job['runs-on'] !== RUNNER)
    .map(([id]) => problem(workflow, ['jobs', id], `job ${id} has to have runs-on: ${RUNNER}`))
}

function concurrency(workflow: WorkflowFile): Problem[] {
  const { concurrency: group } = workflow.content
  return typeof group === 'object' && group['cancel-in-progress'] !== undefined
    ? []
    : [
        problem(
          workflow,
          ['concurrency'],
          'a workflow has a concurrency group, and says what becomes of the run in progress',
        ),
      ]
}

// GitHub counts a skipped job as passed, and a check that never reports as pending for good.
function requiredCheck(workflow: WorkflowFile): Problem[] {
  const name = REQUIRED.find((required) => workflow.path.endsWith(`/${required}.yml`))
  if (name === undefined) return []
  const { jobs, on } = workflow.content
  const filtered = typeof on === 'object' && !Array.isArray(on) ? filtersOf(on.pull_request) : []
  const found = Object.entries(jobs).find(([, job]) => checkNames(job).includes(name))
  if (!found) return [problem(workflow, ['jobs'], `no job reports the check ${name}`)]
  const [id, job] = found
  const others = Object.keys(jobs).filter((other) => other !== id)
  const missing = others.filter((other) => !needsOf(job).includes(other))
  const keys = ['jobs', id]
  return [
    ...filtered.map((filter) =>
      problem(workflow, ['on'], `a required check has no ${filter}: it has to report always`),
    ),
    ...missing.map((other) => problem(workflow, keys, `job ${id} does not wait for ${other}`)),
    ...(job.if === (others.length === 0 ? undefined : 'always()')
      ? []
      : [problem(workflow, keys, `job ${id} has to run always`)]),
  ]
}

function filtersOf(event: unknown): string[] {
  if (typeof event !== 'object' || event === null) return []
  return Object.keys(event).filter((key) => key.startsWith('paths'))
}

// The name itself, or the words in quotes of an expression that makes it.
function checkNames({ name = '' }: Job): string[] {
  return name.startsWith('${{')
    ? Array.from(name.matchAll(/'([^']*)'/g), ([, word]) => word)
    : [name]
}

const PINNED = /^[\w.-]+\/[\w./-]+@[0-9a-f]{40}$/

function pin({ file, keys, step: { uses } }: PlacedStep): Problem[] {
  if (uses === undefined || uses.startsWith('./')) return []
  const place = [...keys, 'uses']
  if (!PINNED.test(uses)) {
    return [problem(file, place, `${uses} has to be pinned by the 40 digits of a commit`)]
  }
  return /^v\d+\.\d+\.\d+$/.test(file.commentOn(place))
    ? []
    : [problem(file, place, `${uses} has to name its version in a comment, such as # v1.2.3`)]
}

function credentials({ file, keys, step }: PlacedStep): Problem[] {
  if (!step.uses?.startsWith('actions/checkout@')) return []
  return step.with?.['persist-credentials'] === false
    ? []
    : [problem(file, keys, 'a checkout leaves no token behind: persist-credentials: false')]
}

function shell({ file, keys, step }: PlacedStep): Problem[] {
  return step.run?.includes('${{')
    ? [
        problem(
          file,
          [...keys, 'run'],
          'what an expression gives reaches a shell through env: only, where it cannot become a command',
        ),
      ]
    : []
}

// One version of an action: a pin that is forgotten in one place is the one with the hole.
function onePinEach({ workflows, actions }: WorkflowFiles): Problem[] {
  const seen = new Map<string, string>()
  return [...workflows, ...actions]
    .flatMap(stepsOf)
    .flatMap(({ file, keys, step: { uses = '' } }) => {
      const [, repository, commit] = uses.match(/^([\w.-]+\/[\w.-]+)[^@]*@(.*)$/) ?? []
      if (repository === undefined || commit === undefined) return []
      const first = seen.get(repository) ?? commit
      seen.set(repository, first)
      return first === commit
        ? []
        : [problem(file, keys, `${repository} is pinned to another commit than elsewhere`)]
    })
}
