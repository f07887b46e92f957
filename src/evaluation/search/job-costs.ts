/** What jobs come to. */
export type JobCosts = {
  jobs: number
  /** As GitHub bills them: each job's, a begun minute as a whole. */
  billedMinutes: number
  /** From the start of the first to the end of the last. */
  wallSeconds: number
}

/** What the jobs of a plan took, by what each has measured. */
export type JobsTook = {
  /** In seconds of one core, by estimate. */
  planned: { seconds: number; shards: { seconds: number }[] }
  /** Those that have handed something over: `seconds` of the job, `estimate` of one core. */
  shards: { shard: number; fits: number; estimate: number; seconds: number }[]
  /** Seconds of the jobs before and after those of the shards. */
  first: number
  last: number
  costs: JobCosts
}

/**
 * What fits come to by estimate, in seconds of one core: all of them in one job; and, where they are
 * shared, in jobs between one that plans and one that decides.
 */
export function estimatedCosts(
  seconds: number,
  shards: number[],
): { alone: JobCosts; shared?: JobCosts } {
  const alone = [SET_UP_SECONDS + runnerSeconds(seconds)]
  const own = shards.map((it) => SET_UP_SECONDS + runnerSeconds(it))
  const jobs = [SET_UP_SECONDS, ...own, SET_UP_SECONDS]
  return {
    alone: { jobs: 1, billedMinutes: billedMinutes(alone), wallSeconds: alone[0] },
    ...(shards.length > 0 && {
      shared: {
        jobs: jobs.length,
        billedMinutes: billedMinutes(jobs),
        wallSeconds: 2 * SET_UP_SECONDS + Math.max(...own),
      },
    }),
  }
}

/** Of jobs that took so many seconds each. */
export function billedMinutes(seconds: number[]): number {
  return seconds.reduce((sum, it) => sum + Math.max(1, Math.ceil(it / 60)), 0)
}

/** About how long a runner takes to fit what one core fits in so many seconds. */
export function runnerSeconds(seconds: number): number {
  return seconds / RUNNER_CORES
}

/** The least that GitHub gives a job. */
const RUNNER_CORES = 2

/** Starting, checking out, installing and reading the sales: docs/github.md, "What it costs". */
const SET_UP_SECONDS = 40
