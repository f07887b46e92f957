import type { PlacedStep, Step, Workflow, WorkflowFile, WorkflowFiles } from './files.ts'
import { stepsOf } from './files.ts'
import { type Problem, problem } from './problem.ts'

/**
 * Where fits that somebody has written would reach a job that trusts them too much. Whoever may write
 * fits may write wrong ones, and no digest tells: so the name of a cache says who has written it, and
 * who may not be mistaken reads none but those of main, or none at all.
 */
export function storeProblems({ workflows, actions }: WorkflowFiles): Problem[] {
  return [
    ...workflows.flatMap((workflow) =>
      stepsOf(workflow).flatMap((placed) => storeProblem(workflow, placed)),
    ),
    ...actions.flatMap(stepsOf).flatMap(hiddenInAction),
  ]
}

/** Fits, and files of other machines: these are held to their hash, but a cache may unpack anything. */
const MAIN = /^(fits|files)-main-/
const BRANCH = /^(fits|files)-branch-/

function storeProblem(workflow: WorkflowFile, { keys, step }: PlacedStep): Problem[] {
  const does = storeStep(step)
  if (!does) return []
  const { content } = workflow
  const wrong = [
    [
      isProof(workflow) && (does.reads || does.writes),
      'what proves a promotion takes over nothing: it fits everything itself',
    ],
    [
      does.names.some((name) => !MAIN.test(name) && !BRANCH.test(name)),
      'a cache is named fits-main-…, files-main-… or …-branch-…: by who may have written it',
    ],
    [does.reads && mayWrite(content, keys), 'a job that may write takes over no fits'],
    [
      does.names.some((name) => BRANCH.test(name)) && leadsToPromotion(workflow),
      'what a branch may have written leads to no promotion',
    ],
    [
      does.writes && does.names.some((name) => MAIN.test(name)) && !isOfMain(content, step),
      `only a run of main writes …-main-…: if: github.ref == 'refs/heads/main', and no pull request`,
    ],
    [
      does.writes && does.names.some((name) => MAIN.test(name)) && runsOthers(content, keys),
      `what writes …-main-… checks out the commit of its run, and no other ref`,
    ],
    [does.ofOtherRuns, 'fits are taken over from jobs of the same run, and from no other'],
  ] as const
  return wrong.flatMap(([is, message]) => (is ? [problem(workflow, keys, message)] : []))
}

/** What a step does with fits that are kept or handed on. */
type StoreStep = { reads: boolean; writes: boolean; names: string[]; ofOtherRuns: boolean }

function storeStep({ uses = '', with: inputs = {} }: Step): StoreStep | undefined {
  // GitHub heeds no case in the names of repositories.
  const [, action] =
    uses.toLowerCase().match(/^[^/]+\/(cache|cache\/restore|cache\/save|download-artifact)@/) ?? []
  if (action === undefined) return undefined
  if (action === 'download-artifact') {
    const ofOtherRuns = 'run-id' in inputs
    return { reads: ofOtherRuns || mayBeFits(inputs), writes: false, names: [], ofOtherRuns }
  }
  const lines = `${inputs.key ?? ''}\n${inputs['restore-keys'] ?? ''}`.split('\n')
  return {
    reads: action !== 'cache/save',
    writes: action !== 'cache/restore',
    names: lines.map((line) => line.trim()).filter(Boolean),
    ofOtherRuns: false,
  }
}

/** Or sales that fits are made of. Only one plain name says which artifact it is. */
function mayBeFits({ name, ...others }: Record<string, unknown>): boolean {
  const isPlain = typeof name === 'string' && /^(?!shard|sales)[a-z-]+$/.test(name)
  return !isPlain || 'pattern' in others || 'artifact-ids' in others
}

function isProof({ path }: WorkflowFile): boolean {
  return path.endsWith('/promotion.yml')
}

function mayWrite({ jobs }: Workflow, [, job]: PlacedStep['keys']): boolean {
  const { permissions = {} } = jobs[job] ?? {}
  return typeof permissions === 'string' || Object.values(permissions).includes('write')
}

function runsOthers({ jobs }: Workflow, [, job]: PlacedStep['keys']): boolean {
  const steps = jobs[job]?.steps ?? []
  return steps.some(
    ({ uses = '', with: inputs = {} }) =>
      /^actions\/checkout@/i.test(uses) && ('ref' in inputs || 'repository' in inputs),
  )
}

function leadsToPromotion(workflow: WorkflowFile): boolean {
  return stepsOf(workflow).some(({ step }) => step.uses === './actions/promote')
}

function isOfMain({ on }: Workflow, step: Step): boolean {
  const events = typeof on === 'string' ? [on] : Array.isArray(on) ? on : Object.keys(on)
  const condition = step.if ?? ''
  const required = condition.split('&&').map((it) => it.trim())
  return (
    required.includes("github.ref == 'refs/heads/main'") &&
    !condition.includes('||') &&
    !events.some((event) => event.startsWith('pull_request'))
  )
}

// Who reads a workflow sees what it takes over.
function hiddenInAction({ file, keys, step }: PlacedStep): Problem[] {
  const does = storeStep(step)
  return does?.reads || does?.writes
    ? [problem(file, keys, 'an action takes over and keeps no fits: its workflow does')]
    : []
}
