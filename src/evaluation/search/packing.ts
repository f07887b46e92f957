import { sum } from '../../base/sum.ts'

/** Work with what it costs, part by part: what two pieces of work have in common is made once. */
export type Costed<Work> = { work: Work; costs: ReadonlyMap<string, number> }

/** The work of one job, and what it costs in all. */
export type Packed<Work> = { work: Work[]; cost: number }

/**
 * Work in at most so many jobs, none of them empty: the largest first, onto the least loaded (Graham
 * 1969, "Bounds on multiprocessing timing anomalies"). Before that, work goes where it costs least
 * because the job makes a part of it already, as long as that leaves the job with no more than its
 * share. Equal work, equal jobs.
 */
export function pack<Work>(items: Costed<Work>[], jobs: number): Packed<Work>[] {
  const share = jointCost(items) / jobs
  const packed = Array.from({ length: jobs }, () => ({
    work: [] as Work[],
    cost: 0,
    made: new Map<string, number>(),
  }))
  const bySize = items.toSorted((a, b) => costOf(b) - costOf(a))
  for (const { work, costs } of bySize) {
    const choices = packed.map((job) => ({ job, added: addedTo(job.made, costs) }))
    const within = choices.filter(({ job, added }) => job.cost + added <= share)
    const { job, added } =
      within.length > 0
        ? least(within, (it) => [it.added, it.job.cost])
        : least(choices, (it) => [it.job.cost + it.added, it.added])
    job.work.push(work)
    job.cost += added
    add(job.made, costs)
  }
  return packed.flatMap(({ work, cost }) => (work.length > 0 ? [{ work, cost }] : []))
}

/** What all of it costs where it is made together. */
export function jointCost(items: Costed<unknown>[]): number {
  const made = new Map<string, number>()
  for (const { costs } of items) add(made, costs)
  return sum([...made.values()])
}

function add(made: Map<string, number>, costs: ReadonlyMap<string, number>): void {
  for (const [part, cost] of costs) made.set(part, Math.max(cost, made.get(part) ?? 0))
}

function costOf({ costs }: Costed<unknown>): number {
  return sum([...costs.values()])
}

function addedTo(made: ReadonlyMap<string, number>, costs: ReadonlyMap<string, number>): number {
  return sum([...costs].map(([part, cost]) => Math.max(0, cost - (made.get(part) ?? 0))))
}

/** The first of those with the least of the first number, then of the second. */
function least<T>(items: T[], of: (item: T) => [number, number]): T {
  return items.reduce((best, item) => {
    const [a, b] = of(item)
    const [c, d] = of(best)
    return a < c || (a === c && b < d) ? item : best
  })
}
