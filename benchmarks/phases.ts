/** What of a V8 CPU profile (`--cpu-prof`) is read. */
export type CpuProfile = {
  nodes: { id: number; callFrame: CallFrame; children?: number[] }[]
  samples: number[]
  /** Microseconds from one sample to the next. */
  timeDeltas: number[]
}

type CallFrame = { functionName: string; url: string }

/**
 * Seconds of all threads by phase of the pipeline, the longest first. A sample counts for the
 * innermost phase that it is in; within a fit, for the family that is fitted.
 */
export function secondsByPhase(profiles: CpuProfile[]): [phase: string, seconds: number][] {
  const seconds = new Map<string, number>()
  for (const { nodes, samples, timeDeltas } of profiles) {
    const byId = new Map(nodes.map((node) => [node.id, node]))
    const phaseOf = new Map<number, string>()
    const visit = (id: number, outer: string) => {
      const { callFrame, children = [] } = byId.get(id)!
      const phase = phaseIn(outer, callFrame)
      phaseOf.set(id, phase)
      for (const child of children) visit(child, phase)
    }
    visit(nodes[0].id, OTHER)
    samples.forEach((id, index) => {
      const phase = phaseOf.get(id) ?? OTHER
      if (phase === IDLE) return
      seconds.set(phase, (seconds.get(phase) ?? 0) + timeDeltas[index] / 1e6)
    })
  }
  return [...seconds].sort(([, a], [, b]) => b - a)
}

const IDLE = 'idle'
const FITTING = 'fitting'
const OTHER = 'start, git and the rest'

/** Beside the families in their folder. */
const SHARED = ['family', 'families']

/** Files and functions that begin a phase. */
const PHASES: [file: RegExp, functionName: RegExp, phase: string][] = [
  [/src\/(sales|steps\/data)/, /./, 'reading and checking'],
  [/csv-parse/, /./, 'reading and checking'],
  [/demand\/panel/, /^buildPanel$/, 'panels'],
  [/evaluation\/search\/judging/, /./, 'judging candidates'],
  [/evaluation\/search\/search\.ts/, /./, 'blending and calibrating'],
  [/evaluation\/backtest/, /./, 'forecasting and rows'],
  [/evaluation\/scoring\/ordering-simulation/, /./, 'simulating orders'],
  [/evaluation\/gate/, /./, 'comparing'],
  [/src\/(reporting|registry|ledger)/, /./, 'reports and records'],
]

function phaseIn(outer: string, { functionName, url }: CallFrame): string {
  if (functionName === '(idle)') return IDLE
  if (functionName === '(garbage collector)') return 'collecting garbage'
  if (functionName === 'fitTask') return FITTING
  if (outer.startsWith(FITTING)) {
    const family = /forecasting\/families\/([a-z-]+)\.ts$/.exec(url)?.[1]
    return outer === FITTING && family && !SHARED.includes(family) ? `${FITTING} ${family}` : outer
  }
  const begun = PHASES.find(([file, name]) => file.test(url) && name.test(functionName))
  return begun ? begun[2] : outer
}
