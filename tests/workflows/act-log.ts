/** How a job ended. */
export type JobResult = 'success' | 'failure' | 'skipped'

export type Annotation = { level: 'error' | 'warning' | 'notice'; message: string; file?: string }

/** What became of a run of a workflow. */
export type WorkflowRun = {
  result: 'success' | 'failure'
  /** By id of the job; jobs of a called workflow as `caller/id`, those of a matrix as `id (value)`. */
  jobs: Record<string, JobResult>
  /** Of each job, what its steps have set: `step id.name`. */
  outputs: Record<string, Record<string, string>>
  annotations: Annotation[]
  /** Job summaries, in the order in which they were written. */
  summary: string
  /** What the steps printed, and which of them failed, each line with its job. */
  log: string
}

/** Reads what act prints with `--json --verbose`. */
export function readLog(text: string, exitCode: number): WorkflowRun {
  const entries = text.split('\n').filter(Boolean).map(parse)
  const run: WorkflowRun = {
    result: exitCode === 0 ? 'success' : 'failure',
    jobs: {},
    outputs: {},
    annotations: [],
    summary: '',
    log: '',
  }
  for (const entry of entries) {
    const job = jobKey(entry)
    if (entry.jobResult) run.jobs[job] = entry.jobResult
    if (entry.command === 'set-output') {
      run.outputs[job] ??= {}
      run.outputs[job][`${entry.stepID?.[0]}.${entry.name}`] = entry.arg ?? ''
    }
    const level = LEVELS.find((level) => level === entry.command)
    if (level) {
      const file = entry.kvPairs?.file
      run.annotations.push({ level, message: entry.arg ?? '', ...(file && { file }) })
    }
    if (entry.command === 'summary') run.summary += entry.content
    if (entry.raw_output || entry.stepResult === 'failure' || level === 'error') {
      run.log += `${job}: ${entry.msg.trimEnd()}\n`
    }
  }
  return run
}

type Entry = {
  msg: string
  level: string
  /** `Workflow/job`, or `caller/Workflow/job`. */
  job?: string
  jobID?: string
  matrix?: Record<string, unknown>
  jobResult?: JobResult
  stepResult?: JobResult
  /** Whether it is what a step printed. */
  raw_output?: boolean
  command?: string
  stepID?: string[]
  name?: string
  arg?: string
  kvPairs?: Record<string, string>
  content?: string
}

const LEVELS = ['error', 'warning', 'notice'] as const

/** What is printed before there is a job is not always JSON. */
function parse(line: string): Entry {
  return line.startsWith('{') ? JSON.parse(line) : { msg: line, level: 'info' }
}

function jobKey({ job = '', jobID = 'act', matrix = {} }: Entry): string {
  const parts = job.trim().split('/')
  const values = Object.values(matrix)
  const id = values.length > 0 ? `${jobID} (${values.join(', ')})` : jobID
  return parts.length === 3 ? `${parts[0]}/${id}` : id
}
