import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isMap, isNode, LineCounter, parseDocument } from 'yaml'

/** A file under `.github/workflows/`, or the `action.yml` of an action. */
export type SourceFile<Content> = {
  /** Relative to the repository. */
  path: string
  text: string
  content: Content
  /** The line, from 1, at a path of keys and indices, such as `['jobs', 'all']`. */
  lineOf: (keys: Keys) => number
  /** The comment behind the value, on the same line; empty where there is none. */
  commentOn: (keys: Keys) => string
}

export type Keys = (string | number)[]

export type Workflow = {
  on: string | string[] | Record<string, unknown>
  permissions?: Permissions
  concurrency?: Concurrency
  jobs: Record<string, Job>
}

export type Job = {
  name?: string
  if?: string
  needs?: string | string[]
  permissions?: Permissions
  concurrency?: Concurrency
  'runs-on'?: unknown
  'timeout-minutes'?: number
  outputs?: Record<string, string>
  /** Of a job that calls a workflow, in place of steps. */
  uses?: string
  with?: Record<string, unknown>
  steps?: Step[]
}

export type Step = {
  id?: string
  if?: string
  uses?: string
  with?: Record<string, unknown>
  run?: string
}

export type Action = {
  inputs?: Record<string, { required?: boolean; default?: unknown } | null>
  outputs?: Record<string, unknown>
  runs: { using: string; steps?: Step[] }
}

type Permissions = string | Record<string, string>
type Concurrency = string | { group: string; 'cancel-in-progress'?: boolean }

export type WorkflowFile = SourceFile<Workflow>
export type ActionFile = SourceFile<Action>

/** Everything that GitHub reads as a workflow or an action in a repository. */
export type WorkflowFiles = { workflows: WorkflowFile[]; actions: ActionFile[] }

/** Reads the workflows and actions of a repository; throws where one is no YAML. */
export function readWorkflowFiles(repository: string): WorkflowFiles {
  const read = <Content>(pattern: string) =>
    globSync(pattern, { cwd: repository })
      .sort()
      .map((path) => sourceFile<Content>(path, readFileSync(join(repository, path), 'utf8')))
  return {
    workflows: read<Workflow>('.github/workflows/*.{yml,yaml}'),
    actions: read<Action>('{.github/,}actions/*/action.{yml,yaml}'),
  }
}

/**
 * Parses a file. Its shape is for GitHub's own parser to check (`parser.ts`); what it accepts has
 * the fields above. Throws where it is no YAML.
 */
export function sourceFile<Content>(path: string, text: string): SourceFile<Content> {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  if (document.errors.length > 0) throw new Error(`${path}: ${document.errors[0]?.message}`)
  const nodeAt = (keys: Keys) => {
    const node = document.getIn(keys, true)
    return isNode(node) ? node : undefined
  }
  // Where the key stands: what belongs to it may begin lines below.
  const placeOf = (keys: Keys) => {
    const parent = document.getIn(keys.slice(0, -1), true)
    const pair = isMap(parent) && parent.items.find(({ key }) => String(key) === keys.at(-1))
    return pair && isNode(pair.key) ? pair.key : nodeAt(keys)
  }
  return {
    path,
    text,
    content: document.toJS() as Content,
    lineOf: (keys) => lines.linePos(placeOf(keys)?.range?.[0] ?? 0).line,
    commentOn: (keys) => nodeAt(keys)?.comment?.trim() ?? '',
  }
}

/** A step with its place. */
export type PlacedStep = { file: SourceFile<unknown>; keys: Keys; step: Step }

/** Every step of a workflow's jobs, and every workflow that a job calls; or those of an action. */
export function stepsOf(file: WorkflowFile | ActionFile): PlacedStep[] {
  const { content } = file
  const place = (keys: Keys, steps: Step[] = []): PlacedStep[] =>
    steps.map((step, index) => ({ file, keys: [...keys, index], step }))
  if (!('jobs' in content)) return place(['runs', 'steps'], content.runs.steps)
  return Object.entries(content.jobs).flatMap(([id, { steps, uses }]) => [
    ...place(['jobs', id, 'steps'], steps),
    ...(uses === undefined ? [] : [{ file, keys: ['jobs', id], step: { uses } }]),
  ])
}

/** The jobs that a job waits for. */
export function needsOf({ needs = [] }: Job): string[] {
  return typeof needs === 'string' ? [needs] : needs
}
